"""The fault report sheet as text: every item with its answer, and what is missing named at the top."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from support import saying
from support.actors import Actor
from support.catalogue.intake import FaultReport, Field
from support.models import Ticket

NOTHING = (None, "", [], "[]")  # no answer; 0 is one, and so is no


def asked(form: FaultReport, answers: Mapping[str, Any]) -> list[Field]:
    """The items that these answers leave open or ask for."""
    return [
        field
        for field in form.fields
        if field.when is None or answers.get(field.when.field) == field.when.answer
    ]


def missing(form: FaultReport, answers: Mapping[str, Any]) -> list[str]:
    """Codes of the required items without an answer; the database reckons the same."""
    return [
        field.code for field in asked(form, answers) if field.required and answers.get(field.code) in NOTHING
    ]


def labels(form: FaultReport, codes: Iterable[str]) -> list[str]:
    """As people read them, in the order of the sheet."""
    wanted = set(codes)
    return [field.label for field in form.fields if field.code in wanted]


def render(
    ticket: Ticket, form: FaultReport, answers: Mapping[str, Any], number: int, by: Actor, at: datetime
) -> str:
    """The sheet as it goes up, in UTC, which engineers of all zones read."""
    facts = {
        "n": number,
        "number": ticket.number,
        "customer": ticket.customer.name,
        "product": ticket.product.name if ticket.product else "–",
        "priority": ticket.priority or "–",
        "by": by.name,
        "at": saying.instant(at, ZoneInfo("UTC")),
    }
    lacking = labels(form, missing(form, answers))
    lines = [
        _("FAULT REPORT SHEET %(n)d, %(number)s") % facts,
        ticket.title,
        _("Customer: %(customer)s. Product: %(product)s. Priority: %(priority)s.") % facts,
        _("Filled by %(by)s, %(at)s UTC.") % facts,
        _("Missing: %(items)s.") % {"items": ", ".join(lacking)} if lacking else _("Nothing is missing."),
        "",
    ]
    for field in asked(form, answers):
        lines += [field.label, f"  {_said(answers.get(field.code))}", ""]
    return "\n".join(lines)


def _said(answer: Any) -> str:
    if isinstance(answer, list):
        return ", ".join(map(str, answer)) or "–"
    return "\n  ".join(f"{answer}".splitlines()) if answer not in (None, "") else "–"
