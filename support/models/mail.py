"""Outgoing mail as rows: written with its cause, sent by a job, kept as evidence of what left and when."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from support.models.customers import Customer
from support.models.files import File
from support.models.our_time import instants_in_our_time


class Mail(models.Model):
    """One message to its recipients. `key` names its effect: a cause that happens twice writes one mail."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    key = models.CharField(max_length=200, unique=True)
    message_id = models.CharField(max_length=250, unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="mails")
    to = ArrayField(models.EmailField(max_length=254))
    reply_to = models.CharField(
        max_length=254, blank=True, help_text=_("Where answers lead; empty: to the desk.")
    )
    automatic = models.BooleanField(
        default=True, help_text=_("Says so in its header, so that no machine answers it.")
    )
    subject = models.CharField(max_length=250)
    text = models.TextField()
    files = models.ManyToManyField(File, blank=True, related_name="mails")
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    error = models.TextField(blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "mail"
        ordering = ["-queued_at", "-id"]
        indexes = [models.Index("queued_at", name="mail_to_send", condition=models.Q(state="queued"))]
        constraints = [
            instants_in_our_time("mail_in_our_time", "queued_at", "sent_at"),
            models.CheckConstraint(condition=models.Q(to__len__gt=0), name="mail_has_a_recipient"),
            models.CheckConstraint(
                condition=(models.Q(state="sent") & models.Q(sent_at__isnull=False))
                | (~models.Q(state="sent") & models.Q(sent_at=None)),
                name="mail_sent_has_its_instant",
            ),
            models.CheckConstraint(
                condition=~models.Q(subject__regex=r"[\x01-\x1f\x7f]"),
                name="no_control_characters_in_subject",
            ),
        ]

    def __str__(self):
        return self.subject
