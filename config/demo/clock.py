"""The demo's clock: the database believes it is whenever the story says."""

from datetime import UTC, datetime

from django.db import connection


def set_to(at: datetime) -> datetime:
    """Make countersign_now() say `at` on this connection, which only a marked database believes."""
    connection.simulated_now = at.astimezone(UTC).isoformat()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('countersign.now', %s, false)", [connection.simulated_now])
    return at


def back_to_real() -> None:
    connection.simulated_now = ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('countersign.now', '', false)")
