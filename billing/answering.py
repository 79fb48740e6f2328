"""The customer's answer: a code to the address on file, then one yes or one no. Nothing that mail brings in leads here.

A yes on paper is recorded and confirmed by two of the desk in billing.written, and completed here.
"""

import hashlib
from datetime import datetime

from django.utils.translation import gettext as _

from billing import letters
from billing.engaging import end_approval, end_offer, settle
from billing.models import (
    Approval,
    ApprovalEnd,
    EngagementState,
    Offer,
    OfferCode,
    OfferEnd,
    Signature,
)
from billing.rules import ask, verb
from billing.telling import await_no_longer, tell_of_offer
from support.actors import Actor, ActorKind
from support.models import Contact
from support.naming import is_said, is_written
from support.refusal import Refused


@verb
def approve(
    code: OfferCode,
    *,
    typed_name: str,
    shown_sha256: str,
    address: str | None = None,
    agent: str = "",
    at: datetime,
) -> Approval | None:
    """Sign with a code that was entered; `shown_sha256` in hex, of the bytes that the page showed.

    Answers the approval, in force from its `decided_at`, or None when somebody else has to sign as well. Who has signed
    already signs anew where no signature is lacking any more, and that completes it. Raises Refused when the offer is decided,
    over, or not what was shown.
    """
    offer, contact = _held(code)
    if not typed_name.strip():
        raise Refused(_("Type your full name to sign."), "typed_name")
    if not is_written(typed_name):
        raise Refused(_("Write the name with letters alone, on one line."), "typed_name")
    _must_be_what_was_shown(offer, shown_sha256)
    signature = Signature(
        offer=offer,
        contact=contact,
        typed_name=typed_name.strip()[:200],
        sentence=offer.sentence,
        sha256=bytes.fromhex(shown_sha256),
        code=code,
        opened_at=code.opened_at,
        address=address,
        agent=agent[:300],
    )
    signature.save(force_insert=True)
    signature.refresh_from_db()
    by = Actor.of(contact)
    approval = completed(offer, "offer.approved", by=by, at=at)
    if approval is None:
        letters.tell_of_signature(offer, signature, at=at)
    return approval


def completed(offer: Offer, kind: str, *, by: Actor, at: datetime) -> Approval | None:
    """The approval of an offer that is held, with all that follows from it, when the signatures suffice; told as `kind`."""
    approval = _approve(offer, by, at)
    if approval is not None:
        offer.engagement.move(EngagementState.APPROVED, by=by, at=at)
        tell_of_offer(offer, kind, by=by, at=at)
        await_no_longer(offer.engagement, by=by, at=at)
    return approval


@verb
def decline(
    code: OfferCode,
    *,
    reason: str,
    typed_name: str = "",
    address: str | None = None,
    agent: str = "",
    at: datetime,
) -> OfferEnd:
    """Say no, in a few words why, with a code that was entered. Approvals of earlier offers stay in force."""
    if not is_said(reason):
        raise Refused(_("Tell us in a few words what should be different."), "reason")
    offer, contact = _held(code)
    by = Actor.of(contact)
    end = end_offer(
        offer,
        OfferEnd.Why.DECLINED,
        reason=reason.strip(),
        by=by,
        contact=contact,
        code=code,
        typed_name=typed_name.strip()[:200],
        address=address,
        agent=agent[:300],
    )
    tell_of_offer(offer, "offer.declined", by=by, at=at)
    await_no_longer(offer.engagement, by=by, at=at)
    settle(offer.engagement, EngagementState.DECLINED, by=by, at=at)
    letters.tell_of_decline(offer, contact, end.reason, at=at)
    return end


@verb
def withdraw_approval(approval: Approval, *, reason: str, by: Actor, at: datetime) -> ApprovalEnd:
    """Nothing worked from this instant on is billable under it; what was booked before stays. By either side."""
    if not is_said(reason):
        raise Refused(_("Write down why."), "reason")
    engagement = approval.offer.engagement
    engagement.lock()
    if by.kind == ActorKind.CONTACT:
        _must_be_of_the_customer(by, engagement.ticket.customer_id)
    end = end_approval(approval, reason=reason.strip(), by=by, at=at)
    settle(engagement, EngagementState.REQUESTED, by=by, at=at)
    return end


def _held(code: OfferCode) -> tuple[Offer, Contact]:
    """Offer and contact that a code is for, with ticket, engagement and offer held in this order."""
    offer = Offer.objects.select_related("engagement__ticket").get(invitations__codes=code)
    offer.engagement.lock()
    stands = ask("SELECT hold_offer(%s)", offer.pk)[0]
    if stands != "undecided":
        raise Refused(
            _("This offer is %(stands)s already: it cannot be answered again.") % {"stands": stands}
        )
    return offer, code.invitation.contact


def _must_be_what_was_shown(offer: Offer, shown_sha256: str) -> None:
    kept = hashlib.sha256(offer.document).hexdigest()
    if not shown_sha256 == kept == bytes(offer.sha256).hex():
        raise Refused(_("What was shown is not what stands in this offer: open it again."))


def _approve(offer: Offer, by: Actor, at: datetime) -> Approval | None:
    """The approval, when the database says that the signatures suffice. What it replaces ends before it."""
    if ask("SELECT offer_lacks(%s)", offer.pk)[0]:
        return None
    for old in Approval.objects.filter(offer=offer.replaces_id, end=None):
        end = ApprovalEnd(approval=old, why=ApprovalEnd.Why.SUPERSEDED, reason=offer.reference)
        end.actor = by
        end.save(force_insert=True)
    signatures = offer.signatures.select_related("contact", "written__check_made").order_by("pk")
    approval = Approval(
        offer=offer,
        engagement=offer.engagement,
        receipt=letters.receipt(offer, signatures, by=by, at=at),
    )
    approval.save(force_insert=True)
    return approval


def _must_be_of_the_customer(by: Actor, customer: int) -> None:
    if not Contact.objects.filter(pk=by.id, customer=customer, active=True, customer__active=True).exists():
        raise Refused(_("Only a contact of this customer withdraws its approval."))
