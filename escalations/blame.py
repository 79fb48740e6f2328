"""Whose the misses of stored clocks are: what the attribution needs, fetched for many clocks at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from escalations.attribution import Interval, Missed, VendorLate, Whose, whose
from escalations.models import VendorCase, VendorStep
from support.clocks.terms import ClockKind, Owes, WaitReason
from support.clocks.verdicts import Attribution, ClockState, Verdict, Why
from support.explaining.background import ends_of
from support.models import Clock, Wait

RAN = (Why.RUNNING, Why.OVERDUE)
ENDS = {ClockKind.VENDOR_RESPONSE: "answered", ClockKind.DISPATCH: "dispatched"}


@dataclass(frozen=True, slots=True)
class Owed:
    """What a vendor owed by an instant: when it was stopped here, and when he came as it was claimed, told at an instant."""

    vendor: str
    due_at: datetime
    stopped_at: datetime | None
    claim: tuple[datetime, datetime] | None

    def late(self, at: datetime) -> Iterator[VendorLate]:
        """As it was known by then. A vendor who says that he came in time, or earlier than it was written down, is believed."""
        ends = [self.stopped_at] if self.stopped_at and self.stopped_at <= at else []
        if self.claim and self.claim[1] <= at:
            ends.append(self.claim[0])
        end = min(ends, default=None)
        if self.due_at < (end or at):
            yield VendorLate(self.vendor, self.due_at, end)


@dataclass(frozen=True, slots=True)
class Known:
    """By ticket: what vendors owed, and the waits; by case: what the vendor is called."""

    owed: Mapping[int, Sequence[Owed]]
    waits: Mapping[int, Sequence[Wait]]
    vendors: Mapping[int, str]


def known_of(clocks: Iterable[Clock]) -> Known:
    """For these late clocks: four queries at most, however many they are."""
    tickets = {clock.ticket_id for clock in clocks}
    cases = VendorCase.objects.filter(ticket__in=tickets).only("party") if tickets else ()
    return known_from(cases, Wait.objects.filter(ticket__in=tickets) if tickets else ())


def known_from(cases: Iterable[VendorCase], found: Iterable[Wait]) -> Known:
    """The same of the cases and waits of these tickets; two queries where there are cases."""
    vendors = {case.pk: case.get_party_display() for case in cases}
    owed, waits = defaultdict(list), defaultdict(list)
    clocks = list(_owed_by_vendors(vendors))
    claims = _claims(vendors) if clocks else {}
    for clock, ended_at in clocks:
        claim = claims.get((clock.subject_id, ENDS.get(ClockKind(clock.kind), "")))
        row = Owed(vendors[clock.subject_id], clock.due_at, ended_at, claim)
        owed[clock.ticket_id].append(row)
    for wait in found:
        waits[wait.ticket_id].append(wait)
    return Known(owed, waits, vendors)


def judge(clock: Clock, known: Known, at: datetime, zone: tzinfo) -> Whose:
    """Whose this late clock is, as it stands at `at`."""
    late = [span for owed in known.owed.get(clock.ticket_id, ()) for span in owed.late(at)]
    told = whose(_missed(clock, known, at), late, zone)
    if told.attribution is Attribution.VENDOR and not told.vendor and clock.subject_kind == "case":
        return Whose(told.attribution, told.why, known.vendors.get(clock.subject_id, ""))
    return told


def _owed_by_vendors(vendors: Mapping[int, str]) -> Iterator[tuple[Clock, datetime | None]]:
    """Each with the end of what he owed. One whom another severity finds late owes it on, while the new one asks for the same."""
    if not vendors:
        return
    found = Clock.objects.filter(subject_kind="case", subject_id__in=vendors, owed_by=Owes.VENDOR)
    alike = defaultdict(list)
    for clock in found.order_by("ticket", "position"):
        alike[clock.subject_id, clock.kind].append(clock)
    for clocks in alike.values():
        for place, clock in enumerate(clocks):
            if clock.due_at and clock.attributed_to != Attribution.RECLASSIFICATION:
                yield clock, _ended_at(clock, clocks[place + 1 :])


def _ended_at(clock: Clock, later: Iterable[Clock]) -> datetime | None:
    """When it was stopped, or the one that went on in its place where it was late."""
    for following in later if clock.verdict == Verdict.MISSED else ():
        if clock.state != ClockState.REPLACED or following.detail["opened_by"] != clock.detail["closed_by"]:
            break
        clock = following
    return clock.stopped_at


def _claims(vendors: Mapping[int, str]) -> dict[tuple[int, str], tuple[datetime, datetime]]:
    """When a vendor came, as it was claimed, and when that was written down."""
    steps = VendorStep.objects.filter(case__in=vendors, kind__in=ENDS.values())
    return {
        (case, kind): (claimed, told)
        for case, kind, claimed, told in steps.values_list("case", "kind", "claimed_at", "at")
    }


def _missed(clock: Clock, known: Known, at: datetime) -> Missed:
    due = clock.due_at or clock.stopped_at  # a verdict that a manager set may have no due instant
    ended = clock.stopped_at or max(at, due)
    waits = known.waits.get(clock.ticket_id, ())
    reasons = {
        WaitReason(wait.reason)
        for wait in waits
        if wait.started_at <= due and (wait.ended_at is None or due < wait.ended_at)
    }
    return Missed(
        kind=ClockKind(clock.kind),
        owed_by=Owes(clock.owed_by),
        due_at=due,
        ended_at=max(ended, due),
        ran=tuple(_ran(clock, ended)),
        judged=Attribution(clock.attributed_to) if clock.attributed_to else None,
        awaited=frozenset(reasons),
    )


def _ran(clock: Clock, ended: datetime) -> Iterator[Interval]:
    for piece in clock.detail["segments"]:
        begin, end = ends_of(piece)
        if piece["why"] in RAN and end:
            yield begin, end
    if clock.stopped_at is None and clock.due_at and clock.due_at < ended:
        yield clock.due_at, ended
