"""What runs out by itself: offers that nobody answered, approvals whose time to work is over. Silence is never a yes."""

from datetime import datetime

from billing.engaging import end_offer, settle
from billing.models import Approval, ApprovalEnd, EngagementState, Offer, OfferEnd
from billing.rules import ask, verb
from billing.telling import await_no_longer, tell_of_offer
from support.actors import Actor
from support.refusal import Refused

EXPIRY = Actor.system("expiry")


def run() -> int:
    """End everything that is due, each in a transaction of its own; answers how many. In a simulation its clock decides."""
    [now] = ask("SELECT countersign_now()")
    offers = Offer.objects.undecided().filter(answer_by__lte=now).order_by("answer_by", "pk")
    approvals = Approval.objects.filter(end=None, offer__work_until__lte=now).order_by("pk")
    ended = [_tried(expire_offer, offer, now) for offer in offers]
    ended += [_tried(expire_approval, approval, now) for approval in approvals]
    return sum(ended)


@verb
def expire_offer(offer: Offer, *, at: datetime) -> None:
    offer.engagement.lock()
    end_offer(offer, OfferEnd.Why.EXPIRED, by=EXPIRY)
    tell_of_offer(offer, "offer.expired", by=EXPIRY, at=at)
    await_no_longer(offer.engagement, by=EXPIRY, at=at)
    settle(offer.engagement, EngagementState.REQUESTED, by=EXPIRY, at=at)


@verb
def expire_approval(approval: Approval, *, at: datetime) -> None:
    engagement = approval.offer.engagement
    engagement.lock()
    end = ApprovalEnd(approval=approval, why=ApprovalEnd.Why.EXPIRED)
    end.actor = EXPIRY
    end.save(force_insert=True)
    tell_of_offer(approval.offer, "offer.expired", by=EXPIRY, at=at)
    settle(engagement, EngagementState.REQUESTED, by=EXPIRY, at=at)


def _tried(verb, row, now: datetime) -> bool:
    """Whether it ended now; somebody may have decided it meanwhile, or hold it, and then the next run looks again."""
    try:
        verb(row, at=now)
    except Refused:
        return False
    return True
