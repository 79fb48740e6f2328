"""What the pages of billing are tried on: real time, an engagement that is asked for, and the customer's link."""

from datetime import timedelta

from django.utils import timezone

from billing import engaging, links, offering, scope
from billing.models import Engagement, Invitation, Offer
from support.actors import Actor
from tests.billing.billing_cases import ese_contract
from tests.support.desk_cases import raise_ticket

ROBIN_LIMIT = 5000


def engagement_for(cast, **fields) -> Engagement:
    """One of Northwind's, requested by Ana a moment ago."""
    now, by = timezone.now(), Actor.of(cast.ana)
    contract = ese_contract(holder=cast.northwind)
    ticket = raise_ticket(contract, now - timedelta(minutes=5), channel="email", contact=cast.robin_contact)
    scope.decide(
        ticket, scope="out", item="advanced", outcome="engagement", reason="Not in CSP.", by=by, at=now
    )
    said = {
        "title": "Rebuild transfer routing",
        "included": "Call captures\nNew routing",
        "deliverables": "A test plan",
        "estimate": 180,
        **fields,
    }
    return engaging.request(ticket, engaging.Wanted(**said), by=by, at=now)


def offer_for(cast, engagement: Engagement | None = None, **fields) -> Offer:
    now = timezone.now()
    terms = {
        "cap": 240,
        "answer_by": now + timedelta(days=7),
        "work_until": now + timedelta(days=37),
        **fields,
    }
    return offering.send(
        engagement or engagement_for(cast), contact=cast.robin_contact, by=Actor.of(cast.ana), at=now, **terms
    )


def link_of(offer: Offer) -> str:
    """The path that the customer's mail leads to."""
    return links.path(links.token_of(Invitation.objects.get(offer=offer).nonce))


def figures_for(offer: Offer) -> str:
    """The newest code that was mailed for this offer."""
    return links.figures_of(Invitation.objects.get(offer=offer).codes.first().nonce)
