"""The formats in which invoices go to finance, by the name that a command takes."""

from billing.formats import business_central, generic, quickbooks, sage, sage_accounting, xero
from billing.formats.form import Form

PROFILES: dict[str, Form] = {
    "generic": generic.FORM,
    "xero": xero.FORM,
    "quickbooks": quickbooks.FORM,
    "sage": sage.FORM,
    "sage-accounting": sage_accounting.FORM,
    "business-central": business_central.FORM,
}
