"""Where the two database roles are set up, and what the guards' fingerprint is."""

from pathlib import Path

from django.db import connections

HERE = Path(__file__).parent
FACTS = HERE / "guards.txt"  # every guard of the database, one fact a line: the fingerprint in the repository


def set_up(alias: str = "default") -> None:
    """Make the role that serves, and its default privileges. Idempotent; as the owner, before the first table."""
    with connections[alias].cursor() as cursor:
        cursor.execute((HERE / "roles.sql").read_text())


def guards(alias: str = "default") -> str:
    """Every function, trigger, constraint and right that guards, one fact a line, the same on PostgreSQL 15 to 18."""
    with connections[alias].cursor() as cursor:
        cursor.execute((HERE / "fingerprint.sql").read_text())
        _hash, _count, facts = cursor.fetchone()
    return facts + "\n"
