"""What formats need of a customer, an invoice and the settings before anything is written, each with what to do about it."""

from django.utils.translation import gettext_lazy as _

from billing.formats.cells import begins_a_formula
from billing.formats.form import Need

NAME = Need("btrim(finance_name) = ''", "customer", _("These customers have no name for finance"))
_FORMULAS = _("Finance programs would read these names as formulas")


def formulas(*names: str) -> list[Need]:
    """A name that finance matches cannot get a quote before it, so one that begins a formula is refused."""
    return [Need(begins_a_formula(name), name, _FORMULAS) for name in names]
