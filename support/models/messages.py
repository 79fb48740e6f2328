"""Messages: what the desk and the customer wrote or said on a ticket. The event moves the clocks, the text stands here."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from support import timeline
from support.actors import Actor, ActorKind
from support.mail import outbox
from support.mail.addresses import reply_address
from support.models.files import File, Visibility
from support.models.our_time import instants_in_our_time
from support.models.people import Contact
from support.models.tickets import Ticket
from support.models.tracked import ActorFields
from support.models.words import vector
from support.naming import is_said
from support.refusal import Refused


class Message(ActorFields):
    class Kind(models.TextChoices):
        REPLY = "reply", _("Reply")
        RECEIVED = "received", _("From the customer")
        NOTE = "note", _("Internal note")
        CALL = "call", _("Call")

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=8, choices=Kind)
    text = models.TextField()
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="messages")
    visibility = models.CharField(max_length=8, choices=Visibility)
    files = models.ManyToManyField(File, blank=True, related_name="messages")
    at = models.DateTimeField()
    words = models.GeneratedField(
        expression=vector("text"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        ordering = ["at", "id"]
        indexes = [GinIndex("words", name="message_words")]
        constraints = [
            instants_in_our_time("message_in_our_time", "at"),
            models.CheckConstraint(
                condition=~models.Q(kind="note") | models.Q(visibility="internal"), name="notes_are_internal"
            ),
        ]

    def __str__(self):
        return self.text[:80]

    @property
    def said_by(self) -> str:
        """Whose words these are: the contact's where somebody of the desk wrote them down for him."""
        return self.contact.name if self.kind == self.Kind.RECEIVED and self.contact else self.actor_name

    @classmethod
    def first(
        cls,
        ticket: Ticket,
        text: str,
        *,
        contact: Contact | None,
        files: Iterable[File],
        by: Actor,
        at: datetime,
    ) -> "Message":
        """The words with which a ticket is opened; `ticket.opened` is their event."""
        return cls._add(ticket, cls.Kind.RECEIVED, text, files, Visibility.CUSTOMER, by, at, contact)

    @classmethod
    @transaction.atomic
    def reply(
        cls,
        ticket: Ticket,
        text: str,
        *,
        files: Iterable[File] = (),
        to: Contact | None = None,
        by: Actor,
        at: datetime,
    ) -> "Message":
        """Write to the customer, by mail `to` one of its people or to whoever raised it. Counts as response and update where the service says so."""
        ticket.lock()
        if not ticket.undone:
            raise Refused(_("Ticket %(number)s is done: reopen it to reply.") % {"number": ticket.number})
        message = cls._add(ticket, cls.Kind.REPLY, text, files, Visibility.CUSTOMER, by, at)
        timeline.record(ticket, "message.sent", by=by, at=at, message=message.pk)
        contact = to or ticket.raised_by
        if contact is not None and contact.may_see(ticket.customer_id):
            outbox.queue(
                f"message:{message.pk}",
                to=[contact.email],
                subject=f"[{ticket.number}] {ticket.title}",
                text=_above_this_line(contact, text),
                reply_to=reply_address(ticket.number),
                automatic=by.kind != ActorKind.STAFF,
                at=at,
                customer=ticket.customer,
                files=message.files.all(),
            )
        return message

    @classmethod
    @transaction.atomic
    def receive(
        cls,
        ticket: Ticket,
        text: str,
        *,
        contact: Contact | None,
        files: Iterable[File] = (),
        automatic: bool = False,
        sender: str = "customer",
        by: Actor,
        at: datetime,
    ) -> "Message":
        """The customer wrote, or his partner. Ends a wait for the customer that asked for it; a resolved ticket opens again.

        What his machine wrote, an absence note, is kept and does neither.
        """
        ticket.lock()
        message = cls._add(ticket, cls.Kind.RECEIVED, text, files, Visibility.CUSTOMER, by, at, contact)
        if not ticket.undone and not automatic:
            ticket.reopen(by=by, at=at)
        facts = {"message": message.pk, "sender": sender, "automatic": automatic}
        timeline.record(ticket, "message.received", by=by, at=at, **facts)
        if automatic:
            return message
        for wait in ticket.waits.filter(reason="customer", ended_at=None):
            wait.over(at=at)
        return message

    @classmethod
    @transaction.atomic
    def note(
        cls, ticket: Ticket, text: str, *, files: Iterable[File] = (), by: Actor, at: datetime
    ) -> "Message":
        """For the desk alone; meets no clock. Possible on a ticket in any state."""
        ticket.lock()
        message = cls._add(ticket, cls.Kind.NOTE, text, files, Visibility.INTERNAL, by, at)
        timeline.record(ticket, "note.added", by=by, at=at, visibility=Visibility.INTERNAL, ids=[message.pk])
        return message

    @classmethod
    @transaction.atomic
    def call(
        cls,
        ticket: Ticket,
        text: str,
        *,
        made: bool,
        connected: bool,
        minutes: int = 0,
        contact: Contact | None = None,
        visibility: str = Visibility.INTERNAL,
        by: Actor,
        at: datetime,
    ) -> "Message":
        """A call that the desk made, or took. Connected, it counts as the service says; unanswered, it counts nothing.

        The customer reads that there was one, and its words only where they are for him.
        """
        ticket.lock()
        if not ticket.undone:
            raise Refused(_("Ticket %(number)s is done: reopen it first.") % {"number": ticket.number})
        message = cls._add(ticket, cls.Kind.CALL, text, (), visibility, by, at, contact)
        kind = "call.made" if made else "call.taken"
        who = contact.pk if contact else None
        timeline.record(
            ticket, kind, by=by, at=at, who=who, connected=connected, seconds=minutes * 60, message=message.pk
        )
        if connected and not made:
            for wait in ticket.waits.filter(reason="customer", ended_at=None):
                wait.over(at=at)
        return message

    @classmethod
    def _add(cls, ticket, kind, text, files, visibility, by, at, contact=None) -> "Message":
        if kind != cls.Kind.RECEIVED and not is_said(text):  # a mail that came in may bring files alone
            raise Refused(_("Write something that can be read."), "text")
        message = cls(ticket=ticket, kind=kind, text=text, visibility=visibility, contact=contact, at=at)
        message.actor = by
        message.save(force_insert=True)
        message.files.set(files)
        return message


def _above_this_line(contact: Contact, text: str) -> str:
    """The mail's words under a line that an answer is written above: what follows it is the mail that is answered."""
    with translation.override(contact.locale):
        return f"##- {_('Please write above this line')} -##\n\n{text}"
