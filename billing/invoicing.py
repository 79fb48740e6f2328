"""Invoices: what a month's approved time comes to, drafted again as often as wanted, issued once, corrected by a credit note."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from billing import delivering, invoice_mail, minimums, money, planning
from billing.models import BilledDelivery, BilledEntry, BilledMinimum, Invoice, InvoiceLine, TimeEntry
from billing.money import Money
from billing.planning import PlannedInvoice
from billing.rules import ask, verb
from billing.unbilled import hold_invoices, unbilled, unbilled_surcharges
from support.actors import Actor
from support.models import Customer, LegalEntity
from support.naming import is_said
from support.refusal import Refused

BESIDE_TIME = (InvoiceLine.Kind.FIXED, InvoiceLine.Kind.MINIMUM)
TRIES = 10  # of a run whose drafts are changed under it


def preview(entity: LegalEntity, month: date) -> list[PlannedInvoice]:
    """What `draft` would write now: per bill-to and currency, one line per approval, of all time on no invoice yet."""
    return planning.plan(
        unbilled(entity, month), unbilled_surcharges(entity, month), *_besides(entity, month), month=month
    )


@verb
def draft(entity: LegalEntity, month: date, *, by: Actor, at: datetime) -> list[Invoice]:
    """Write the month's drafts anew, with everything that is on no issued invoice. Repeating it changes nothing more."""
    month = month.replace(day=1)
    known = {(row.bill_to_id, row.currency): row for row in _emptied(entity, month)}
    written = []
    held = _held(unbilled(entity, month)), _held(unbilled_surcharges(entity, month))
    for plan in planning.plan(*held, *_besides(entity, month), month=month):
        invoice = known.pop((plan.bill_to.pk, plan.currency), None)
        written.append(_write(plan, invoice or _begin(entity, month, plan, by)))
    for empty in known.values():
        empty.delete()
    return written


@verb
def discard(entity: LegalEntity, month: date, *, by: Actor, at: datetime) -> int:
    """Delete the month's drafts: what stood on them is on no invoice again. Refused where there are none."""
    drafts = _emptied(entity, month.replace(day=1))
    if not drafts:
        raise Refused(_("There are no drafts of this month."))
    for invoice in drafts:
        invoice.delete()
    return len(drafts)


@verb
def issue(invoice: Invoice, *, by: Actor, at: datetime) -> Invoice:
    """Give a draft its number and date; the database takes the next number and checks every line. Nothing changes after.

    Its mail to the billing contacts is queued with it.
    """
    ask("SELECT hold_minimums(%s)", invoice.pk)  # before the invoice: so does whoever corrects its time
    held = Invoice.objects.select_for_update().filter(pk=invoice.pk, number=None).first()
    if held is None:
        raise Refused(_("This invoice has been issued already."))
    held.seller, held.buyer = _seller(held.legal_entity), _buyer(held.bill_to)
    held.actor, held.issued_at = by, at
    held.save()
    held.refresh_from_db()
    invoice_mail.send_issued(held, by=by, at=at)
    return held


def run(entity: LegalEntity, month: date, *, by: Actor, at: datetime) -> list[Invoice]:
    """Draft and issue a month. Killed anywhere and repeated, it ends the same; two at once issue everything once.

    Time that is corrected between the two steps is drafted anew; Refused when that does not end.
    """
    issued: list[Invoice] = []
    for _try in range(TRIES):
        refused = None
        for invoice in draft(entity, month, by=by, at=at):
            try:
                issued.append(issue(invoice, by=by, at=at))
            except Refused as error:
                if (
                    Invoice.objects.drafts().filter(pk=invoice.pk).exists()
                ):  # else the other run has issued it
                    refused = error
        if refused is None:
            return issued
    raise refused


@verb
def credit(
    invoice: Invoice,
    *,
    reason: str,
    lines: Iterable[InvoiceLine] | None = None,
    for_good: bool = False,
    by: Actor,
    at: datetime,
) -> Invoice:
    """Answer a mistake: a credit note that undoes lines of an issued invoice, all that are left unless named, and frees their time.

    `for_good`: its fixed prices and minimums are not billed again.
    """
    if not is_said(reason):
        raise Refused(_("Write down why."), "reason")
    if invoice.number is None or invoice.credits_id is not None:
        raise Refused(_("Only an issued invoice is credited."))
    undone = not_credited(invoice) if lines is None else list(lines)
    if lines is None and not undone:
        raise Refused(_("This invoice has been credited already."))
    if any(line.invoice_id != invoice.pk for line in undone) or not undone:
        raise Refused(_("Choose lines of this invoice."))
    note = Invoice(
        legal_entity=invoice.legal_entity,
        bill_to=invoice.bill_to,
        month=invoice.month,
        currency=invoice.currency,
        credits=invoice,
        reason=reason.strip(),
        payment_days=invoice.payment_days,
    )
    note.actor = by
    note.save(force_insert=True)
    for position, line in enumerate(undone, 1):
        _undo(line, note, position, for_good and line.kind in BESIDE_TIME)
    _sum_up(note)
    return issue(note, by=by, at=at)


def lines_of(invoice: Invoice) -> QuerySet[InvoiceLine]:
    """In their order, each with `is_credited`."""
    credits = InvoiceLine.objects.filter(credits=OuterRef("pk"))
    return invoice.lines.annotate(is_credited=Exists(credits)).order_by("position")


def not_credited(invoice: Invoice) -> list[InvoiceLine]:
    """The lines that a credit note may still undo."""
    return list(lines_of(invoice).filter(is_credited=False))


def _emptied(entity: LegalEntity, month: date) -> list[Invoice]:
    """The month's drafts, held, without their lines."""
    hold_invoices(entity, month)
    drafts = Invoice.objects.drafts().filter(legal_entity=entity, month=month, credits=None)
    held = list(drafts.select_for_update())
    BilledEntry.objects.filter(line__invoice__in=held).delete()
    BilledDelivery.objects.filter(line__invoice__in=held).delete()
    BilledMinimum.objects.filter(line__invoice__in=held).delete()
    InvoiceLine.objects.filter(invoice__in=held).delete()
    return held


def _besides(entity: LegalEntity, month: date) -> tuple:
    """What is billed beside time and its surcharges: fixed prices, and what is left to a minimum."""
    return delivering.unbilled(entity, month), minimums.unbilled(entity, month)


def _held(entries: QuerySet[TimeEntry]) -> QuerySet[TimeEntry]:
    """Locked: a correction waits, or is waited for."""
    return entries.select_for_update(of=("self",), no_key=True)


def _begin(entity: LegalEntity, month: date, plan: PlannedInvoice, by: Actor) -> Invoice:
    days = [line.approval.engagement.contract.rate.payment_days for line in plan.lines]
    invoice = Invoice(
        legal_entity=entity, bill_to=plan.bill_to, month=month, currency=plan.currency, payment_days=min(days)
    )
    invoice.actor = by
    invoice.save(force_insert=True)
    return invoice


def _write(plan: PlannedInvoice, invoice: Invoice) -> Invoice:
    for position, planned in enumerate(plan.lines, 1):
        offer = planned.approval.offer
        line = InvoiceLine.objects.create(
            invoice=invoice,
            position=position,
            kind=planned.kind,
            approval=planned.approval,
            description=planned.description,
            minutes=planned.minutes,
            surcharge=planned.surcharge,
            surcharged=planned.surcharged,
            rate=planned.rate,
            net=planned.net.amount,
            tax_code=offer.tax_code,
            tax_rate=offer.tax_rate,
            tax=planned.tax.amount,
            account_code=offer.account_code,
            purchase_order=planned.order,
        )
        BilledEntry.objects.bulk_create(
            BilledEntry(line=line, entry=entry, surcharge=planned.surcharge) for entry in planned.entries
        )
        if planned.delivery:
            BilledDelivery.objects.create(line=line, delivery=planned.delivery)
        if planned.top_up:
            charged = planned.top_up.charged
            BilledMinimum.objects.create(line=line, engagement=planned.approval.engagement, charged=charged)
    return _sum_up(invoice)


def _undo(line: InvoiceLine, note: Invoice, position: int, for_good: bool) -> None:
    description = _("Credit of %(invoice)s, line %(line)d: %(text)s") % {
        "invoice": line.invoice.reference,
        "line": line.position,
        "text": line.description,
    }
    if for_good:
        description += " " + _("It is not billed again.")
    InvoiceLine.objects.create(
        invoice=note,
        position=position,
        kind=InvoiceLine.Kind.CREDIT,
        credits=line,
        for_good=for_good,
        approval=line.approval,
        description=description,
        minutes=-line.minutes,
        surcharge=line.surcharge,
        surcharged=-line.surcharged,
        rate=line.rate,
        net=-line.net,
        tax_code=line.tax_code,
        tax_rate=line.tax_rate,
        tax=-line.tax,
        account_code=line.account_code,
        purchase_order=line.purchase_order,
    )


def _sum_up(invoice: Invoice) -> Invoice:
    lines = list(invoice.lines.all())
    invoice.net = money.total((Money(line.net, invoice.currency) for line in lines), invoice.currency).amount
    invoice.tax = money.total((Money(line.tax, invoice.currency) for line in lines), invoice.currency).amount
    invoice.total = invoice.net + invoice.tax
    invoice.save(update_fields=["net", "tax", "total"])
    return invoice


def _seller(entity: LegalEntity) -> dict:
    copied = ("name", "address", "tax_number", "bank_text", "time_zone")
    return {name: getattr(entity, name) for name in copied}


def _buyer(customer: Customer) -> dict:
    return {"name": customer.name, "account_reference": customer.account_reference}
