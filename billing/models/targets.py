"""The finance program of a company: what its files should look like, for each format."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.formats import PROFILES
from billing.formats.form import Settings
from support.models import LegalEntity, Tracked
from support.models.customers import not_a_formula

ORDERS = [("YMD", _("2026-10-31")), ("DMY", _("31/10/2026")), ("MDY", _("10/31/2026"))]


class FinanceTarget(Tracked):
    """Settings of one format for one legal entity. A batch keeps them as they were when it was written."""

    legal_entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="finance_targets")
    profile = models.CharField(
        _("format"), max_length=20, choices=[(name, form.title) for name, form in PROFILES.items()]
    )
    date_order = models.CharField(
        max_length=3, blank=True, choices=ORDERS, help_text=_("Empty: as the program usually has it.")
    )
    byte_order_mark = models.BooleanField(default=False, help_text=_("At the beginning of each file."))
    account_code = models.CharField(
        max_length=20,
        blank=True,
        validators=[not_a_formula],
        help_text=_("The income account, where an invoice line names none."),
    )
    item_name = models.CharField(
        max_length=100, blank=True, validators=[not_a_formula], help_text=_("Product or service, exactly.")
    )
    tax_columns = models.BooleanField(
        default=True, help_text=_("Off: for a company without tax, where the format knows a shorter file.")
    )
    tax_names = models.TextField(
        blank=True,
        help_text=_(
            "A line for each tax code of ours and what the program calls it: STD = 20% (VAT on Income). "
            "= T0 is for lines without a code."
        ),
    )
    invoices_per_file = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: as many as the program takes."),
    )

    class Meta:
        ordering = ["legal_entity", "profile"]
        constraints = [
            models.UniqueConstraint(fields=["legal_entity", "profile"], name="one_target_per_format"),
        ]

    def __str__(self):
        return f"{self.get_profile_display()}, {self.legal_entity}"

    def clean(self):
        """The format's own limits: dates it can read, invoices it takes, names of taxes that are no formulas."""
        form = PROFILES.get(self.profile)
        if form is None:
            return
        if self.date_order and self.date_order not in form.dates:
            raise ValidationError({"date_order": _("This program does not read such dates.")})
        if form.invoices and (self.invoices_per_file or 0) > form.invoices:
            raise ValidationError({"invoices_per_file": _("It takes %d at most.") % form.invoices})
        for line in self.tax_names.splitlines():
            if line.strip() and "=" not in line:
                raise ValidationError({"tax_names": _("Write each line as: code = name.")})
        for name in self.taxes.values():
            try:
                not_a_formula(name)
            except ValidationError as error:
                raise ValidationError({"tax_names": error.messages}) from error

    @property
    def taxes(self) -> dict[str, str]:
        """Our code → the program's name for it."""
        pairs = (line.partition("=") for line in self.tax_names.splitlines() if line.strip())
        return {code.strip(): name.strip() for code, _sign, name in pairs}

    @property
    def settings(self) -> Settings:
        return Settings(
            date_order=self.date_order,
            byte_order_mark=self.byte_order_mark,
            account_code=self.account_code,
            item_name=self.item_name,
            tax_columns=self.tax_columns,
            invoices_per_file=self.invoices_per_file,
            taxes=self.taxes,
        )
