"""The copy of an approval: what was offered and said, who signed and how we knew, and its place in the chain of evidence."""

from django.utils import translation

from billing import document, signers, stating, wording
from billing.models import Approval, EvidenceLink, Signature
from support import pdf


def render(approval: Approval) -> bytes:
    """As PDF, in the language and zone of whoever signed last. Raises pdf.NotPossible."""
    signatures = list(approval.offer.signatures.select_related("contact").order_by("pk"))
    reader = signatures[-1].contact
    with translation.override(reader.locale):
        return pdf.render("billing/approval_paper.html", _context(approval, signatures, reader.time_zone))


def _context(approval: Approval, signatures: list[Signature], zone: str) -> dict:
    offer, engagement = approval.offer, approval.engagement
    link = EvidenceLink.objects.get(kind="approval", subject_id=approval.pk)
    return {
        "dated": approval.decided_at,
        "offer": offer,
        "engagement": engagement,
        "ticket": engagement.ticket,
        "customer": engagement.customer,
        "company": engagement.contract.legal_entity,
        "document": document.shown(offer),
        "statement": stating.printed(offer.statement) if offer.statement else "",
        "statement_sha256": bytes(offer.statement.sha256).hex() if offer.statement else "",
        "decided": wording.when(approval.decided_at, zone),
        "sha256": bytes(offer.sha256).hex(),
        "link": link.seq,
        "link_hash": bytes(link.hash).hex(),
        "people": [_signed(one, zone) for one in signers.last_of_each(signatures)],
        "signatures": [_signed(one, zone) for one in signatures],
    }


def _signed(one: Signature, zone: str) -> dict:
    return {
        "typed": one.typed_name,
        "name": one.contact_name,
        "email": one.contact_email,
        "at": wording.when(one.signed_at, zone),
        "opened": wording.when(one.opened_at, zone) if one.opened_at else "",
        "how": one.get_how_display(),
        "address": one.address or "",
        "shown": bytes(one.sha256).hex(),
    }
