"""Major incident reports: what is owed after an outage or a ticket and by when, its versions, and who was given them."""

import hashlib
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from escalations.models.outages import Outage, OutageTicket
from escalations.models.steps import NOW
from support.models import ActorFields, Contact, Customer, File, Mail, Ticket, User
from support.models.our_time import EARLIEST, LATEST, days_in_our_time
from support.models.tickets import UNDONE
from support.refusal import Refused


class ReportState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")


class ReportQuerySet(models.QuerySet):
    def issued(self):
        return self.filter(versions__state=ReportState.ISSUED).distinct()

    def unissued(self):
        """Nothing of it has left, and what it is about is over: of a ticket that came back none is asked for."""
        left = ReportVersion.objects.filter(report=models.OuterRef("pk"), state=ReportState.ISSUED)
        return self.filter(~models.Exists(left)).exclude(ticket__state__in=UNDONE)

    def undrafted(self):
        return self.unissued().filter(versions=None)

    def drafted(self):
        return self.filter(versions__state=ReportState.DRAFT).distinct()

    def late(self, at):
        return self.unissued().filter(due_at__lte=at)

    def told_to(self, user):
        """Issued ones: of an outage to its audience and to whoever raised a ticket behind it, of a ticket to whoever sees it."""
        outages, tickets = Outage.objects.told_to(user), Ticket.objects.visible_to(user)
        raised = OutageTicket.objects.filter(
            ticket__in=tickets.values("pk"), ticket__raised_by__user=user, ticket__raised_by__active=True
        )
        mine = Q(outage__in=outages.values("pk")) | Q(outage__in=raised.values("outage"))
        return self.filter(mine | Q(ticket__in=tickets.values("pk"))).issued()


class IncidentReport(models.Model):
    """One that is owed after an outage, or after a ticket. Number and end are the database's; of a ticket that came back it is
    dated by the last end, until it is issued."""

    number = models.CharField(max_length=14, unique=True, editable=False)
    outage = models.OneToOneField(Outage, models.PROTECT, null=True, blank=True, related_name="report")
    ticket = models.OneToOneField(Ticket, models.PROTECT, null=True, blank=True, related_name="report")
    ended_at = models.DateTimeField(editable=False)
    due_at = models.DateTimeField()
    at = models.DateTimeField(db_default=NOW, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outage=None, ticket__isnull=False) | Q(outage__isnull=False, ticket=None),
                name="report_after_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=EARLIEST, due_at__lt=LATEST), name="report_is_due_in_our_time"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=models.F("ended_at")), name="report_is_due_after_the_end"
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.subject.title}"

    def get_absolute_url(self):
        return reverse("escalations:report-page", args=[self.number])

    @property
    def over_since(self) -> datetime:
        """When it was over, as its outage says it; what is owed counts from `ended_at`, when everybody was told."""
        return self.outage.ended_at if self.outage else self.ended_at

    @property
    def subject(self) -> Outage | Ticket:
        """What it is about."""
        found = self.outage or self.ticket
        if found is None:
            raise AssertionError("a report is after an outage or a ticket")
        return found


class ReportVersion(ActorFields):
    """Written until it is issued, and never after that: a correction is a further version. `actor` wrote or issued it last."""

    report = models.ForeignKey(IncidentReport, models.PROTECT, related_name="versions")
    position = models.PositiveIntegerField(editable=False)
    state = models.CharField(max_length=6, choices=ReportState, default=ReportState.DRAFT)
    impact = models.TextField(blank=True)
    root_cause = models.TextField(blank=True)
    correction = models.TextField(blank=True, help_text=_("What is other than in the version before."))
    story = models.JSONField(
        default=list, blank=True, help_text=_("What happened and when, as it was told on issue.")
    )
    recipients = models.PositiveIntegerField(default=0, editable=False)
    begun_at = models.DateTimeField(db_default=NOW, editable=False)
    issued_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["report", "position"]
        constraints = [
            models.UniqueConstraint(fields=["report", "position"], name="report_version_once"),
            models.UniqueConstraint(
                fields=["report"], condition=Q(state="draft"), name="one_draft_of_a_report"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", issued_at=None, recipients=0)
                | (
                    Q(state="issued", issued_at__isnull=False)
                    & ~Q(impact__regex=r"^\s*$")
                    & ~Q(root_cause__regex=r"^\s*$")
                    & ~Q(story=[])
                ),
                name="an_issued_report_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(position=1) | ~Q(correction__regex=r"^\s*$"),
                name="a_correction_says_what_it_corrects",
            ),
        ]

    def __str__(self):
        return f"{self.report_id}/{self.position}"

    @property
    def issued(self) -> bool:
        return self.state == ReportState.ISSUED


class ReportAction(models.Model):
    """What is done so that it does not happen again, by whom and by when."""

    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="actions")
    position = models.PositiveIntegerField(editable=False)
    text = models.TextField()
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    owner_name = models.CharField(max_length=200, editable=False)
    due_on = models.DateField()

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            days_in_our_time("action_in_our_time", "due_on"),
            models.UniqueConstraint(fields=["version", "position"], name="report_action_once_in_its_place"),
            models.CheckConstraint(condition=~Q(text__regex=r"^\s*$"), name="report_action_says_what"),
        ]

    def __str__(self):
        return f"{self.version_id}/{self.position}"


class ReportRecipient(models.Model):
    """Who was mailed a version as it was issued."""

    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="given_to")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    mail = models.OneToOneField(Mail, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["version", "contact__name", "id"]
        constraints = [models.UniqueConstraint(fields=["version", "contact"], name="reported_once")]

    def __str__(self):
        return f"{self.version_id}: {self.contact_id}"


class ReportPaper(models.Model):
    """An issued version as PDF, in the zone and language of one customer; made once."""

    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="papers")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    file = models.OneToOneField(File, models.PROTECT, related_name="+")
    sha256 = models.BinaryField(max_length=32)
    made_at = models.DateTimeField(db_default=NOW, editable=False)

    class Meta:
        ordering = ["version", "customer"]
        constraints = [models.UniqueConstraint(fields=["version", "customer"], name="report_paper_made_once")]

    def __str__(self):
        return f"{self.version_id}: {self.customer_id}"

    def content(self) -> bytes:
        """Its bytes; Refused where the storage gives back others than were made."""
        with self.file.open() as stored:
            content = stored.read()
        if hashlib.sha256(content).digest() != bytes(self.sha256):
            raise Refused(
                _("This file is not what was stored: do not use it, and tell whoever runs this server.")
            )
        return content
