"""A yes that came by mail, as a signed document or as a purchase order: one of the desk records it, another one confirms it."""

import hashlib
from datetime import date, datetime

from django.core.files.base import File as Upload
from django.utils.translation import gettext as _

from billing import letters
from billing.answering import completed
from billing.models import Approval, Offer, Signature, WrittenCheck, WrittenYes
from billing.rules import ask, verb
from billing.telling import tell_of_offer
from support.actors import Actor
from support.models import Contact, File, User, Visibility
from support.naming import is_said, is_written
from support.refusal import Refused

PIECE = 64 * 1024


@verb
def record(
    offer: Offer,
    *,
    contact: Contact,
    way: str,
    signed_name: str,
    says: str,
    dated_on: date,
    original: Upload,
    shown_sha256: str,
    reference: str = "",
    by: Actor,
    at: datetime,
) -> WrittenYes:
    """Keep what a contact wrote, with its original, for another person of the desk to look at. Nothing is approved by it.

    `shown_sha256` in hex, of the offer that it was compared with. Raises Refused.
    """
    offer.engagement.lock()
    _must_be_undecided(offer)
    _must_be_shown(bytes(offer.sha256).hex(), shown_sha256)
    if not is_written(signed_name):
        raise Refused(_("Write the name with letters alone, on one line."), "signed_name")
    if way == WrittenYes.Way.ORDER and not is_said(reference):
        raise Refused(_("Write down the number of the purchase order."), "reference")
    if not is_said(says):
        raise Refused(_("Write down the words that are the yes."), "says")
    customer = offer.engagement.ticket.customer
    kept = File.objects.take(original, customer=customer, visibility=Visibility.INTERNAL, by=by, at=at)
    said = WrittenYes(
        offer=offer,
        contact=contact,
        way=way,
        signed_name=signed_name.strip(),
        reference=reference.strip(),
        says=says.strip(),
        dated_on=dated_on,
        original=kept,
        sha256=bytes.fromhex(shown_sha256),
    )
    said.actor = by
    said.save(force_insert=True)
    said.refresh_from_db()
    tell_of_offer(offer, "offer.written", by=by, at=at)
    return said


@verb
def confirm(
    said: WrittenYes, *, shown_sha256: str, original_sha256: str, by: Actor, at: datetime
) -> Approval | None:
    """The second person's word that the original says so. It is the contact's signature from this instant on, never earlier.

    Answers the approval, or None when somebody else has to sign as well. Both hashes in hex: of the offer, and of the
    original, as they were shown; the original's stored bytes must still have it. Raises Refused.
    """
    offer = _held(said)
    _must_be_shown(bytes(offer.sha256).hex(), shown_sha256)
    _must_be_shown(said.original_sha256, original_sha256)
    if hash_of(said.original) != said.original_sha256:
        raise Refused(_("The stored original is not what was recorded: refuse it, and record it again."))
    _check(said, True, "", by)
    signature = Signature(
        offer=offer,
        contact=said.contact,
        typed_name=said.signed_name,
        sentence=offer.sentence,
        sha256=offer.sha256,
        how=said.way,
        written=said,
    )
    signature.save(force_insert=True)
    signature.refresh_from_db()
    approval = completed(offer, "offer.confirmed", by=by, at=at)
    if approval is None:
        letters.tell_of_signature(offer, signature, at=at)
    return approval


@verb
def refuse(said: WrittenYes, *, reason: str, by: Actor, at: datetime) -> WrittenCheck:
    """The second person's word that it is no yes to this offer. The offer stays as it is."""
    offer = _held(said)
    if not is_said(reason):
        raise Refused(_("Write down why."), "reason")
    check = _check(said, False, reason.strip(), by)
    tell_of_offer(offer, "offer.unwritten", by=by, at=at)
    letters.tell_of_unwritten(said, check, at=at)
    return check


def is_recorder(said: WrittenYes, person: User) -> bool:
    """Whether this is, as far as the rows can say, the person who recorded it."""
    return ask("SELECT is_same_person(%s, %s)", said.actor_id, person.pk)[0]


def hash_of(file: File) -> str:
    """The SHA-256, in hex, of the bytes that are stored now; Refused when they are gone."""
    digest = hashlib.sha256()
    try:
        with file.open() as stored:
            while piece := stored.read(PIECE):
                digest.update(piece)
    except FileNotFoundError:
        raise Refused(
            _("The original %(name)s is not in the storage any more.") % {"name": file.name}
        ) from None
    return digest.hexdigest()


def _held(said: WrittenYes) -> Offer:
    """The offer that it answers, with ticket, engagement and offer held in this order."""
    offer = Offer.objects.select_related("engagement__ticket").get(pk=said.offer_id)
    offer.engagement.lock()
    _must_be_undecided(offer)
    if WrittenCheck.objects.filter(written=said).exists():
        raise Refused(_("Somebody has confirmed or refused this already."))
    return offer


def _must_be_undecided(offer: Offer) -> None:
    if (stands := ask("SELECT hold_offer(%s)", offer.pk)[0]) != "undecided":
        raise Refused(
            _("This offer is %(stands)s already: it cannot be answered again.") % {"stands": stands}
        )


def _must_be_shown(kept: str, shown: str) -> None:
    if kept != shown:
        raise Refused(_("What was shown is not what is stored: open the page again."))


def _check(said: WrittenYes, confirmed: bool, reason: str, by: Actor) -> WrittenCheck:
    check = WrittenCheck(
        written=said,
        confirmed=confirmed,
        reason=reason,
        sha256=said.sha256,
        original_sha256=said.original_sha256,
    )
    check.actor = by
    check.save(force_insert=True)
    return check
