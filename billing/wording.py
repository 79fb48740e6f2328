"""How times and amounts of time are written in offers and mail."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from support import saying

NAMED = 8  # people in a sentence; the others are counted


def span(minutes: int) -> str:
    """ "6 hours", "1 hour 30 minutes"."""
    hours, rest = divmod(minutes, 60)
    words = []
    if hours:
        words.append(ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours})
    if rest or not hours:
        words.append(ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest})
    return " ".join(words)


def when(at: datetime, zone: str) -> str:
    """ "Wed 25 Nov 2026, 17:00 (Europe/London)": the zone is named, for mail is read anywhere."""
    instant = saying.formatted(at.astimezone(ZoneInfo(zone)), "D j M Y, H:i")
    return _("%(instant)s (%(zone)s)") % {"instant": instant, "zone": zone}


def day(at: datetime, zone: str) -> str:
    """ "25 Nov 2026"."""
    return dateformat.format(at.astimezone(ZoneInfo(zone)), "j M Y")


def people(names: Iterable[str]) -> str:
    """Each once, in their order: "Ana, Max"."""
    once = list(dict.fromkeys(names))
    said, more = ", ".join(once[:NAMED]), len(once) - NAMED
    return _("%(names)s and %(more)d more") % {"names": said, "more": more} if more > 0 else said


def lines(text: str) -> list[str]:
    """What was written one line each."""
    return [line.strip() for line in text.splitlines() if line.strip()]
