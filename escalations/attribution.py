"""Whose a miss is: ours, the vendor's whose lateness explains it, or the customer's who was awaited. Pure arithmetic, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from django.utils.translation import gettext as _

from support import saying
from support.clocks.judging import SPEAKING
from support.clocks.terms import ClockKind, Owes, WaitReason
from support.clocks.verdicts import Attribution
from support.clocks.waits import CUSTOMERS

Interval = tuple[datetime, datetime]
NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Missed:
    """A clock that is late. `ran` is when it counted, its overdue time included; `ended_at` is now while it still runs.

    `judged` is what the fold attributed it to, None while it runs; `awaited` whom the ticket waited for when it fell due.
    """

    kind: ClockKind
    owed_by: Owes
    due_at: datetime
    ended_at: datetime
    ran: Sequence[Interval]
    judged: Attribution | None = None
    awaited: frozenset[WaitReason] = frozenset()

    @property
    def late(self) -> timedelta:
        return self.ended_at - self.due_at


@dataclass(frozen=True, slots=True)
class VendorLate:
    """A target that a vendor missed: late from `begin` on, until he came or, where `end` is None, still."""

    vendor: str
    begin: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Whose:
    """`vendor` is named where it is a vendor's; `why` is the sentence for both sides of the desk."""

    attribution: Attribution
    why: str
    vendor: str = ""


def whose(clock: Missed, late: Iterable[VendorLate], zone: tzinfo) -> Whose:
    """What the fold said of customers, vendors and priorities stands. A miss that it left with us is the vendor's where,
    without the time in which he was late while it ran, it would have been met; never where we only had to speak."""
    late = list(late)
    if clock.owed_by is Owes.CUSTOMER:
        return Whose(Attribution.CUSTOMER_WAIT, _("The customer owed it."))
    if clock.owed_by is Owes.VENDOR:
        return Whose(Attribution.VENDOR, _("The vendor owed it."))
    if clock.judged is Attribution.RECLASSIFICATION:
        return Whose(clock.judged, _("Its time had passed when the priority was changed: counted apart."))
    if clock.kind in SPEAKING:
        return Whose(Attribution.PROVIDER, _("To say how it stands, nobody else is needed."))
    return _of_work(clock, late, zone)


def held_up(clock: Missed, late: Iterable[VendorLate]) -> timedelta:
    """How long a vendor was late while the clock ran; several at once count once."""
    spans = [(span.begin, min(span.end or clock.ended_at, clock.ended_at)) for span in late]
    return sum((_common(piece, spans) for piece in clock.ran), NOTHING)


def _of_work(clock: Missed, late: list[VendorLate], zone: tzinfo) -> Whose:
    awaited = clock.awaited if clock.judged is None else frozenset()
    if clock.judged is Attribution.CUSTOMER_WAIT or awaited & CUSTOMERS:
        return Whose(Attribution.CUSTOMER_WAIT, _("When it fell due, the ticket waited for the customer."))
    held = held_up(clock, late)
    facts = {"late": _long(clock.late), "held": _long(held)}
    if NOTHING < clock.late <= held:
        names = saying.listed(list(dict.fromkeys(span.vendor for span in _that_ran(clock, late))))
        first = min(span.begin for span in _that_ran(clock, late))
        facts |= {"vendor": names, "since": saying.instant(first, zone, since=clock.due_at)}
        return Whose(
            Attribution.VENDOR,
            _("%(vendor)s was late from %(since)s, for %(held)s while this ran; it is %(late)s late.")
            % facts,
            names,
        )
    if clock.judged is Attribution.VENDOR or WaitReason.VENDOR in awaited:
        return Whose(Attribution.VENDOR, _("When it fell due, the ticket waited for the vendor."))
    if held:
        why = _(
            "The vendor was late for %(held)s while this ran, which does not explain that it is %(late)s late."
        )
        return Whose(Attribution.PROVIDER, why % facts)
    return Whose(
        Attribution.PROVIDER, _("Nobody was awaited when it fell due, and no vendor was late while it ran.")
    )


def _that_ran(clock: Missed, late: list[VendorLate]) -> list[VendorLate]:
    """Those that were late while the clock ran."""
    return [span for span in late if held_up(clock, [span])]


def _common(piece: Interval, spans: Sequence[Interval]) -> timedelta:
    """How much of a piece these spans cover, overlaps counted once."""
    begin, end = piece
    covered, at = NOTHING, begin
    for first, last in sorted(spans):
        first, last = max(first, at), min(last, end)
        if first < last:
            covered, at = covered + (last - first), last
    return covered


def _long(time: timedelta) -> str:
    return saying.duration(time.total_seconds() / 60)
