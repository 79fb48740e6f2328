"""The words for clocks, calendars, waits and holidays, for people on both sides of the desk."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from support import saying
from support.catalogue.calendars import Calendar, Weekday, Window
from support.clocks.terms import ClockKind, WaitReason
from support.explaining.background import Background
from support.models.waits import REASONS

KINDS = {
    ClockKind.RESPONSE: gettext_lazy("First response"),
    ClockKind.TROUBLESHOOT: gettext_lazy("Troubleshooting"),
    ClockKind.UPDATE: gettext_lazy("Progress update"),
    ClockKind.CUSTOMER_UPDATE: gettext_lazy("Customer’s update"),
    ClockKind.CUSTOMER_ANSWER: gettext_lazy("Customer’s answer"),
    ClockKind.FIX: gettext_lazy("Fix"),
    ClockKind.COMMITTED: gettext_lazy("Committed time"),
    ClockKind.VENDOR_RESPONSE: gettext_lazy("Vendor’s response"),
    ClockKind.DISPATCH: gettext_lazy("Vendor on site"),
}
REPEATED = {ClockKind.UPDATE, ClockKind.CUSTOMER_UPDATE}
DAYS = {
    Weekday.MONDAY: gettext_lazy("Mon"),
    Weekday.TUESDAY: gettext_lazy("Tue"),
    Weekday.WEDNESDAY: gettext_lazy("Wed"),
    Weekday.THURSDAY: gettext_lazy("Thu"),
    Weekday.FRIDAY: gettext_lazy("Fri"),
    Weekday.SATURDAY: gettext_lazy("Sat"),
    Weekday.SUNDAY: gettext_lazy("Sun"),
}


def calendar_in_words(calendar: Calendar) -> str:
    """ "UK business hours, Mon to Fri 09:00 to 17:30 London"."""
    days = [(calendar.hours.get(day, ()), f"{DAYS[day]}") for day in Weekday]
    runs = [
        (windows, [day for _windows, day in run]) for windows, run in groupby(days, key=lambda pair: pair[0])
    ]
    return _("%(name)s, %(hours)s %(city)s") % {
        "name": calendar.name,
        "hours": "; ".join(_open(run, windows) for windows, run in runs if windows),
        "city": saying.zone_name(calendar.zone),
    }


def awaited(piece: Mapping, known: Background) -> str:
    """Whom a segment waited for, and for what where somebody wrote it down."""
    found: dict[
        str, list[str]
    ] = {}  # of each reason what was written down: an offer and its ticket wait alike
    for wait, reason in piece["waits"]:
        texts = found.setdefault(f"{dict(REASONS)[WaitReason(reason)]}", [])
        if text := known.awaited.get(wait, ""):
            texts.append(text)
    return saying.listed(
        [
            f"{whom} ({saying.listed(list(dict.fromkeys(texts)))})" if texts else whom
            for whom, texts in found.items()
        ]
    )


def holiday(day: str, name: str) -> str:
    """ "Good Friday, Fri 3 Apr"."""
    on = date_format(date.fromisoformat(day), "D j M")
    return f"{name}, {on}" if name else on


def _open(days: list[str], windows: tuple[Window, ...]) -> str:
    between = _("%(begin)s to %(end)s")
    when = between % {"begin": days[0], "end": days[-1]} if len(days) > 1 else days[0]
    return f"{when} {saying.listed([between % {'begin': w.opens, 'end': w.closes} for w in windows])}"
