"""Amounts of time and instants in the words of the desk: "27 h 05", "Tue 24 Nov 14:40"."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def span(minutes: float) -> str:
    """ "38 min", "2 h", "27 h 05", "3 d 4 h": whole minutes, rounded down, days from 72 hours on."""
    whole = int(abs(minutes))
    if whole < 60:
        return _("%(minutes)s min") % {"minutes": whole}
    hours, rest = divmod(whole, 60)
    if hours < 72:
        return f"{hours} h {rest:02}" if rest else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def instant(at: datetime, now: datetime) -> str:
    """An instant in the reader's zone: "14:40" today, "Tue 24 Nov 14:40" this year, with the year otherwise."""
    local, today = timezone.localtime(at), timezone.localtime(now)
    if local.date() == today.date():
        return date_format(local, "H:i")
    return date_format(local, "D j M H:i" if local.year == today.year else "D j M Y H:i")


def day(at: datetime, now: datetime) -> str:
    """A day as the head of a timeline: "Thursday 19 November"."""
    local = timezone.localtime(at)
    return date_format(local, "l j F" if local.year == timezone.localtime(now).year else "l j F Y")
