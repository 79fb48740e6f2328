"""How verbs of billing run: in one transaction, and what a rule of the database says becomes a sentence."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from support.refusal import refusing

P = ParamSpec("P")
R = TypeVar("R")

# Guards bring their own sentences; these are for plain constraints, by name.
SENTENCES = {
    "used_within_cap": _("That is more than what is left of the approved time."),
    "one_person_once": _("There is time of this person in that interval already."),
    "one_person_once_inside": _("There is time of this person in that interval already."),
    "billing_timer_person_id_key": _("A timer of yours is running: stop it first."),
    "billing_signature_code_id_key": _("You have signed this offer already."),
    "entry_on_one_live_line": _("This time is on an invoice already."),
    "invoice_in_one_batch_per_format": _("One of these invoices has been exported in this format already."),
    "billing_exportvoid_batch_id_key": _("This export has been voided already."),
    "line_credited_once": _("This line has been credited already."),
    "invoice_mailed_once": _("Somebody else has just sent it."),
    "one_draft_per_bill_to_and_month": _("Somebody else is drafting these invoices right now."),
}


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """All of it or nothing; Refused where a rule says no."""

    @wraps(function)
    def ruled(*args: P.args, **kwargs: P.kwargs) -> R:
        with refusing(SENTENCES), transaction.atomic():
            return function(*args, **kwargs)

    return ruled


def ask(sql: str, *parameters):
    """The one row that a function of the database answers; how verbs take locks for which the app has no UPDATE."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()
