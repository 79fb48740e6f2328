"""Service definitions and their calendars, read from TOML as values. No Django, no database, no reading of the time."""
