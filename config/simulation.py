"""Whether this database is a simulation, and the refusal to serve production from one."""

import time

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from config.env import PRODUCTION

_known: dict[str, tuple[float, str]] = {}
_LASTS = 20  # seconds that an answer is good for: pages ask on every request


def why() -> str:
    """Why the database is marked as a simulation; empty when it is not."""
    name = connection.settings_dict["NAME"]
    asked, answer = _known.get(name, (0.0, ""))
    if not asked or time.monotonic() - asked > _LASTS:
        with connection.cursor() as cursor:
            cursor.execute("SELECT why FROM simulation")
            row = cursor.fetchone()
        answer = row[0] if row else ""
        _known[name] = (time.monotonic(), answer)
    return answer


def mark(reason: str) -> None:
    """Mark the database, as its owner. There is no way back but a new database."""
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO simulation (why) VALUES (%s)", [reason])
    _known.clear()


def refuse_in_production() -> None:
    """Raise when production would serve from a marked database, whose clock can be set."""
    if PRODUCTION and why():
        raise ImproperlyConfigured(
            "Production does not serve from a simulation database: its clock can be set, so its approvals prove "
            "nothing. Name the real one in DATABASE_URL."
        )
