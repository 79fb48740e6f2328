"""Products, and the contracts under which a customer is served."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from support.clocks.terms import Deployment
from support.models.customers import CurrencyField, Customer, LegalEntity, of_cents
from support.models.definitions import CalendarVersion, ServiceKind, ServiceVersion
from support.models.our_time import days_in_our_time
from support.models.tracked import Tracked

DEPLOYMENTS = [(Deployment.CLOUD, _("Cloud")), (Deployment.ON_PREMISES, _("On premises"))]


class Product(Tracked):
    """What customers use and we support."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    maker = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self):
        return self.name


class ProductVersion(Tracked):
    class Support(models.TextChoices):
        FULL = "full", _("Full support")
        LEGACY = "legacy", _("Legacy support")
        NONE = "none", _("Not supported")

    product = models.ForeignKey(Product, models.PROTECT, related_name="versions")
    version = models.CharField(max_length=40)
    released_on = models.DateField(null=True, blank=True)
    support = models.CharField(max_length=8, choices=Support, default=Support.FULL)

    class Meta:
        ordering = ["product", "-released_on", "-id"]
        constraints = [
            days_in_our_time("released_in_our_time", "released_on"),
            models.UniqueConstraint(fields=["product", "version"], name="product_version_once"),
        ]

    def __str__(self):
        return f"{self.product} {self.version}"


class ContractQuerySet(models.QuerySet):
    def in_force(self, on: date):
        """Contracts whose dates hold that day; both ends count."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)

    def covering(self, customer: Customer, product: Product | None, on: date):
        """In force for this holder, and for this product where one is named."""
        fitting = self.in_force(on).filter(holder=customer)
        return fitting.filter(lines__product=product).distinct() if product else fitting


class Contract(Tracked):
    """Who is served (holder), who pays (bill-to), who sells (legal entity), and the services it pins, each at a version."""

    class Csp(models.TextChoices):
        NONE = "none", _("Not a CSP customer")
        DIRECT = "direct", _("CSP, direct")
        INDIRECT = "indirect", _("CSP, indirect")
        OTHER = "other", _("CSP with somebody else")

    number = models.CharField(max_length=40, unique=True)
    holder = models.ForeignKey(Customer, models.PROTECT, related_name="contracts")
    bill_to = models.ForeignKey(Customer, models.PROTECT, related_name="contracts_paid")
    legal_entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="contracts")
    starts_on = models.DateField()
    ends_on = models.DateField(
        null=True, blank=True, help_text=_("The last day in force; empty: open-ended.")
    )
    csp = models.CharField(_("CSP type"), max_length=8, choices=Csp, default=Csp.NONE)
    currency = CurrencyField(help_text=_("What it is billed in."))
    entitlements = models.JSONField(default=dict, blank=True)
    support_service = models.ForeignKey(
        ServiceVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supported",
        limit_choices_to={"kind": ServiceKind.SUPPORT},
        help_text=_("Empty: tickets are recorded without clocks."),
    )
    engagement_service = models.ForeignKey(
        ServiceVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="engaged",
        limit_choices_to={"kind": ServiceKind.ENGAGEMENT},
    )

    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            days_in_our_time("contract_in_our_time", "starts_on", "ends_on"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="contract_ends_after_it_starts",
                violation_error_message=_(
                    "The last day in force is before the first one: choose a later one."
                ),
            ),
            of_cents("contract_currency_has_cents"),
        ]

    def __str__(self):
        return f"{self.number}, {self.holder}"


class ContractLine(Tracked):
    """A product that the contract covers, and where it runs."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT, related_name="contract_lines")
    deployment = models.CharField(max_length=12, choices=DEPLOYMENTS, default=Deployment.CLOUD)

    class Meta:
        ordering = ["contract", "product"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "product", "deployment"], name="contract_line_once")
        ]

    def __str__(self):
        return f"{self.product}, {self.get_deployment_display()}"


class ContractCalendar(Tracked):
    """The calendar version that stands in this contract for a calendar which its services name."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="calendars")
    name = models.SlugField(max_length=60, help_text=_("The calendar as the service names it."))
    calendar = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["contract", "name"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "name"], name="calendar_pinned_once_per_contract")
        ]

    def __str__(self):
        return f"{self.name}: {self.calendar}"
