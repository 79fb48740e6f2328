"""One piece of work on its way into the books: what is held for it, how it is cut, what becomes of it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import DatabaseError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing import months, surcharges
from billing.models import Approval, Engagement, LateWork, TimeEntry
from billing.parts import Part, Rounding, Under, borders, parts
from billing.rules import SENTENCES, ask
from support.actors import Actor
from support.clocks.calendar import BusinessCalendar
from support.models import LegalEntity, User
from support.refusal import BUSY, Refused, refusing

ENDLESS = 10**6  # minutes


@dataclass(frozen=True, slots=True)
class Work:
    """What was done; `minutes` only where it is not what the clock went, no `visit` where work on site begins none."""

    engagement: Engagement
    approval: Approval | None
    person: User
    started_at: datetime
    stopped_at: datetime
    text: str
    by: Actor
    piece: UUID = field(default_factory=uuid4)
    correction: str = ""
    minutes: int | None = None
    on_site: bool = False
    visit: bool = True


@dataclass(frozen=True, slots=True)
class Held:
    """What the database said once months and balance were held: nothing of it changes before the transaction ends."""

    now: datetime
    entity: LegalEntity
    under: Under | None
    closed: str  # a sentence, when a month is closed

    def with_room(self, freed: int) -> "Held":
        """After entries of so many billed minutes were superseded."""
        return replace(self, under=self.under and replace(self.under, room=self.under.room + freed))


@dataclass(frozen=True, slots=True)
class Booked:
    """The entries that came of it, or the late work that it was kept as."""

    entries: list[TimeEntry]
    late: LateWork | None

    @property
    def billed_minutes(self) -> int:
        return sum(entry.billed_minutes for entry in self.entries)

    @property
    def unapproved_minutes(self) -> int:
        return sum(entry.raw_minutes for entry in self.entries if entry.approval_id is None)


def hold(
    engagement: Engagement, approval: Approval | None, started_at: datetime, stopped_at: datetime | None
) -> Held:
    """Hold the months that the work touches, then the balance, and read the clock after that: the guards' order."""
    entity = engagement.contract.legal_entity
    until = stopped_at or ask("SELECT countersign_now()")[0]
    closed = ""
    for begins in [started_at, *borders(started_at, until, entity.time_zone)]:
        if not ask("SELECT hold_month(%s, %s)", entity.pk, begins)[0]:
            closed = closed or _("%(month)s is closed.") % {"month": _month(entity, begins)}
    under = _under(approval) if approval else None
    [now] = ask("SELECT countersign_now()")
    return Held(now, entity, under, closed)


def write(work: Work, held: Held, first: int | None = None) -> Booked:
    """The entries of a piece of work, the first of them with the id `first` where one is given."""
    calendar = surcharges.calendar_of(work.approval.offer) if work.approval else None
    under = replace(held.under, hours=_hours(calendar, work)) if work.approval and held.under else None
    cuts = borders(work.started_at, work.stopped_at, held.entity.time_zone)
    found = parts(work.started_at, work.stopped_at, under, cuts)
    entries = [_entry(work, part, under, calendar) for part in found]
    if work.minutes is not None:
        entries = [_entry(work, Part(work.started_at, work.stopped_at, work.minutes, None), None)]
    entries[0].pk = first
    for begins in [entry for entry in entries if entry.on_site and work.visit and entry.approval_id][:1]:
        begins.visit = True
    for entry in entries:
        entry.actor = work.by
        entry.save(force_insert=True)
    return Booked(entries, None)


def write_or_keep(work: Work, held: Held) -> Booked:
    """The entries, or late work with the reason why they could not be written."""
    if held.closed:
        return Booked([], late(work, held.closed))
    try:
        with refusing(SENTENCES), transaction.atomic():
            return write(work, held)
    except Refused as refused:
        if isinstance(refused.__cause__, DatabaseError) and isinstance(refused.__cause__.__cause__, BUSY):
            raise
        return Booked([], late(work, refused.sentence))


def late(work: Work, why: str) -> LateWork:
    kept = LateWork(
        person=work.person,
        engagement=work.engagement,
        approval=work.approval,
        piece=work.piece,
        text=work.text[:300],
        on_site=work.on_site,
        started_at=work.started_at,
        stopped_at=work.stopped_at,
        why=str(why)[:300],
    )
    kept.actor = work.by
    kept.save(force_insert=True)
    return kept


def _under(approval: Approval) -> Under:
    room, until = ask("SELECT cap - used, least(work_until, ended_at) FROM hold_balance(%s)", approval.pk)
    if approval.offer.fixed_price:  # nothing is by the hour, so there is always room
        return Under(until, ENDLESS, 1)
    return Under(until, room, approval.offer.increment, approval.offer.minimum)


def _hours(calendar: BusinessCalendar | None, work: Work) -> tuple[datetime, ...]:
    """The instants within this work at which its calendar opens or closes."""
    spans = calendar.intervals(work.started_at, work.stopped_at) if calendar else ()
    return tuple(instant for span in spans for instant in span)


def _entry(
    work: Work, part: Part, under: Under | None, calendar: BusinessCalendar | None = None
) -> TimeEntry:
    approval = work.approval if part.billed is not None else None
    out_of_hours = bool(approval and calendar and not calendar.is_open(part.started_at))
    on_site = work.on_site and part.raw > 0
    return TimeEntry(
        person=work.person,
        engagement=work.engagement,
        approval=approval,
        offer_id=approval.offer_id if approval else None,
        piece=work.piece,
        text=work.text[:300],
        started_at=part.started_at,
        stopped_at=part.stopped_at,
        raw_minutes=part.raw,
        billed_minutes=0 if approval is None or approval.offer.fixed_price else part.billed,
        out_of_hours=out_of_hours,
        on_site=on_site,
        basis=_basis(work, part, under) + _added(out_of_hours, on_site),
        correction=work.correction[:300],
    )


def _basis(work: Work, part: Part, under: Under | None) -> str:
    """How the billed minutes came about, for the line of an invoice and whoever asks."""
    if work.minutes == 0:
        return _("cancelled: %(reason)s") % {"reason": work.correction}
    if part.billed is None:
        if work.approval is None:
            return _("%(raw)d min, not approved") % {"raw": part.raw}
        why = _("the approval had ended") if part.started_at >= under.until else _("the cap was reached")
        return _("%(raw)d min, not approved: %(why)s") % {"raw": part.raw, "why": why}
    if work.approval.offer.fixed_price:
        return _("%(raw)d min under the fixed price, not billed by the hour") % {"raw": part.raw}
    if part.billed == part.raw:
        return _("%(raw)d min as worked") % {"raw": part.raw}
    return _("%(raw)d min, rounded up to %(billed)d: %(why)s") % {
        "raw": part.raw,
        "billed": part.billed,
        "why": _why_more(part, under),
    }


def _why_more(part: Part, under: Under) -> str:
    match part.by:
        case Rounding.MINIMUM:
            return _("at least %(minimum)d min for the whole piece of work") % {"minimum": under.minimum}
        case Rounding.ROOM:
            return _("all that was left under the cap")
    return _("steps of %(step)d min over the whole piece of work") % {"step": under.increment}


def _added(out_of_hours: bool, on_site: bool) -> str:
    said = [_("out of hours")] * out_of_hours + [_("on site")] * on_site
    return "".join(f"; {each}" for each in said)


def _month(entity: LegalEntity, at: datetime) -> str:
    return date_format(months.month_of(entity, at), "F Y")
