"""The formats in which invoices go to finance, by the name that a command takes."""

from billing.formats import generic

PROFILES = {"generic": generic}
