"""Hours as people type them: "09:00-12:00, 13:00-17:30"."""

import re
from itertools import pairwise

from django.utils.translation import gettext as _

from support.catalogue.calendars import Window

TYPED = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*[-–]\s*([0-9]{1,2}):([0-9]{2})", re.ASCII)


class Unreadable(ValueError):
    """Carries one sentence for the person who typed it."""


def windows(text: str) -> tuple[Window, ...]:
    """In order, none for an empty text; Unreadable for what is no window, is empty, or overlaps another."""
    found = sorted((_window(part.strip()) for part in text.split(",") if part.strip()), key=str)
    for first, second in pairwise(found):
        if second.opens < first.closes:
            said = {"second": second, "first": first}
            raise Unreadable(_("%(second)s begins before %(first)s has ended.") % said)
    return tuple(found)


def typed(found: tuple[Window, ...]) -> str:
    return ", ".join(map(str, found))


def _window(text: str) -> Window:
    match = TYPED.fullmatch(text)
    if match is None:
        raise Unreadable(_("“%(text)s” is no hours: write them like 09:00-17:30.") % {"text": text[:40]})
    opens, closes = f"{match[1]:0>2}:{match[2]}", f"{match[3]:0>2}:{match[4]}"
    for time in (opens, closes):
        if time > "24:00" or time[3:] > "59" or (time == "24:00" and time is opens):
            raise Unreadable(_("There is no %(time)s on a clock: a day ends at 24:00.") % {"time": time})
    if opens >= closes:
        said = {"text": f"{opens}-{closes}"}
        raise Unreadable(_("%(text)s ends before it begins: split it at midnight, at 24:00.") % said)
    return Window(opens, closes)
