"""Stopping the timer of somebody who cannot: a manager's act, with a reason. The time stays the owner's."""

from datetime import datetime
from uuid import uuid4

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from billing import timing, weeks
from billing.allowed import must_hold
from billing.models import StoppedTimer, Timer
from billing.piece import Booked, Work, hold, write_or_keep
from billing.rules import verb
from billing.telling import tell
from support.actors import Actor
from support.naming import is_said
from support.refusal import Refused


@verb
def stop_for(
    timer: Timer, *, reason: str, worked_until: datetime | None = None, by: Actor, at: datetime
) -> Booked:
    """Stop somebody else's timer. Nothing after `worked_until` is recorded, where it is known; else it ran until now.

    As when he stops it himself: what has no room is kept as unapproved, what cannot be booked goes to the late work.
    """
    must_hold("billing.add_stoppedtimer", by, _("Only a support manager stops the timer of somebody else."))
    if not is_said(reason):
        raise Refused(_("Write down why."), "reason")
    engagement = timer.approval.engagement
    engagement.lock()
    held = hold(engagement, timer.approval, timer.started_at, None)
    until = worked_until or held.now
    if until > held.now:
        raise Refused(_("Work cannot be booked ahead."), "worked_until")
    if worked_until and until <= timer.started_at:
        raise Refused(_("The timer was started after that."), "worked_until")
    if not Timer.objects.filter(pk=timer.pk).exists():
        raise Refused(_("This timer has been stopped already."))
    stopped = _record(timer, reason.strip(), by)
    Timer.objects.filter(pk=timer.pk).delete()
    tell(engagement, "timer.stopped", by=by, at=at, ids=[stopped.pk])
    if until <= timer.started_at:
        return Booked([], None)
    return timing.told(write_or_keep(_work(timer, until, stopped, by), held), engagement, by, at)


def forgotten(now: datetime) -> QuerySet[Timer]:
    """Timers that a manager looks at: of people who are disabled, and those that have run for very long."""
    odd = Q(person__is_active=False) | Q(started_at__lte=now - weeks.LONG_SPAN)
    rows = Timer.objects.filter(odd).select_related("person", "approval__engagement__ticket__customer")
    return rows.order_by("started_at")


def _record(timer: Timer, reason: str, by: Actor) -> StoppedTimer:
    stopped = StoppedTimer(
        person=timer.person,
        engagement=timer.approval.engagement,
        approval=timer.approval,
        piece=uuid4(),
        reason=reason[:300],
    )
    stopped.actor = by
    stopped.save(force_insert=True)
    return stopped


def _work(timer: Timer, until: datetime, stopped: StoppedTimer, by: Actor) -> Work:
    engagement = timer.approval.engagement
    return Work(
        engagement=engagement,
        approval=timer.approval,
        person=timer.person,
        started_at=timer.started_at,
        stopped_at=until,
        text=timer.text or engagement.title,
        by=by,
        piece=stopped.piece,
        on_site=timer.on_site,
    )
