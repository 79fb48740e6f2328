"""Mail that comes in: stored first, then a reply on its ticket, a new ticket, or a stub that somebody looks at."""

import hashlib
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from support.actors import Actor
from support.desk import attaching
from support.desk.opening import open_ticket
from support.mail import outbox
from support.mail.addresses import is_ours, reply_address, ticket_number_in
from support.mail.reading import NotAMessage, Read, read
from support.models import (
    Channel,
    Contact,
    Customer,
    InboundMail,
    InboundState,
    Mail,
    Message,
    Ticket,
    TicketState,
    Visibility,
)
from support.refusal import Refused

log = logging.getLogger("countersign.mail")
LARGEST = 64 * 1024 * 1024  # bytes of a message; beyond that its server keeps it
HOUR = timedelta(hours=1)
LEFT, LEFT_AT_ONCE = timedelta(minutes=2), 100
TOLD = ["state", "why", "sender", "subject", "automatic"]


class TooLarge(ValueError):
    """No message that a person writes is so large; it was not taken."""


def ingest(raw: bytes, *, mailbox: str, recipient: str = "", at: datetime) -> tuple[InboundMail, bool]:
    """The row of this message, and whether it is new. Its bytes are committed before anything reads them.

    The same bytes in the same mailbox are one message; one whose reading was cut short is read now. Whatever goes wrong
    in reading makes a stub and never stops the next message.
    """
    if len(raw) > LARGEST:
        raise TooLarge(f"The message has {len(raw)} bytes; {LARGEST} are taken at most.")
    mail, new = _stored(raw, mailbox, recipient, at)
    deal(mail.pk, at)
    mail.refresh_from_db(fields=["state", "ticket", "why"])
    return mail, new


def deal(number: int, at: datetime) -> None:
    """Read a message that is stored, once, whoever else does so at the same time."""
    try:
        with transaction.atomic():
            held = InboundMail.objects.select_for_update().get(pk=number)
            if held.state == InboundState.STORED:
                _deal(held, at)
    except Exception as error:
        log.exception("Message %s could not be dealt with.", number)
        _stub(InboundMail.objects.get(pk=number), _("It could not be read: %(error)s") % {"error": error})


def deal_with_left(at: datetime) -> None:
    """Read what was stored and then left: whoever took it in was killed."""
    left = InboundMail.objects.filter(state=InboundState.STORED, received_at__lt=at - LEFT)
    for number in left.order_by("pk").values_list("pk", flat=True)[:LEFT_AT_ONCE]:
        deal(number, at)


def _stored(raw: bytes, mailbox: str, recipient: str, at: datetime) -> tuple[InboundMail, bool]:
    mail = InboundMail(mailbox=mailbox, recipient=recipient[:320], raw=raw, received_at=at)
    mail.sha256 = hashlib.sha256(raw).digest()
    try:
        with transaction.atomic(durable=True):
            mail.save(force_insert=True)
    except IntegrityError:
        return InboundMail.objects.defer("raw").get(mailbox=mailbox, sha256=mail.sha256), False
    return mail, True


def _deal(mail: InboundMail, at: datetime) -> None:
    """Whatever it becomes is written with the row, or nothing is."""
    try:
        said = read(bytes(mail.raw), largest=settings.UPLOAD_MAX_BYTES)
    except NotAMessage as wrong:
        return _stub(mail, f"{wrong}")
    mail.sender, mail.subject, mail.automatic = said.sender[:320], said.subject, said.automatic
    if is_ours(said.sender):
        return _stub(mail, _("It came from the desk’s own address."))
    ticket = _ticket_of((mail.recipient, *said.recipients))
    contact = _takes_part(ticket, said.sender) if ticket else None
    try:
        with transaction.atomic():
            if ticket and contact:
                return join(mail, said, ticket, contact, by=Actor.of(contact), at=at)
            return _new(mail, said, at)
    except Refused as refused:
        return _stub(mail, refused.sentence)


def join(
    mail: InboundMail, said: Read, ticket: Ticket, contact: Contact | None, *, by: Actor, at: datetime
) -> None:
    """Put a message on a ticket, in the words of its contact. What a machine wrote moves no clock.

    At the instant `at`, or right after what has happened on the ticket while it was read.
    """
    ticket.lock()
    at = max(at, ticket.changed_at)
    files = attaching.take(ticket, _uploads(said), visibility=Visibility.CUSTOMER, by=by, at=at)
    automatic, partner = mail.automatic, contact is not None and contact.customer_id != ticket.customer_id
    message = Message.receive(
        ticket,
        _words(said),
        contact=contact,
        files=files,
        automatic=automatic,
        sender="partner" if partner else "customer",
        by=by,
        at=at,
    )
    _told(mail, InboundState.REPLY, ticket, message, by, at)


def begin(
    mail: InboundMail,
    said: Read,
    customer: Customer,
    contact: Contact | None,
    *,
    contract=None,
    by: Actor,
    at: datetime,
) -> Ticket:
    """Raise a ticket with the words and files of a message. Raises Refused where several contracts fit."""
    ticket = open_ticket(
        customer=customer,
        title=said.subject.strip()[:200] or _("Without a subject"),
        text=_words(said),
        channel=Channel.EMAIL,
        contact=contact,
        contract=contract,
        uploads=_uploads(said),
        by=by,
        at=at,
    )
    _told(mail, InboundState.TICKET, ticket, ticket.messages.order_by("pk").first(), by, at)
    return ticket


def _new(mail: InboundMail, said: Read, at: datetime) -> None:
    if mail.automatic:
        return _stub(mail, _("A machine wrote it, and not to a ticket."))
    known = list(_writing(said.sender).select_related("customer")[:2])
    if len(known) != 1:
        why = (
            _("Its sender is a contact of several customers.")
            if known
            else _("Its sender is nobody’s contact, or is disabled.")
        )
        return _stub(mail, why)
    contact = known[0]
    ticket = begin(mail, said, contact.customer, contact, by=Actor.of(contact), at=at)
    _acknowledge(mail, ticket, contact, at)
    return None


def _acknowledge(mail: InboundMail, ticket: Ticket, contact: Contact, at: datetime) -> None:
    """Once an hour for an address: whoever answers by a machine that hides it is not answered for ever."""
    recent = Mail.objects.filter(key__startswith="received:", to=[contact.email], queued_at__gt=at - HOUR)
    if recent.exists():
        return
    with translation.override(contact.locale):
        text = _(
            "We have received your message; it is ticket %(number)s. A person will answer you.\n\n"
            "To add something, answer this mail."
        ) % {"number": ticket.number}
        outbox.queue(
            f"received:{mail.pk}",
            to=[contact.email],
            subject=f"[{ticket.number}] {ticket.title}",
            text=text,
            reply_to=reply_address(ticket.number),
            at=at,
            customer=ticket.customer,
        )


def _ticket_of(recipients: Iterator[str] | tuple[str, ...]) -> Ticket | None:
    """The ticket whose signed address is among them, or the one that it was merged into; a closed one stays closed."""
    numbers = [number for address in recipients if (number := ticket_number_in(address))]
    ticket = Ticket.objects.filter(number__in=numbers[:1]).first()
    while ticket is not None and ticket.survivor_id:
        ticket = ticket.survivor
    return None if ticket and ticket.state == TicketState.CLOSED else ticket


def _takes_part(ticket: Ticket, sender: str) -> Contact | None:
    """An active contact with this address, of the ticket's customer or with a grant to see it."""
    mine = Q(customer=ticket.customer_id) | Q(grants__customer=ticket.customer_id)
    return _writing(sender).filter(mine).distinct().order_by("pk").first()


def _writing(sender: str) -> QuerySet[Contact]:
    """Active contacts with this address, in plain letters; whose sign-in or company is disabled writes no more."""
    may = Q(user=None) | Q(user__is_active=True)
    return Contact.objects.filter(may, email__iexact=sender, active=True, customer__active=True)


def _words(said: Read) -> str:
    text = said.text or _("(no words)")
    if said.left_out:
        text += "\n\n" + _("Not kept, too large or too many: %(names)s") % {"names": ", ".join(said.left_out)}
    return text


def _uploads(said: Read) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(part.name or "file", part.content, part.content_type) for part in said.files]


def _told(
    mail: InboundMail, state: InboundState, ticket: Ticket, message: Message, by: Actor, at: datetime
) -> None:
    mail.state, mail.ticket, mail.message, mail.why = state, ticket, message, ""
    mail.dealt_by, mail.dealt_at = by.name, at
    mail.save(update_fields=[*TOLD, "ticket", "message", "dealt_by", "dealt_at"])


def _stub(mail: InboundMail, why: str) -> None:
    mail.state, mail.why = InboundState.STUB, why[:300].replace("\0", "")
    mail.save(update_fields=TOLD)
