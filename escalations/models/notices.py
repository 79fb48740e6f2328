"""Notices of an outage: what is owed and when, what was sent or skipped, and who received it. Only ever added."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from escalations.models.outages import Outage
from escalations.models.steps import NOW
from support.models import ActorFields, Contact, Mail
from support.models.our_time import EARLIEST, LATEST


class DueNotice(models.Model):
    """A notice that the service owes, written by the database alone. The desk is warned before it and told at it."""

    outage = models.ForeignKey(Outage, models.PROTECT, related_name="dues")
    position = models.PositiveIntegerField()
    warn_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["outage", "position"]
        constraints = [
            models.UniqueConstraint(fields=["outage", "position"], name="due_notice_once_in_its_place")
        ]
        indexes = [
            models.Index("warn_at", name="notice_to_warn_of", condition=Q(warned_at=None)),
            models.Index("due_at", name="notice_to_tell_of", condition=Q(told_at=None)),
        ]

    def __str__(self):
        return f"{self.outage_id}/{self.position}"


class Notice(ActorFields):
    """One that was sent, or skipped with the reason; number, kind, instant and how many it goes to are the database's."""

    class Kind(models.TextChoices):
        FIRST = "first", _("First notification")
        UPDATE = "update", _("Update")
        RESOLUTION = "resolution", _("Resolution notification")

    class What(models.TextChoices):
        SENT = "sent", _("Sent")
        SKIPPED = "skipped", _("Skipped")

    outage = models.ForeignKey(Outage, models.PROTECT, related_name="notices")
    position = models.PositiveIntegerField(editable=False)
    due = models.OneToOneField(
        DueNotice, models.PROTECT, null=True, blank=True, related_name="notice", editable=False
    )
    kind = models.CharField(max_length=10, choices=Kind, editable=False)
    what = models.CharField(max_length=7, choices=What)
    details = models.TextField(blank=True)
    impact = models.TextField(blank=True)
    expected_at = models.DateTimeField(null=True, blank=True, help_text=_("Empty: not known yet."))
    reason = models.TextField(blank=True)
    recipients = models.PositiveIntegerField(editable=False)
    at = models.DateTimeField(db_default=NOW, editable=False)

    class Meta:
        ordering = ["outage", "position"]
        constraints = [
            models.UniqueConstraint(fields=["outage", "position"], name="notice_once_in_its_place"),
            models.CheckConstraint(
                condition=Q(expected_at=None) | Q(expected_at__gte=EARLIEST, expected_at__lt=LATEST),
                name="notice_expects_in_our_time",
            ),
            models.CheckConstraint(
                condition=(
                    Q(what="sent", reason="") & ~Q(details__regex=r"^\s*$") & ~Q(impact__regex=r"^\s*$")
                )
                | (
                    Q(what="skipped", details="", impact="", expected_at=None, recipients=0)
                    & ~Q(reason__regex=r"^\s*$")
                ),
                name="notice_says_what_or_why_not",
            ),
        ]

    def __str__(self):
        return f"{self.outage_id}/{self.position}"

    @property
    def late(self) -> bool:
        return self.what == self.What.SENT and self.due is not None and self.at > self.due.due_at


class NoticeRecipient(models.Model):
    """Who received a notice, by the mail that went to him."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="received_by")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    mail = models.OneToOneField(Mail, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["notice", "contact__name", "id"]
        constraints = [models.UniqueConstraint(fields=["notice", "contact"], name="noticed_once")]

    def __str__(self):
        return f"{self.notice_id}: {self.contact_id}"
