"""Invoices, their lines and credit notes. Issued, they never change."""

import re
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.approvals import Approval
from billing.models.now import NOW
from billing.models.time import TimeEntry
from support.models import ActorFields, Contact, Customer, LegalEntity
from support.models.customers import CurrencyField
from support.models.our_time import days_in_our_time, instants_in_our_time


class InvoiceCounter(models.Model):
    """The last number of a series; written by the guard alone, in the transaction that issues."""

    legal_entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="+")
    series = models.CharField(max_length=20)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["legal_entity", "series"], name="one_counter")]

    def __str__(self):
        return f"{self.series}: {self.last}"


class InvoiceQuerySet(models.QuerySet):
    def issued(self):
        return self.filter(number__isnull=False)

    def drafts(self):
        return self.filter(number=None)

    def visible_to(self, user):
        """Staff see every invoice; a customer's person what his own company pays, where he is its billing contact."""
        if user.is_staff:
            return self
        payers = Contact.objects.filter(user=user, active=True, billing=True)
        return self.filter(bill_to__in=payers.values("customer"))

    def called(self, reference: str):
        """The issued one "INV-2026-000001", however many zeros were typed; none for what is no number."""
        series, _dash, number = reference.rpartition("-")
        if not re.fullmatch(r"[0-9]{1,9}", number):
            return self.none()
        return self.filter(series=series, number=int(number))


class Invoice(ActorFields):
    """One bill-to, legal entity, currency and month. A draft until it has its number; a credit note names what it corrects."""

    legal_entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="invoices")
    bill_to = models.ForeignKey(Customer, models.PROTECT, related_name="invoices")
    month = models.DateField(help_text=_("The month in which the work was done: its first day."))
    currency = CurrencyField()
    series = models.CharField(max_length=20, blank=True, help_text=_("Given with the number."))
    number = models.PositiveIntegerField(null=True, blank=True)
    credits = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="credit_notes")
    reason = models.TextField(blank=True, help_text=_("Why it is credited."))
    seller = models.JSONField(default=dict, help_text=_("The legal entity as it was when issued."))
    buyer = models.JSONField(default=dict, help_text=_("The customer as it was when issued."))
    payment_days = models.PositiveSmallIntegerField(default=30)
    invoice_date = models.DateField(null=True, blank=True)
    due_date = models.DateField(null=True, blank=True)
    net = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    tax = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    total = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    made_at = models.DateTimeField(db_default=NOW)
    issued_at = models.DateTimeField(null=True, blank=True)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            instants_in_our_time("invoice_made_in_our_time", "made_at"),
            days_in_our_time("invoice_in_our_time", "month", "invoice_date", "due_date"),
            models.UniqueConstraint(fields=["series", "number"], name="invoice_number_once"),
            models.UniqueConstraint(
                fields=["legal_entity", "bill_to", "currency", "month"],
                condition=Q(number=None, credits=None),
                name="one_draft_per_bill_to_and_month",
            ),
            models.CheckConstraint(
                condition=Q(number=None, issued_at=None, invoice_date=None)
                | Q(number__isnull=False, issued_at__isnull=False, invoice_date__isnull=False),
                name="issued_has_number_and_date",
            ),
            models.CheckConstraint(condition=Q(credits=None) | ~Q(reason=""), name="credited_with_a_reason"),
            models.CheckConstraint(condition=Q(total=F("net") + F("tax")), name="total_is_net_and_tax"),
        ]

    def __str__(self):
        return self.reference

    @property
    def reference(self) -> str:
        """INV-2026-000001; a draft says so."""
        return f"{self.series}-{self.number:06}" if self.number else f"Draft {self.pk}"


class Added(models.TextChoices):
    """What a line of the kind surcharge is for. Plain time has none."""

    OUT_OF_HOURS = "out_of_hours", _("Out of hours")
    ON_SITE = "on_site", _("On site")
    VISIT = "visit", _("Visits")


class InvoiceLine(models.Model):
    class Kind(models.TextChoices):
        TIME = "time", _("Time")
        SURCHARGE = "surcharge", _("Surcharge")
        FIXED = "fixed", _("Fixed price")
        MINIMUM = "minimum", _("Minimum")
        CREDIT = "credit", _("Credit")

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="lines")
    credits = models.ForeignKey("self", models.PROTECT, null=True, related_name="credited_by")
    description = models.TextField()
    minutes = models.IntegerField(default=0, help_text=_("Billed minutes; negative on a credit."))
    for_good = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("Of a credit: what it undoes is not billed again. Time is cancelled instead."),
    )
    surcharge = models.CharField(max_length=12, choices=Added, blank=True, default="", db_default="")
    surcharged = models.IntegerField(
        default=0, db_default=0, help_text=_("Minutes that a surcharge is for, billed on a line of time.")
    )
    rate = models.DecimalField(max_digits=12, decimal_places=2)
    net = models.DecimalField(max_digits=12, decimal_places=2)
    tax_code = models.CharField(max_length=40, blank=True)
    tax_rate = models.DecimalField(
        max_digits=6, decimal_places=3, default=Decimal(0), help_text=_("Per cent.")
    )
    tax = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    account_code = models.CharField(max_length=20, blank=True)
    purchase_order = models.CharField(
        max_length=35,
        blank=True,
        default="",
        db_default="",
        help_text=_("Its number, as it was when this was drafted."),
    )

    class Meta:
        ordering = ["invoice", "position"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_line_once"),
            models.UniqueConstraint(fields=["credits"], name="line_credited_once"),
            models.CheckConstraint(
                condition=Q(for_good=False) | Q(kind="credit"), name="only_a_credit_is_for_good"
            ),
            models.CheckConstraint(
                condition=Q(kind="credit", credits__isnull=False)
                | (~Q(kind="credit") & Q(approval__isnull=False, credits=None)),
                name="every_line_names_its_approval",
            ),
            models.CheckConstraint(
                condition=Q(kind="credit")
                | (Q(kind="surcharge", minutes=0) & ~Q(surcharge=""))
                | (~Q(kind="surcharge") & Q(surcharge="", surcharged=0)),
                name="surcharges_say_which",
            ),
        ]

    def __str__(self):
        return f"{self.invoice} line {self.position}"

    @property
    def counted(self) -> int:
        """The minutes that are priced: billed ones, or those that a surcharge is for."""
        return self.minutes or self.surcharged


class BilledEntry(models.Model):
    """An entry on a line of time, and on one for each surcharge. Live until the line of a credit note frees it."""

    line = models.ForeignKey(InvoiceLine, models.PROTECT, related_name="billed")
    entry = models.ForeignKey(TimeEntry, models.PROTECT, related_name="billed")
    surcharge = models.CharField(max_length=12, choices=Added, blank=True, default="", db_default="")
    credited_by = models.ForeignKey(InvoiceLine, models.PROTECT, null=True, related_name="frees")

    class Meta:
        verbose_name_plural = "billed entries"
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "surcharge"], condition=Q(credited_by=None), name="entry_on_one_live_line"
            )
        ]

    def __str__(self):
        return f"{self.entry_id} on {self.line_id}"
