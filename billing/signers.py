"""Who has signed an offer, person by person: whoever signs again, under another limit or to complete it, is one person all the same."""

from collections.abc import Iterable

from billing.models import Offer, Signature
from billing.rules import ask
from support.models import Contact


def last_of_each(signatures: Iterable[Signature]) -> list[Signature]:
    """Of each contact the last signature, in the order in which they first signed."""
    return list({one.contact_id: one for one in sorted(signatures, key=lambda one: one.pk)}.values())


def with_papers(signatures: Iterable[Signature]) -> list[Signature]:
    """Of each contact the last signature, and every one on paper, in their order: an order's number is told, whoever signed over it."""
    signatures = sorted(signatures, key=lambda one: one.pk)
    last = {one.pk for one in last_of_each(signatures)}
    return [one for one in signatures if one.pk in last or one.written_id]


def names(signatures: Iterable[Signature]) -> str:
    return ", ".join(one.contact_name for one in last_of_each(signatures))


def under_lower_limits(offer: Offer, signatures: Iterable[Signature]) -> list[Signature]:
    """Of whoever signed under limits that did not cover it, and has one by now that does: what he signs once more counts for that."""
    signatures = list(signatures)
    enough = {one.contact_id for one in signatures if one.authority >= offer.amount}
    last = [one for one in last_of_each(signatures) if one.contact_id not in enough]
    return [one for one in last if one.contact.may_sign and one.contact.approves_up_to >= offer.amount]


def confirms(offer: Offer, contact: Contact) -> bool:
    """Whether his yes completes what was signed: his own signature is there, he may still sign, and since then none is lacking any more."""
    may = contact.may_sign and offer.signatures.filter(contact=contact).exists()
    return may and not lacks(offer)


def counts_for_more(offer: Offer, contact: Contact) -> bool:
    """Whether he signed under a limit that did not cover it, and has one by now that does: what he signs once more counts for that."""
    his = offer.signatures.filter(contact=contact).select_related("contact__customer", "contact__user")
    return bool(under_lower_limits(offer, his)) and lacks(offer) == "authority_suffices"


def says_again(offer: Offer, contact: Contact) -> bool:
    """Whether he has signed, and his yes counts once he says it again."""
    return confirms(offer, contact) or counts_for_more(offer, contact)


def lacks(offer: Offer) -> str | None:
    """The rule that keeps it from being approved, as it stands; None where whoever signed has only to say so once more."""
    return ask("SELECT offer_seems_to_lack(%s)", offer.pk)[0]
