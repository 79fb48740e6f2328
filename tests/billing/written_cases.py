"""What came on paper: a purchase order of Robin's, dated on the day of the offer, recorded by Ana and confirmed by Max."""

from django.core.files.uploadedfile import SimpleUploadedFile

from billing import written
from billing.models import Approval, Offer, Signature, WrittenCheck, WrittenYes
from support.actors import Actor
from support.models import File, Visibility
from tests.billing.billing_cases import at

PAPER = b"%PDF-1.7 Purchase order 4711: we approve offer 1."


def upload(content: bytes = PAPER, name: str = "po-4711.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def recorded(offer: Offer, contact, by, when=None, **fields) -> WrittenYes:
    """By its verb."""
    fields = {
        "way": "order",
        "signed_name": contact.name,
        "reference": "PO 4711",
        "says": "We approve offer 1.",
        "dated_on": at(9).date(),
        "original": upload(),
        "shown_sha256": bytes(offer.sha256).hex(),
        **fields,
    }
    return written.record(offer, contact=contact, by=Actor.of(by), at=when or at(18), **fields)


def confirmed(said: WrittenYes, by, when=None, **fields) -> Approval | None:
    fields = {
        "shown_sha256": bytes(said.offer.sha256).hex(),
        "original_sha256": said.original_sha256,
        **fields,
    }
    return written.confirm(said, by=Actor.of(by), at=when or at(18), **fields)


def kept(offer: Offer, by, **fields) -> File:
    """An original of the customer's, past the verb."""
    fields = {
        "customer": offer.engagement.ticket.customer,
        "visibility": Visibility.INTERNAL,
        **fields,
    }
    return File.objects.take(upload(), by=Actor.of(by), at=at(18), **fields)


def row(offer: Offer, contact, by, **fields) -> WrittenYes:
    """What was recorded, written past the verb, as an attacker does."""
    fields = {
        "way": "order",
        "signed_name": contact.name,
        "reference": "PO 4711",
        "says": "Yes.",
        "dated_on": at(9).date(),
        "sha256": offer.sha256,
        **fields,
    }
    fields.setdefault("original", None)
    fields["original"] = fields["original"] or kept(offer, by)
    said = WrittenYes(offer=offer, contact=contact, **fields)
    said.actor = Actor.of(by)
    said.save(force_insert=True)
    said.refresh_from_db()
    return said


def check(said: WrittenYes, by, confirmed=True, **fields) -> WrittenCheck:
    fields = {"sha256": said.sha256, "original_sha256": said.original_sha256, **fields}
    made = WrittenCheck(written=said, confirmed=confirmed, **fields)
    made.actor = Actor.of(by)
    made.save(force_insert=True)
    return made


def sign(said: WrittenYes, **fields) -> Signature:
    fields = {
        "offer": said.offer,
        "contact": said.contact,
        "typed_name": "Anybody",
        "sentence": said.offer.sentence,
        "sha256": said.offer.sha256,
        "how": said.way,
        "written": said,
        **fields,
    }
    signature = Signature(**fields)
    signature.save(force_insert=True)
    signature.refresh_from_db()
    return signature


def check_and_sign(said: WrittenYes, by, **fields) -> Signature:
    """At once, for what is confirmed is signed with it."""
    check(said, by)
    return sign(said, **fields)
