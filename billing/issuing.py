"""Issuing what a person has read: a month's drafts, or what would be drafted, as his page showed them, and nothing else."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from billing import invoicing
from billing.models import Invoice
from billing.planning import PlannedInvoice
from billing.rules import verb
from billing.unbilled import hold_invoices
from support.actors import Actor
from support.models import LegalEntity
from support.refusal import Stale


def fingerprint(drafts: Iterable[Invoice], planned: Iterable[PlannedInvoice]) -> str:
    """Of what is issued from a page: its drafts; where there are none, what would be drafted. Line by line."""
    if drafts := [_drafted(each) for each in drafts]:
        return _hash("drafted", drafts)
    return _hash("planned", [_planned(each) for each in planned])


@verb
def issue(entity: LegalEntity, month: date, *, shown: str, by: Actor, at: datetime) -> list[Invoice]:
    """All of what `shown` is the fingerprint of, or nothing: Stale where it has changed, as when somebody discarded it.

    Compared while the month's invoices are held: nothing is drafted, corrected or discarded before all of it is issued.
    """
    month = month.replace(day=1)
    hold_invoices(entity, month)
    drafts = Invoice.objects.drafts().filter(legal_entity=entity, month=month).order_by("bill_to__name", "pk")
    kind, found = "drafted", list(drafts.prefetch_related("lines"))
    if not found:
        kind, found = "planned", invoicing.draft(entity, month, by=by, at=at)
    if shown != _hash(kind, [_drafted(each) for each in found]):
        raise Stale(_("The drafts have changed since you opened this page: read them, then issue them."))
    return [invoicing.issue(each, by=by, at=at) for each in found]


def _hash(kind: str, invoices: list[tuple]) -> str:
    return hashlib.sha256(repr((kind, sorted(invoices, key=repr))).encode()).hexdigest()[:32]


def _drafted(invoice: Invoice) -> tuple:
    lines = [
        (line.kind, line.approval_id, line.description, line.minutes, f"{line.net:.2f}", f"{line.tax:.2f}")
        for line in invoice.lines.all()
    ]
    return invoice.bill_to_id, invoice.currency, f"{invoice.total:.2f}", sorted(lines, key=repr)


def _planned(plan: PlannedInvoice) -> tuple:
    """As `_drafted` has it, once it is written."""
    lines = [
        (
            str(line.kind),
            line.approval.pk,
            line.description,
            line.minutes,
            f"{line.net.amount:.2f}",
            f"{line.tax.amount:.2f}",
        )
        for line in plan.lines
    ]
    return plan.bill_to.pk, plan.currency, f"{plan.net.amount + plan.tax.amount:.2f}", sorted(lines, key=repr)
