"""The manager's morning: what waits for somebody, one module for each source of it."""
