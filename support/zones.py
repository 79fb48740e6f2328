"""The time zones that everybody here knows: Python, PostgreSQL and the person who chooses one."""

import zoneinfo

# Places of the IANA database, and UTC: not the files beside them, such as localtime, of which PostgreSQL knows nothing.
ZONES = frozenset(zone for zone in zoneinfo.available_timezones() if "/" in zone or zone == "UTC")
