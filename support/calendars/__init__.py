"""Calendars as managers keep them: what a version says, what another would change, and moving open tickets to it."""
