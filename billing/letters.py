"""The mails about an offer. Links and codes are placeholders here; the outbox puts them in as a mail leaves."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from billing import delivering, links, signers, wording, worth
from billing.models import ApprovalBalance, Invitation, Offer, Signature, WrittenCheck, WrittenYes
from billing.money import Money
from support.actors import Actor
from support.mail import outbox, secrets
from support.models import Contact, File, Mail, User, Visibility


def ask(offer: Offer, contact: Contact, nonce: str, *, at: datetime) -> Mail:
    """The offer's link, for this contact alone."""
    said = {
        "contact": contact,
        "link": secrets.placeholder(links.LINK, nonce),
        "answer_by": wording.when(offer.answer_by, contact.time_zone),
    }
    subject = _("Your answer is needed: %(title)s") % {"title": offer.engagement.title}
    return _send(f"invitation:{nonce}", [contact.email], subject, "offer", offer, at, contact, said)


def send_code(offer: Offer, contact: Contact, nonce: str, *, at: datetime) -> Mail:
    said = {"contact": contact, "code": secrets.placeholder(links.CODE, nonce)}
    return _send(f"code:{nonce}", [contact.email], _("Your code"), "code", offer, at, contact, said)


def receipt(offer: Offer, signatures: Iterable[Signature], *, by: Actor, at: datetime) -> Mail:
    """To everybody who signed and is still there, with the document, and to us. The customer's mail is the one that is answered.

    Both take the copy along that `billing.papers` makes as they leave.
    """
    signatures = list(signatures)
    last = signatures[-1].contact
    signed = [
        {
            "name": one.typed_name,
            "contact": one.contact_name,
            "at": wording.when(one.signed_at, last.time_zone),
            "written": one.written,
        }
        for one in signers.with_papers(signatures)
    ]
    said = {"contact": last, "signed": signed, "hash": bytes(offer.sha256).hex()}
    subject = _("Approved in writing: %(title)s") % {"title": offer.engagement.title}
    files = [_file(offer, by, at)]
    to = reached(offer)
    mail = _send(f"approved:{offer.pk}:customer", to, subject, "approved", offer, at, last, said, files)
    ours = _owners(offer)
    _send(f"approved:{offer.pk}:desk", ours, subject, "approved", offer, at, None, said, files)
    return mail


def tell_of_signature(offer: Offer, signature: Signature, *, at: datetime) -> Mail:
    """One has signed, and it does not suffice yet: the desk asks the next one."""
    subject = _("Signed by %(name)s, not approved yet") % {"name": signature.contact_name}
    said = {"signature": signature}
    return _send(f"signed:{signature.pk}", _desk(offer), subject, "signed", offer, at, None, said)


def tell_of_unwritten(said: WrittenYes, check: WrittenCheck, *, at: datetime) -> Mail:
    """Whoever recorded a yes on paper hears why it was not confirmed, and the desk."""
    offer = said.offer
    recorder = User.objects.filter(pk=said.actor_id, is_active=True).values_list("email", flat=True)
    to = sorted({*_desk(offer), *recorder})
    subject = _("The written yes of %(name)s was not confirmed") % {"name": said.contact_name}
    told = {"said": said, "check": check}
    return _send(f"unwritten:{said.pk}", to, subject, "unwritten", offer, at, None, told)


def tell_of_decline(offer: Offer, contact: Contact, reason: str, *, at: datetime) -> None:
    """Both sides have it in writing."""
    subject = _("Declined: %(title)s") % {"title": offer.engagement.title}
    said = {"contact": contact, "reason": reason}
    for side, to in [("customer", [contact.email]), ("desk", _desk(offer))]:
        _send(f"declined:{offer.pk}:{side}", to, subject, "declined", offer, at, contact, said)


def tell_of_withdrawal(offer: Offer, *, at: datetime) -> None:
    """Whoever was asked need not answer any more."""
    asked = {
        each.contact for each in offer.invitations.select_related("contact__customer") if each.contact.present
    }
    subject = _("No answer is needed any more: %(title)s") % {"title": offer.engagement.title}
    for contact in asked:
        key = f"withdrawn:{offer.pk}:{contact.pk}"
        _send(key, [contact.email], subject, "withdrawn", offer, at, contact, {"contact": contact})


def tell_of_end(offer: Offer, reason: str, *, by: Actor, at: datetime) -> None:
    """An approval was withdrawn: both sides have it in writing."""
    subject = _("Approval withdrawn: %(title)s") % {"title": offer.engagement.title}
    said = {"reason": reason, "by": by.name}
    for side, to in [("customer", reached(offer)), ("desk", _desk(offer))]:
        if to:
            _send(f"ended:{offer.pk}:{side}", to, subject, "ended", offer, at, None, said)


def tell_of_use(balance: ApprovalBalance, share: int, *, at: datetime) -> None:
    """So many per cent of an offer's time are used: whoever signed and is still there is told, and the desk; and what else is approved."""
    offer = balance.approval.offer
    others = _in_force_besides(balance, at)
    left = sum(each.room for each in others if each.room > 0)
    said = {
        "share": share,
        "used": wording.span(balance.used),
        "left": wording.span(balance.room) if balance.room > 0 else "",
        "elsewhere": wording.span(left) if left else "",
        "fixed": any(delivering.undelivered(each.approval) for each in others),
        "spent": str(Money(worth.used([balance.approval])[balance.pk], offer.currency)),
    }
    subject = (
        _("The time of offer %(number)d is used up: %(title)s")
        if balance.room <= 0
        else _("%(share)d %% or more of the time of offer %(number)d is used: %(title)s")
    ) % {"share": share, "number": offer.number, "title": offer.engagement.title}
    for side, to in [("customer", reached(offer)), ("desk", _desk(offer))]:
        if to:
            _send(f"used:{balance.pk}:{share}:{side}", to, subject, "used", offer, at, None, said)


def _in_force_besides(balance: ApprovalBalance, at: datetime) -> list[ApprovalBalance]:
    """What else is approved for the same engagement."""
    others = ApprovalBalance.objects.filter(
        approval__engagement=balance.approval.engagement, ended_at=None, work_until__gt=at
    )
    return list(others.exclude(pk=balance.pk).select_related("approval__offer"))


def remind(invitation: Invitation, key: str, *, at: datetime) -> Mail:
    """Nobody has answered yet. The link is in the first mail alone, and this one says which that was."""
    offer, contact = invitation.offer, invitation.contact
    said = {
        "contact": contact,
        "asked": invitation.mail.subject,
        "sent": wording.when(invitation.sent_at, contact.time_zone),
        "answer_by": wording.when(offer.answer_by, contact.time_zone),
        "confirms": signers.confirms(offer, contact),
        "more": signers.counts_for_more(offer, contact),
    }
    subject = _("Still waiting for your answer: %(title)s") % {"title": offer.engagement.title}
    return _send(key, [contact.email], subject, "reminder", offer, at, contact, said)


def _send(key, to, subject, name, offer, at, contact, said, files=()) -> Mail:
    engagement = offer.engagement
    context = {
        **said,
        "offer": offer,
        "engagement": engagement,
        "ticket": engagement.ticket,
        "customer": engagement.customer,
        "cap": wording.span(offer.cap),
        "amount": str(Money(offer.amount, offer.currency)),
        "minimum": str(Money(offer.minimum_charge, offer.currency)),
    }
    with translation.override(contact.locale if contact else settings.LANGUAGE_CODE):
        text = render_to_string(f"billing/mail_{name}.txt", context)
    subject = f"[{engagement.ticket.number}] {subject}"
    return outbox.queue(
        key, to=to, subject=subject, text=text, at=at, customer=engagement.customer, files=files
    )


def reached(offer: Offer) -> list[str]:
    """Where those who signed are reached today: nobody who has left the company reads its business."""
    people = Contact.objects.filter(signatures__offer=offer, active=True, customer__active=True)
    return sorted(set(people.values_list("email", flat=True)))


def _desk(offer: Offer) -> list[str]:
    """Who of us hears of the answer: whoever sent the offer and the ticket's owner; the desk's address for neither."""
    sender = offer.actor_id if offer.actor_kind == "staff" else None
    ids = [sender, offer.engagement.ticket.owner_id]
    people = User.objects.filter(pk__in=[pk for pk in ids if pk], kind="staff", is_active=True)
    found = sorted(people.values_list("email", flat=True))
    return found or [outbox.desk()]


def _owners(offer: Offer) -> list[str]:
    """Who of us keeps a copy: whoever looks after the customer, and who hears of the answer."""
    manager = offer.engagement.customer.success_manager
    return sorted({manager.email, *_desk(offer)}) if manager and manager.is_active else _desk(offer)


def _file(offer: Offer, by: Actor, at: datetime) -> File:
    """The document, byte for byte, as a file that goes along and stays on the ticket's customer."""
    upload = SimpleUploadedFile(f"{offer.reference}.html", bytes(offer.document), "text/html")
    customer = offer.engagement.customer
    return File.objects.take(upload, customer=customer, visibility=Visibility.CUSTOMER, by=by, at=at)
