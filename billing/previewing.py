"""What finance should look at before a month is invoiced: by customer, a sentence each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from billing import delivering, minimums
from billing.models import Approval, Invoice, InvoiceLine, PurchaseOrder
from billing.money import Money
from billing.planning import PlannedInvoice
from billing.unapproved import Why, unapproved
from billing.unbilled import bounds, without_order
from billing.worth import left_to_minimum
from support import saying
from support.models import Customer, LegalEntity


class Asked(NamedTuple):
    """A line, planned or drafted: what it asks, of whom, under which order of which contract."""

    payer: Customer
    contract: int
    order: str
    net: Money


def warnings(
    entity: LegalEntity, month: date, planned: Iterable[PlannedInvoice], drafts: Iterable[Invoice]
) -> list[tuple[Customer, list[str]]]:
    """Who pays, and what would surprise him or finance; by name, without those about whom there is nothing to say."""
    said: dict[Customer, list[str]] = defaultdict(list)
    planned, drafts = list(planned), list(drafts)
    for payer in dict.fromkeys(each.bill_to for each in (*planned, *drafts)):
        if not payer.finance_name:
            said[payer].append(_("No finance name is set: an export would be refused."))
    waiting = chain(_waiting(entity, month), _prices_waiting(entity, month))
    for told in (waiting, _unapproved(entity, month), _beyond_their_order(_asked(planned, drafts))):
        for customer, sentence in told:
            said[customer].append(sentence)
    return sorted(said.items(), key=lambda row: row[0].name)


def _waiting(entity: LegalEntity, month: date) -> Iterator[tuple[Customer, str]]:
    minutes: dict[Customer, int] = defaultdict(int)
    for entry in without_order(entity, month):
        minutes[entry.approval.engagement.contract.bill_to] += entry.billed_minutes
    for customer, waits in minutes.items():
        yield (
            customer,
            _("%(span)s wait for a purchase order, and are on no invoice until it is entered.")
            % {"span": saying.duration(waits)},
        )


def _prices_waiting(entity: LegalEntity, month: date) -> Iterator[tuple[Customer, str]]:
    """What waits beside time: fixed prices that were delivered in the month, and what is left to minimums of work done in it."""
    begins, ends = bounds(entity, month)
    delivered = delivering.on_no_line(entity).filter(delivered_at__gte=begins, delivered_at__lt=ends)
    for each in delivered.filter(**delivering.WITHOUT_ORDER):
        yield _price_waits(each.approval, each.approval.offer.fixed_price)
    due = minimums.on_no_line(entity).filter(done_at__gte=begins, done_at__lt=ends)
    waiting = list(due.filter(**minimums.WITHOUT_ORDER))
    left = left_to_minimum(waiting)
    for approval in (each for each in waiting if left[each.pk]):
        yield _price_waits(approval, left[approval.pk])


def _price_waits(approval: Approval, amount: Decimal) -> tuple[Customer, str]:
    offer, contract = approval.offer, approval.engagement.contract
    if offer.fixed_price:
        words = _("%(money)s, the fixed price of %(reference)s, wait for a purchase order.")
    else:
        words = _("%(money)s, left to the minimum of %(reference)s, wait for a purchase order.")
    money = Money(amount, offer.currency)
    return contract.bill_to, words % {"money": money, "reference": approval.engagement.reference}


def _unapproved(entity: LegalEntity, month: date) -> Iterator[tuple[Customer, str]]:
    begins, ends = bounds(entity, month)
    rows = (
        unapproved(entity)
        .filter(started_at__gte=begins, started_at__lt=ends)
        .values("engagement__contract__bill_to", "why")
        .annotate(minutes=Sum("raw_minutes"))
        .order_by("engagement__contract__bill_to")
    )
    known = Customer.objects.in_bulk({row["engagement__contract__bill_to"] for row in rows})
    for row in sorted(rows, key=lambda each: Why.values.index(each["why"])):
        span = saying.duration(row["minutes"])
        yield known[row["engagement__contract__bill_to"]], _not_billed(row["why"]) % {"span": span}


def _not_billed(why: str) -> str:
    return {
        Why.OVER: _("%(span)s went over the cap and are not billed."),
        Why.ENDED: _("%(span)s were worked after the approval had ended and are not billed."),
        Why.SAID: _("%(span)s were entered as not billable."),
        Why.NONE: _("%(span)s were worked without an approval and are not billed."),
    }[Why(why)]


def _asked(planned: list[PlannedInvoice], drafts: list[Invoice]) -> Iterator[Asked]:
    for plan in planned:
        for line in plan.lines:
            yield Asked(plan.bill_to, line.approval.engagement.contract_id, line.order, line.net)
    lines = InvoiceLine.objects.filter(invoice__in=drafts).values_list(
        "invoice", "approval__engagement__contract", "purchase_order", "net"
    )
    known = {draft.pk: draft for draft in drafts}
    for draft, contract, order, net in lines:
        yield Asked(known[draft].bill_to, contract, order, Money(net, known[draft].currency))


def _beyond_their_order(lines: Iterable[Asked]) -> Iterator[tuple[Customer, str]]:
    """Lines that together with what was invoiced ask more than their order is for."""
    asked: dict[tuple[int, str], Money] = {}
    payer: dict[tuple[int, str], Customer] = {}
    for line in (each for each in lines if each.order):
        key = line.contract, line.order
        asked[key] = asked[key] + line.net if key in asked else line.net
        payer[key] = line.payer
    orders = PurchaseOrder.objects.filter(contract__in={contract for contract, _number in asked})
    limited = {(one.contract_id, one.number): one.amount for one in orders if one.amount is not None}
    spent = _invoiced(limited)
    for key in sorted(asked.keys() & limited.keys()):
        left = limited[key] - spent.get(key, Decimal(0))
        if asked[key].amount > left:
            yield (
                payer[key],
                _("Purchase order %(number)s has %(left)s left, and %(asked)s would be asked.")
                % {
                    "number": key[1],
                    "left": Money(max(left, Decimal(0)), asked[key].currency),
                    "asked": asked[key],
                },
            )


def _invoiced(orders: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Decimal]:
    """What issued lines have asked under each of these orders, less what was credited."""
    orders = list(orders)
    if not orders:
        return {}
    rows = (
        InvoiceLine.objects.filter(
            invoice__number__isnull=False,
            purchase_order__in={number for _contract, number in orders},
            approval__engagement__contract__in={contract for contract, _number in orders},
        )
        .values(contract=F("approval__engagement__contract"), number=F("purchase_order"))
        .annotate(sum=Sum("net"))
    )
    return {(row["contract"], row["number"]): row["sum"] for row in rows}
