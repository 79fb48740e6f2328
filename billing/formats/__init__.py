"""The formats in which invoices go to finance, by the name that a command takes."""

from billing.formats import generic
from billing.formats.form import Form

PROFILES: dict[str, Form] = {"generic": generic.FORM}
