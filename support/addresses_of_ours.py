"""Which addresses are the desk's: no contact of a customer has one."""

from email.utils import parseaddr

from django.conf import settings
from django.db import connection


def is_of_the_desk(address: str) -> bool:
    """Whether somebody of the staff signs in with this address, "max+a@" being max; the database's own answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT is_of_the_desk(%s)", [address])
        return cursor.fetchone()[0]


def is_of_our_domain(address: str) -> bool:
    """Whether it lies in the domain that the desk writes from, or below it."""
    desk = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    ours, theirs = (each.rpartition("@")[2].lower() for each in (desk, address))
    return f".{theirs}".endswith(f".{ours}")
