"""Deadlines as pure arithmetic: calendars, and clocks folded from a ticket's events. No Django, no database, no reading of the time."""
