"""Maintenance windows: what is worked on, when and for which contracts, who was told, and which tickets stood still for one."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Least
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from escalations.models.steps import NOW
from support.models import (
    ActorFields,
    Contact,
    Contract,
    Customer,
    Mail,
    Product,
    ServiceVersion,
    Ticket,
    Wait,
)
from support.models.our_time import LATEST

LONGEST = timedelta(days=31)  # of a window


class WindowState(models.TextChoices):
    COMING = "coming", _("Announced")
    ON = "on", _("Going on")
    OVER = "over", _("Over")
    CANCELLED = "cancelled", _("Withdrawn")
    MOVED = "moved", _("Moved")


class WindowQuerySet(models.QuerySet):
    def with_end(self):
        """Each with `stopped_at`, when it was withdrawn or moved, `stopped` how, and `until`, when it ends or ended."""
        calls_off = MaintenanceNotice.objects.filter(
            window=models.OuterRef("pk"), kind__in=["withdrawn", "moved"]
        )
        return self.annotate(
            stopped_at=models.Subquery(calls_off.values("at")[:1]),
            stopped=models.Subquery(calls_off.values("kind")[:1]),
            until=Least("ends_at", "stopped_at"),
        )

    def on(self, at: datetime):
        return self.with_end().filter(begins_at__lte=at, until__gt=at)

    def to_come(self, at: datetime):
        """Going on, or still to begin, and not withdrawn or moved."""
        return self.with_end().filter(ends_at__gt=at, stopped_at=None)

    def of_customers(self, user):
        """Those of every customer whom this person sees."""
        seen = Customer.objects.visible_to(user).filter(active=True)
        return self.filter(contracts__contract__holder__in=seen).distinct()


class MaintenanceWindow(ActorFields):
    """Announced as it is and never changed: it is withdrawn, or another one takes its place."""

    number = models.CharField(max_length=14, unique=True, editable=False)
    service = models.ForeignKey(
        ServiceVersion, models.PROTECT, related_name="+", help_text=_("The newest that its contracts pin.")
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", help_text=_("Empty: all of it.")
    )
    title = models.CharField(max_length=200)
    details = models.TextField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.TextField(blank=True, help_text=_("Why it is announced late; the desk’s own."))
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="successor", help_text=_("Moved from.")
    )
    announced_at = models.DateTimeField(db_default=NOW, editable=False)

    objects = WindowQuerySet.as_manager()

    class Meta:
        ordering = ["-begins_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title__regex=r"^\s*$") & ~Q(title__regex=r"[\x01-\x1f\x7f]"),
                name="window_has_a_title_of_one_line",
            ),
            models.CheckConstraint(condition=~Q(details__regex=r"^\s*$"), name="window_says_what_is_done"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")), name="window_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("begins_at") + LONGEST, ends_at__lt=LATEST),
                name="window_is_of_a_month_at_most",
            ),
            models.CheckConstraint(
                condition=Q(begins_at__gte=F("announced_at")), name="window_is_still_to_come"
            ),
        ]
        indexes = [models.Index("ends_at", name="window_by_end")]

    def __str__(self):
        return f"{self.number} {self.title}"

    def get_absolute_url(self):
        return reverse("escalations:maintenance-page", args=[self.number])


class GoesOn(models.Func):
    """Whether what this contract was told of concerns that other one, and this product: it is the same, renews it, or was
    renewed by it."""

    function = "contract_goes_on"
    arity = 3
    output_field = models.BooleanField()


class ToldQuerySet(models.QuerySet):
    def concerning(self, contract, product, holder):
        """Those of its holder's that concern a contract and, where there is one, a ticket's product."""
        given = [models.ExpressionWrapper(each, models.BigIntegerField()) for each in (contract, product)]
        return self.filter(GoesOn("contract", *given), contract__holder=holder)


class MaintenanceContract(models.Model):
    """A contract that a window concerns. The database says whether that was announced in time for its service and zone."""

    window = models.ForeignKey(MaintenanceWindow, models.PROTECT, related_name="contracts")
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="maintenance")
    in_time = models.BooleanField(default=False, editable=False)

    objects = ToldQuerySet.as_manager()

    class Meta:
        ordering = ["window", "contract__holder__name", "id"]
        constraints = [models.UniqueConstraint(fields=["window", "contract"], name="contract_concerned_once")]

    def __str__(self):
        return f"{self.window_id}: {self.contract_id}"


class MaintenanceNotice(ActorFields):
    """The announcement, or the word that it does not take place; how many it goes to is the database's."""

    class Kind(models.TextChoices):
        ANNOUNCED = "announced", _("Announced")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        MOVED = "moved", _("Moved")

    window = models.ForeignKey(MaintenanceWindow, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=9, choices=Kind)
    text = models.TextField(blank=True, help_text=_("Why, in words for the customers."))
    recipients = models.PositiveIntegerField(editable=False)
    at = models.DateTimeField(db_default=NOW, editable=False)

    class Meta:
        ordering = ["window", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["window"], condition=Q(kind="announced"), name="window_announced_once"
            ),
            models.UniqueConstraint(
                fields=["window"], condition=~Q(kind="announced"), name="window_called_off_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="announced") | ~Q(text__regex=r"^\s*$"),
                name="window_is_called_off_with_words",
            ),
        ]

    def __str__(self):
        return f"{self.window_id}: {self.get_kind_display()}"


class MaintenanceRecipient(models.Model):
    """Who was told, by the mail that went to him."""

    notice = models.ForeignKey(MaintenanceNotice, models.PROTECT, related_name="received_by")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    mail = models.OneToOneField(Mail, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["notice", "contact__name", "id"]
        constraints = [models.UniqueConstraint(fields=["notice", "contact"], name="told_of_maintenance_once")]

    def __str__(self):
        return f"{self.notice_id}: {self.contact_id}"


class MaintenanceStop(models.Model):
    """A ticket that stood still for a window announced in time, and its wait; opened again during the window, it stands still again."""

    window = models.ForeignKey(MaintenanceWindow, models.PROTECT, related_name="stops")
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="maintenance_stops")
    wait = models.OneToOneField(Wait, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["window", "id"]

    def __str__(self):
        return f"{self.window_id}: {self.ticket_id}"
