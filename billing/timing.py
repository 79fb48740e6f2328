"""Time worked on engagements: timers, entries by hand, corrections. The gate is at the start; stopping always works."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import connection
from django.utils.translation import gettext as _

from billing.models import Approval, Engagement, TimeEntry, Timer
from billing.models.engagements import UNDONE
from billing.months import month_of
from billing.piece import Booked, Held, Work, hold, late, write, write_or_keep
from billing.rules import ask, verb
from billing.telling import tell
from billing.unbilled import hold_invoices
from support.actors import Actor
from support.models import User
from support.naming import is_said
from support.refusal import Refused

LONGEST = timedelta(hours=24)  # of one piece of work by hand; a timer may run on, for stopping always works
OLDEST = timedelta(days=731)
RUNS = 60  # minutes for which a timer is expected to find room


class NoVisit(Refused):
    """There is time left, though not where there is a visit."""


@verb
def start_timer(
    approval: Approval, *, person: User, text: str = "", on_site: bool = False, at: datetime
) -> Timer:
    """Refused without an approval in force, room under its cap, and GDAP active where the engagement needs it."""
    approval.engagement.lock()  # whoever finishes it meanwhile sees the timer, or is seen
    if approval.engagement.state not in UNDONE:
        raise Refused(_("%(reference)s has ended.") % {"reference": approval.engagement.reference})
    timer = Timer(person=person, approval=approval, text=text, on_site=on_site)
    timer.save(force_insert=True)
    return timer


@verb
def stop_timer(timer: Timer, *, text: str = "", by: Actor, at: datetime) -> Booked:
    """What had room under the approval is billable, the rest is kept as unapproved.

    It always works: what cannot be booked, in a closed month say, goes to the list of late work.
    """
    engagement = timer.approval.engagement
    engagement.lock()
    held = hold(engagement, timer.approval, timer.started_at, None)
    deleted, _rows = Timer.objects.filter(pk=timer.pk).delete()
    if not deleted:
        raise Refused(_("This timer has been stopped already."))
    if held.now <= timer.started_at:
        return Booked([], None)
    work = Work(
        engagement=engagement,
        approval=timer.approval,
        person=timer.person,
        started_at=timer.started_at,
        stopped_at=held.now,
        text=text or timer.text or engagement.title,
        by=by,
        on_site=timer.on_site,
    )
    return told(write_or_keep(work, held), engagement, by, at)


@verb
def book(
    engagement: Engagement,
    *,
    approval: Approval | None,
    person: User,
    started_at: datetime,
    stopped_at: datetime,
    text: str,
    on_site: bool = False,
    by: Actor,
    at: datetime,
) -> Booked:
    """An entry by hand. What has no room under the approval is kept as unapproved; without one all of it is.

    In a closed month it goes to the list of late work. Refused when nothing of it is approved though an approval is
    named, or when it began before the approval or after the engagement's end.
    """
    engagement.lock()
    _check(engagement, started_at, stopped_at, text, at)
    work = Work(engagement, approval, person, started_at, stopped_at, text, by, on_site=on_site)
    held = hold(engagement, approval, started_at, stopped_at)
    if held.closed:
        return told(Booked([], late(work, held.closed)), engagement, by, at)
    must_have_room(work, held)
    return told(write(work, held), engagement, by, at)


def approval_for(
    engagement: Engagement,
    started_at: datetime,
    stopped_at: datetime | None = None,
    *,
    on_site: bool = False,
    fixed: bool = False,
) -> Approval:
    """Under which approval work that began then is billed: the oldest in force with room for all of it.

    On site one with visits that are left before others that offer some, and of a fixed price where that is said. Where none has,
    the one with the most room. Where none was in force, the newest one, whose verb says what is wrong with it. Refused when nothing
    was ever approved, where no fixed price was in force beside what is billed by the hour, and of a fixed price on site.
    """
    if fixed and on_site:
        raise Refused(_("A fixed price has no surcharge: do not tick that it was on site."), "on_site")
    known = list(
        engagement.approvals.select_related("balance", "offer__in_hours").order_by("decided_at", "pk")
    )
    if not known:
        raise Refused(_("Nothing is approved: tick that it is not billable, and it is kept as unapproved."))
    in_force = [each for each in known if each.decided_at <= started_at < each.balance.until]
    if not in_force:
        return known[-1]
    if fixed:
        in_force = [each for each in in_force if each.offer.fixed_price]
    elif on_site:
        offering = [each for each in in_force if each.offer.visits]
        left = [each for each in offering if ask("SELECT visits_left(%s)", each.pk)[0] > 0]
        in_force = _with_time(left or offering, in_force)
    if not in_force:
        sentence = _("No fixed price was in force then: do not tick it, and it is billed by the hour.")
        raise Refused(sentence, "fixed")
    return with_room(in_force, max((stopped_at - started_at) / timedelta(minutes=1), 1) if stopped_at else 1)


def _with_time(offering: list[Approval], in_force: list[Approval]) -> list[Approval]:
    """Refused where none that offers visits has time left, and another one has."""
    roomy = [each for each in offering if each.balance.room > 0]
    if offering and not roomy and any(each.balance.room > 0 for each in in_force):
        sentence = _(
            "No approval has both a visit on site and time left: send a further offer, or do not tick it."
        )
        raise NoVisit(sentence, "on_site")
    return roomy or offering or in_force


def offers_visits(engagement: Engagement) -> bool:
    """Whether an approved offer names work on site."""
    return engagement.approvals.filter(offer__visits__gt=0).exists()


def has_fixed_price(engagement: Engagement) -> bool:
    return engagement.approvals.filter(offer__fixed_price__gt=0).exists()


def with_room(in_force: list[Approval], minutes: float = RUNS) -> Approval:
    """Of approvals in force, the oldest first: the first with room for so many minutes, else the one with the most.

    Where none has any, a fixed price, under which nothing is billed by the hour.
    """
    roomy = next((each for each in in_force if each.balance.room >= minutes), None)
    return roomy or max(in_force, key=lambda each: (each.balance.room, each.offer.fixed_price > 0))


@verb
def correct(
    entry: TimeEntry,
    *,
    started_at: datetime,
    stopped_at: datetime,
    text: str,
    reason: str,
    billable: bool = True,
    on_site: bool | None = None,
    by: Actor,
    at: datetime,
) -> Booked:
    """Put another piece of work in the place of the whole piece that this entry is a part of.

    It is on site as that was, unless said. Refused when it is on an invoice that stands, or when its month is closed.
    """
    _check(entry.engagement, started_at, stopped_at, text, at)
    approval = _approval_of(entry) if billable else None
    there = entry.on_site if on_site is None else on_site
    old = TimeEntry.objects.live().filter(piece=entry.piece)
    without = old.approved().filter(on_site=True).exists() and not old.filter(visit=True).exists()
    work = Work(
        engagement=entry.engagement,
        approval=approval,
        person=entry.person,
        started_at=started_at,
        stopped_at=stopped_at,
        text=text,
        by=by,
        correction=reason.strip(),
        on_site=there,
        visit=not without,  # what was booked on site without a visit gets none by another word
    )
    return _replace(entry, work, by, at)


@verb
def cancel(entry: TimeEntry, *, reason: str, by: Actor, at: datetime) -> Booked:
    """It was a mistake: nothing was worked. An entry of no minutes stands in its place, and bills nothing."""
    work = Work(
        entry.engagement,
        None,
        entry.person,
        entry.started_at,
        entry.stopped_at,
        entry.text,
        by,
        uuid4(),
        reason.strip(),
        minutes=0,
    )
    return _replace(entry, work, by, at)


def _replace(entry: TimeEntry, work: Work, by: Actor, at: datetime) -> Booked:
    if not is_said(work.correction):
        raise Refused(_("Write down why."), "reason")
    engagement = entry.engagement
    entity = engagement.contract.legal_entity
    for began in TimeEntry.objects.filter(piece=entry.piece).values_list("started_at", flat=True):
        hold_invoices(entity, month_of(entity, began), shared=True)
    engagement.lock()
    old = list(TimeEntry.objects.live().filter(piece=entry.piece).order_by("started_at"))
    if entry.pk not in [part.pk for part in old]:
        raise Refused(_("This entry has been corrected already."))
    begins = min(work.started_at, old[0].started_at)
    held = hold(engagement, _approval_of(entry), begins, max(work.stopped_at, old[-1].stopped_at))
    if held.closed:
        raise Refused(held.closed)
    first = _next_id()
    TimeEntry.objects.filter(pk__in=[part.pk for part in old]).update(superseded_by=first)
    freed = sum(part.billed_minutes for part in old)
    return told(write(work, held.with_room(freed), first), engagement, by, at)


def _approval_of(entry: TimeEntry) -> Approval | None:
    """That of the piece of work: one of its parts may have had no room under it."""
    approved = (
        TimeEntry.objects.approved().filter(piece=entry.piece).select_related("approval__offer").first()
    )
    return approved.approval if approved else None


def _next_id() -> int:
    """The old row names its successor before that is there: the foreign key is asked at the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('billing_timeentry', 'id'))")
        return cursor.fetchone()[0]


def told(booked: Booked, engagement: Engagement, by: Actor, at: datetime) -> Booked:
    """The same, told on the ticket where entries came of it."""
    if booked.entries:
        tell(engagement, "time.booked", by=by, at=at, ids=[entry.pk for entry in booked.entries])
    return booked


def must_have_room(work: Work, held: Held) -> None:
    """Refused where nothing of it would be approved though an approval is named."""
    if work.approval is None:
        return
    if work.started_at < work.approval.decided_at:
        raise Refused(_("This work began before it was approved."), "started_at")
    if held.under.room <= 0:
        raise Refused(_("The approved time is used up: send a further offer, or book it as unapproved."))
    if held.under.until <= work.started_at:
        raise Refused(_("The approval had ended when this work began."), "started_at")


def _check(
    engagement: Engagement, started_at: datetime, stopped_at: datetime, text: str, at: datetime
) -> None:
    if not is_said(text):
        raise Refused(_("Say what was done."), "text")
    if stopped_at <= started_at:
        raise Refused(_("It ends before it begins."), "stopped_at")
    if stopped_at > at:
        raise Refused(_("Work cannot be booked ahead."), "stopped_at")
    if stopped_at - started_at > LONGEST:
        raise Refused(_("That is more than a day: enter it day by day."), "started_at")
    if at - started_at > OLDEST:
        raise Refused(_("That is more than two years ago."), "started_at")
    [ended_at] = ask("SELECT engagement_ended_at(%s)", engagement.pk)
    if ended_at and started_at >= ended_at:
        raise Refused(
            _("%(reference)s had ended when this work began.") % {"reference": engagement.reference},
            "started_at",
        )
