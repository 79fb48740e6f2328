"""The wait for a purchase order. A ticket waits for its customer once: what he owed before is named with it, and waited for again after it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from billing import wording
from billing.models import ScopeDecision, WayStep
from support.actors import Actor
from support.clocks.terms import WaitReason
from support.models import Ticket, Wait

LONGEST = 200  # letters of what is awaited


@dataclass(frozen=True, slots=True)
class Begun:
    """The wait of an estimate, and what the customer owed when it began; empty where that was nothing."""

    wait: Wait
    owed: str


def begin(ticket: Ticket, minutes: int, *, by: Actor, at: datetime) -> Begun:
    """The ticket, which is held, waits for the purchase order for an estimate of so many minutes."""
    awaited = _("the purchase order for %(span)s") % {"span": wording.span(minutes)}
    earlier, owed, wake_at = _open(ticket), "", None
    if earlier is not None:
        owed, wake_at = earlier.awaited or _("their answer"), earlier.wake_at
        earlier.end(by=by, at=at)
    return Begun(_wait(ticket, f"{awaited}; {owed}" if owed else awaited, wake_at, by, at), owed)


def end(decision: ScopeDecision | None, *, by: Actor, at: datetime) -> None:
    """The order is there, or nobody waits for it any more; the ticket of the decision is held. Any other wait stays."""
    estimate = decision.steps.filter(step=WayStep.Step.ESTIMATE).first() if decision else None
    wait = _open(decision.ticket) if decision else None
    if estimate is None or wait is None or wait.pk != estimate.wait_id:
        return
    wait.end(by=by, at=at)
    if estimate.owed:
        _wait(decision.ticket, estimate.owed, wait.wake_at, by, at)


def _open(ticket: Ticket) -> Wait | None:
    wait = Wait.objects.filter(ticket=ticket, reason=WaitReason.CUSTOMER, ended_at=None).first()
    if wait is not None:
        wait.ticket = ticket
    return wait


def _wait(ticket: Ticket, awaited: str, wake_at: datetime | None, by: Actor, at: datetime) -> Wait:
    wake_at = wake_at if wake_at and wake_at > at else None
    words = awaited if len(awaited) <= LONGEST else f"{awaited[: LONGEST - 1]}…"
    return Wait.begin(ticket, reason=WaitReason.CUSTOMER, awaited=words, wake_at=wake_at, by=by, at=at)
