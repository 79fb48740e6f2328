"""Mail that came in: its bytes as they were received, and what became of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from support.models.messages import Message
from support.models.our_time import instants_in_our_time
from support.models.tickets import Ticket


class InboundState(models.TextChoices):
    STORED = "stored", _("Not read yet")
    REPLY = "reply", _("A reply on its ticket")
    TICKET = "ticket", _("A new ticket")
    STUB = "stub", _("To be looked at")
    ASIDE = "aside", _("Set aside")


class InboundMail(models.Model):
    """Known by its mailbox and the hash of its bytes, never by the Message-ID that it claims."""

    mailbox = models.CharField(max_length=100)
    recipient = models.CharField(max_length=320, blank=True, help_text=_("Whom the server delivered it to."))
    sha256 = models.BinaryField(max_length=32)
    raw = models.BinaryField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=InboundState, default=InboundState.STORED)
    sender = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=250, blank=True)
    automatic = models.BooleanField(default=False, help_text=_("Written by a machine: never answered."))
    why = models.CharField(
        max_length=300, blank=True, help_text=_("Why somebody has to look, or set it aside.")
    )
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, blank=True, related_name="inbound")
    message = models.OneToOneField(Message, models.PROTECT, null=True, blank=True, related_name="inbound")
    dealt_by = models.CharField(max_length=200, blank=True)
    dealt_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("mail that came in")
        verbose_name_plural = _("mail that came in")
        ordering = ["-received_at", "-id"]
        constraints = [
            instants_in_our_time("inbound_in_our_time", "received_at", "dealt_at"),
            models.UniqueConstraint(fields=["mailbox", "sha256"], name="inbound_once_per_mailbox"),
            models.CheckConstraint(
                condition=Q(state__in=["reply", "ticket"], ticket__isnull=False, message__isnull=False)
                | Q(state__in=["stored", "stub", "aside"], message=None),
                name="inbound_is_where_it_says",
            ),
        ]
        indexes = [models.Index("received_at", name="inbound_to_look_at", condition=Q(state="stub"))]

    def __str__(self):
        return self.subject or f"{self.sender} {self.received_at:%Y-%m-%d %H:%M}"
