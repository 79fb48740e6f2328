"""The companies: the legal entities that sell, the customers that are served."""

from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from support.models.our_time import days_in_our_time
from support.models.people import Contact, LocaleField, User, ZoneField
from support.models.tracked import Tracked

currency_code = RegexValidator(r"^[A-Z]{3}\Z", _("Write the three letters of a currency, such as USD."))
# Of ISO 4217: a price of two decimals would be an amount that does not exist, or a coarse one.
NOT_OF_CENTS = "^(BHD|BIF|CLF|CLP|DJF|GNF|IQD|ISK|JOD|JPY|KMF|KRW|KWD|LYD|OMR|PYG|RWF|TND|UGX|UYI|UYW|VND|VUV|XAF|XOF|XPF)$"
has_cents = RegexValidator(
    NOT_OF_CENTS,
    _("Amounts have two decimals here: choose a currency that has them, too."),
    inverse_match=True,
)
series_name = RegexValidator(
    r"^[A-Z][A-Z0-9]*\Z", _("Write capital letters and figures, the first a letter, such as INV.")
)


def not_a_formula(name: str) -> None:
    """Validator: begins with a letter or a figure, so no finance program reads it as a formula; nothing unseen before it."""
    if name and not name[0].isalnum():
        raise ValidationError(
            _(
                "Finance programs read a name that starts with =, +, - or @ as a formula: start with a letter or figure."
            )
        )


def of_cents(name: str) -> models.CheckConstraint:
    """Of a table with a column `currency`: amounts are kept, taxed and exported with two decimals."""
    return models.CheckConstraint(
        condition=models.Q(currency__regex="^[A-Z]{3}$") & ~models.Q(currency__regex=NOT_OF_CENTS), name=name
    )


class CurrencyField(models.CharField):
    def __init__(self, **options):
        super().__init__(
            **{
                "max_length": 3,
                "default": "USD",
                "validators": [MinLengthValidator(3), currency_code, has_cents],
                **options,
            }
        )

    def to_python(self, value):
        read = super().to_python(value)
        return read and read.upper()


class LegalEntity(Tracked):
    """The company of ours that sells and invoices. Months are closed in its zone."""

    name = models.CharField(max_length=200)
    address = models.TextField(blank=True)
    time_zone = ZoneField()
    currency = CurrencyField()
    tax_number = models.CharField(max_length=40, blank=True)
    number_series = models.CharField(
        max_length=12,
        default="INV",
        validators=[series_name],
        help_text=_("Begins every invoice number: INV-2026-000001."),
    )
    bank_text = models.TextField(blank=True, help_text=_("How to pay, printed on invoices."))

    class Meta:
        verbose_name_plural = "legal entities"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["number_series"], name="number_series_of_one_entity"),
            models.CheckConstraint(
                condition=models.Q(number_series__regex=r"^[A-Z][A-Z0-9]*$"), name="number_series_is_plain"
            ),
            of_cents("company_currency_has_cents"),
        ]

    def __str__(self):
        return self.name


class CustomerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see every customer; a customer's person sees his own, and those that a grant names."""
        if user.is_staff:
            return self
        contact = Contact.objects.filter(user=user, active=True)
        return self.filter(
            models.Q(id__in=contact.values("customer")) | models.Q(grants__contact__in=contact)
        ).distinct()


class Customer(Tracked):
    """Who is served. An end customer may have a partner, who has none himself."""

    name = models.CharField(max_length=200)
    code = models.SlugField(
        max_length=60, unique=True, help_text=_("Stands in addresses: /reviews/northwind/2026-10/.")
    )
    legal_entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="customers")
    partner = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="end_customers")
    success_manager = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="looks_after",
        limit_choices_to={"kind": "staff"},
    )
    finance_name = models.CharField(
        max_length=200,
        blank=True,
        validators=[not_a_formula],
        help_text=_("The customer's name in the finance system, exactly."),
    )
    account_reference = models.CharField(max_length=40, blank=True, validators=[not_a_formula])
    tenant_id = models.UUIDField(
        _("Microsoft tenant id"),
        null=True,
        blank=True,
        unique=True,
        help_text=_("Says which of Microsoft’s relationships are this customer’s."),
        error_messages={"unique": _("This is the tenant of another customer already.")},
    )
    time_zone = ZoneField()
    locale = LocaleField()
    second_signature_above = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Offers that may mean more money than this need two people's yes."),
    )
    accredited_until = models.DateField(
        null=True,
        blank=True,
        help_text=_("Of a partner: the last day of its accreditation. Empty: it is not accredited."),
    )
    active = models.BooleanField(default=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            days_in_our_time("accredited_in_our_time", "accredited_until"),
            models.UniqueConstraint(
                Lower("name"),
                "legal_entity",
                name="customer_name_once",
                violation_error_message=_("There is a customer of this name already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(partner=models.F("id")), name="partner_is_somebody_else"
            ),
            models.CheckConstraint(
                condition=models.Q(partner=None) | models.Q(accredited_until=None),
                name="only_partners_are_accredited",
                violation_error_message=_(
                    "Only a partner is accredited, and this customer has one: write it on that one’s record."
                ),
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        """One level of partners, as the database has it too."""
        if self.partner and self.partner.partner_id:
            said = {"name": self.partner}
            raise ValidationError({"partner": _("%(name)s has a partner, so it is nobody's partner.") % said})
        if self.partner and self.pk and self.end_customers.exists():
            raise ValidationError(
                {"partner": _("This customer is somebody's partner, so it has none itself.")}
            )
