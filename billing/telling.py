"""How an engagement tells what happens to it: on its ticket's timeline, and as a wait of the ticket."""

from datetime import datetime

from billing.models import Engagement, Offer
from support import timeline
from support.actors import Actor
from support.clocks.terms import WaitReason
from support.models import Event, Ticket, Wait
from support.models.tickets import UNDONE


def instant(engagement: Engagement, at: datetime) -> datetime:
    """`at`, or the ticket's last event where that is later: whoever waited for the ticket comes after it."""
    return max(at, engagement.ticket.changed_at)


def tell(engagement: Engagement, kind: str, *, by: Actor, at: datetime, **facts) -> Event:
    """Record what happened to an engagement that is held."""
    at = instant(engagement, at)
    return timeline.record(engagement.ticket, kind, by=by, at=at, subject=engagement.subject, **facts)


def tell_of_offer(offer: Offer, kind: str, *, by: Actor, at: datetime) -> Event:
    """`offer.sent`, `offer.approved`, …: they start and end the clocks' wait for an approval."""
    return tell(
        offer.engagement, kind, by=by, at=at, offer=offer.pk, hash=f"sha256:{bytes(offer.sha256).hex()}"
    )


def await_answer(offer: Offer, *, awaited: str, by: Actor, at: datetime) -> None:
    """The ticket waits for a written approval, until the last undecided offer on it is decided."""
    begin_wait(offer.engagement, WaitReason.APPROVAL, awaited=awaited, by=by, at=at)


def await_no_longer(engagement: Engagement, *, by: Actor, at: datetime) -> None:
    """An offer on this engagement was decided: the wait ends, or goes on for another offer on the ticket."""
    ticket = engagement.ticket
    if not (wait := end_wait(engagement, WaitReason.APPROVAL, by=by, at=at)):
        return
    others = Offer.objects.undecided().filter(engagement__ticket=ticket).select_related("engagement")
    if other := others.order_by("pk").first():
        other.engagement.ticket = ticket
        await_answer(other, awaited=wait.awaited, by=by, at=at)


def begin_wait(
    engagement: Engagement, reason: WaitReason, *, awaited: str = "", by: Actor, at: datetime
) -> None:
    """The ticket waits for this, unless it does already or is done; it stops the clocks of this engagement and the ticket."""
    ticket = engagement.ticket
    if ticket.state in UNDONE and not _open_wait(ticket, reason):
        at = instant(engagement, at)
        Wait.begin(ticket, reason=reason, awaited=awaited[:200], subject=engagement.subject, by=by, at=at)


def end_wait(engagement: Engagement, reason: WaitReason, *, by: Actor, at: datetime) -> Wait | None:
    """The ticket waits for this no longer; answers the wait that is over."""
    if wait := _open_wait(engagement.ticket, reason):
        wait.ticket = engagement.ticket
        wait.end(by=by, at=instant(engagement, at))
    return wait


def _open_wait(ticket: Ticket, reason: WaitReason) -> Wait | None:
    return Wait.objects.filter(ticket=ticket, reason=reason, ended_at=None).first()
