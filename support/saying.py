"""How instants, periods and amounts of time are said to a person, in his zone and language."""

from datetime import datetime, tzinfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import ngettext

from support.clocks.terms import Base
from support.wording import gettext as _
from support.wording import per_language


def duration(minutes: float) -> str:
    """ "18 min", "7 h 50", "8 h"; "0" for none, and what is less than a minute says so."""
    if 0 < minutes < 1:
        return _("less than 1 min")
    hours, rest = divmod(round(minutes), 60)
    if hours and rest:
        return _("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": rest}
    if hours:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(minutes)d min") % {"minutes": rest} if rest else "0"


def age(minutes: float) -> str:
    """As `duration`, rounded down, in days from 72 hours on: "38 min", "27 h 05", "19 d 4 h"; for less than a minute in words."""
    hours = int(minutes) // 60
    if hours < 72:
        return duration(int(minutes)) if minutes >= 1 else _("less than 1 min")
    days, hours = divmod(hours, 24)
    return (
        _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
        if hours
        else _("%(days)d d") % {"days": days}
    )


@per_language
def span(amount: int, base: str) -> str:
    """A target's length: "4 h", "48 business hours", "2 business days". `amount` is minutes, or days for that base."""
    if base == Base.BUSINESS_DAYS:
        return ngettext("%(n)d business day", "%(n)d business days", amount) % {"n": amount}
    if base == Base.BUSINESS and amount % 60:
        return ngettext("%(n)d business minute", "%(n)d business minutes", amount) % {"n": amount}
    if base == Base.BUSINESS:
        return ngettext("%(n)d business hour", "%(n)d business hours", amount // 60) % {"n": amount // 60}
    return duration(amount)


def instant(
    at: datetime,
    zone: tzinfo,
    *,
    beside: datetime | None = None,
    since: datetime | None = None,
    dated: bool = False,
) -> str:
    """ "Tue 24 Nov, 14:40"; only "14:40" on the day of `beside`; with the year where that of `beside` or `since` is another, or where
    it is to be `dated`.

    An hour that comes twice, when the clocks go back, names its time: "Sun 25 Oct, 01:30 GMT".
    """
    local = at.astimezone(zone)
    return _named(_said(local, zone, beside, since, dated), local, _comes_twice(local))


def formatted(local: datetime, form: str) -> str:
    """In a form of Django's `date` filter; an hour that comes twice names its time."""
    return _named(date_format(local, form), local, _comes_twice(local))


def _said(
    local: datetime,
    zone: tzinfo,
    beside: datetime | None,
    since: datetime | None = None,
    dated: bool = False,
) -> str:
    if beside and beside.astimezone(zone).date() == local.date():
        return f"{local:%H:%M}"
    near = beside or since
    another = dated or (near and near.astimezone(zone).year != local.year)
    return f"{_date(local.date(), 'D j M Y' if another else 'D j M')}, {local:%H:%M}"


_date = per_language(date_format)


def here(at: datetime, now: datetime) -> str:
    """An instant in the reader's zone, beside now: only the time when it is today."""
    return instant(at, timezone.get_current_timezone(), beside=now)


def day(at: datetime, now: datetime) -> str:
    """A day as the head of a timeline, in the reader's zone: "Thursday 19 November"."""
    local = timezone.localtime(at)
    return date_format(local, "l j F" if local.year == timezone.localtime(now).year else "l j F Y")


def period(begin: datetime, end: datetime | None, zone: tzinfo) -> str:
    """ "Mon 16 Nov, 09:40 to 17:30"; across a change of the clocks each end names its time: "BST", "GMT"."""
    if end is None:
        return _("since %(begin)s") % {"begin": instant(begin, zone)}
    first, last = begin.astimezone(zone), end.astimezone(zone)
    if first.utcoffset() == last.utcoffset():
        return _("%(begin)s to %(end)s") % {
            "begin": instant(begin, zone),
            "end": instant(end, zone, beside=begin),
        }
    return _("%(begin)s to %(end)s") % {
        "begin": _named(_said(first, zone, None), first, True),
        "end": _named(_said(last, zone, begin), last, True),
    }


def zone_name(zone: tzinfo) -> str:
    """ "London" for Europe/London."""
    return str(zone).rsplit("/", 1)[-1].replace("_", " ")


def listed(words: list[str]) -> str:
    """ "a, b and c"."""
    *most, last = words
    return _("%(most)s and %(last)s") % {"most": ", ".join(most), "last": last} if most else last


def _comes_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _named(text: str, local: datetime, is_named: bool) -> str:
    return f"{text} {local:%Z}" if is_named else text
