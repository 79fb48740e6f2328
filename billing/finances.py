"""What is worked and not paid yet, by customer and age: on no invoice, without an approval, waiting, overdue."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    DecimalField,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least, Round
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import asked, collecting, delivering, minimums, planning
from billing.collecting import Standing
from billing.models import Added, BilledEntry, Invoice, InvoiceLine, LateWork, Month
from billing.money import Money, price, total
from billing.months import month_of
from billing.unapproved import Why, unapproved
from billing.unbilled import WITHOUT_ORDER, on_no_line
from billing.worth import left_to_minimum
from support import saying
from support.models import Customer, LegalEntity

AGES = 3  # this month, the one before, and all earlier ones together
LATE = (0, 30, 60)  # days overdue that begin a further column
COLUMNS = (
    gettext_lazy("Not due"),
    gettext_lazy("1 to 30"),
    gettext_lazy("31 to 60"),
    gettext_lazy("Over 60"),
)


WAITS = Case(When(**WITHOUT_ORDER, then=True), default=False, output_field=BooleanField())


@dataclass(frozen=True, slots=True)
class Worked:
    """One customer's work of one kind that is on no issued invoice: this month, last month, earlier, in words."""

    customer: Customer
    what: str
    ages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """What one customer has to pay in a currency: in a column each, and what he disputes apart."""

    customer: Customer
    late: tuple[tuple[str, str], ...]  # the column and the amount
    disputed: str


@dataclass(slots=True)
class Books:
    """Of one company, by its calendar."""

    entity: LegalEntity
    months: tuple[date, date]  # this one and the one before
    worked: list[Worked] = field(default_factory=list)
    owed: list[Owed] = field(default_factory=list)
    invoices: list[tuple[Invoice, Standing]] = field(default_factory=list)  # to be paid, the latest first
    to_close: list[date] = field(default_factory=list)


def books(entity: LegalEntity, at: datetime) -> Books:
    """Everything that finance's page says of a company."""
    this = at.astimezone(ZoneInfo(entity.time_zone)).date().replace(day=1)
    found = Books(entity, (this, (this - timedelta(days=1)).replace(day=1)))
    found.worked = sorted(
        [
            *_unbilled(entity, this),
            *_drafted(entity, this),
            *_unapproved(entity, this),
            *_late(entity, this),
        ],
        key=lambda row: row.customer.name,
    )
    found.invoices = _to_be_paid(entity, at)
    found.owed = _owed(found.invoices)
    over = Month.objects.filter(legal_entity=entity, closed_at=None, month__lt=this)
    found.to_close = list(over.order_by("month").values_list("month", flat=True))
    return found


def _age(month: date, this: date) -> int:
    return min((this.year - month.year) * 12 + this.month - month.month, AGES - 1) if month < this else 0


def _of_month(entity: LegalEntity, instant: str = "started_at") -> Func:
    return Func(Value(entity.pk), instant, function="month_of", output_field=DateField())


def _unbilled(entity: LegalEntity, this: date) -> Iterator[Worked]:
    """Priced as its lines would be: each approval's minutes of a month under one order, and each surcharge, rounded once,
    and after all lines and drafts nothing past what was signed."""
    sums: dict[tuple[bool, int, str], list[Money]] = {}
    found = [(added, row) for added, rate in planning.RATES.items() for row in _rows(entity, added, rate)]
    so_far = asked.asked({row["approval"] for _added, row in found}, Q(invoice__number=None))
    for added, row in found:
        currency, of = row["approval__offer__currency"], (row["approval"], added)
        key = row["waits"], row["engagement__contract__bill_to"], currency
        ages = sums.setdefault(key, [total((), currency)] * AGES)
        amount = row["visits"] * row["rate"]
        if added != Added.VISIT:
            left = asked.left(row["approval__offer__cap"], row["rate"], so_far[of])
            amount = min(price(row["minutes"], row["rate"]), left)
            so_far[of] += amount
        ages[_age(row["month"], this)] += Money(amount, currency)
    for each in delivering.on_no_line(entity):
        offer, contract = each.approval.offer, each.approval.engagement.contract
        waits = contract.rate.order_needed and not each.order
        key = waits, contract.bill_to_id, offer.currency
        ages = sums.setdefault(key, [total((), offer.currency)] * AGES)
        ages[_age(month_of(entity, each.delivered_at), this)] += Money(offer.fixed_price, offer.currency)
    due = list(minimums.on_no_line(entity))
    left = left_to_minimum(due)
    for approval in (each for each in due if left[each.pk]):
        offer, contract = approval.offer, approval.engagement.contract
        key = contract.rate.order_needed and not approval.order, contract.bill_to_id, offer.currency
        ages = sums.setdefault(key, [total((), offer.currency)] * AGES)
        ages[_age(month_of(entity, approval.done_at), this)] += Money(left[approval.pk], offer.currency)
    known = Customer.objects.in_bulk({customer for _waits, customer, _currency in sums})
    for (waits, customer, _currency), ages in sums.items():
        what = _("Waits for a purchase order") if waits else _("Approved, on no invoice")
        yield Worked(known[customer], what, tuple(str(each) if each.amount else "" for each in ages))


def _rows(entity: LegalEntity, added: str, rate: str) -> QuerySet:
    """One for each line that there would be, the earliest month first."""
    by = (
        "engagement__contract__bill_to",
        "approval",
        "approval__offer__cap",
        "approval__offer__currency",
        "order",
        "month",
        "waits",
    )
    entries = on_no_line(entity, added).annotate(month=_of_month(entity), waits=WAITS)
    rows = entries.order_by("month", "order").values(*by, rate=F(f"approval__offer__{rate}"))
    return rows.annotate(minutes=Sum("billed_minutes"), visits=Count("pk"))


def _unapproved(entity: LegalEntity, this: date) -> Iterator[Worked]:
    rows = (
        unapproved(entity)
        .order_by()
        .annotate(month=_of_month(entity))
        .values("engagement__contract__bill_to", "why", "month")
        .annotate(minutes=Sum("raw_minutes"))
    )
    sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0] * AGES)
    for row in rows:
        sums[row["engagement__contract__bill_to"], row["why"]][_age(row["month"], this)] += row["minutes"]
    known = Customer.objects.in_bulk({customer for customer, _why in sums})
    for (customer, why), ages in sorted(sums.items(), key=lambda each: Why.values.index(each[0][1])):
        spans = tuple(saying.duration(each) if each else "" for each in ages)
        yield Worked(known[customer], str(Why(why).label), spans)


def _drafted(entity: LegalEntity, this: date) -> Iterator[Worked]:
    """On drafts, before tax: nobody is asked for it until they are issued."""
    drafts = Invoice.objects.drafts().filter(legal_entity=entity, credits=None).order_by()
    old = out_of_date(entity)
    sums: dict[tuple[int, str], list[Money]] = {}
    for row in drafts.exclude(pk__in=old).values("bill_to", "currency", "month").annotate(sum=Sum("net")):
        currency = row["currency"]
        ages = sums.setdefault((row["bill_to"], currency), [total((), currency)] * AGES)
        ages[_age(row["month"], this)] += Money(row["sum"], currency)
    anew: dict[int, list[int]] = defaultdict(lambda: [0] * AGES)
    for customer, month in drafts.filter(pk__in=old).values_list("bill_to", "month"):
        anew[customer][_age(month, this)] += 1
    known = Customer.objects.in_bulk({customer for customer, _currency in sums} | anew.keys())
    for (customer, _currency), ages in sums.items():
        amounts = tuple(str(each) if each.amount else "" for each in ages)
        yield Worked(known[customer], _("Drafted, not issued"), amounts)
    for customer, numbers in anew.items():
        yield Worked(known[customer], _("Drafts out of date: draft the month again"), _counts(numbers))


def out_of_date(entity: LegalEntity) -> QuerySet[InvoiceLine, int]:
    """The ids of drafts with a line whose time was corrected since (what stands on no line is on no invoice already), or that
    asks otherwise than what is left since another month's was issued or credited."""
    held = BilledEntry.objects.filter(line=OuterRef("pk")).order_by().values("line")
    held = held.annotate(minutes=Sum("entry__billed_minutes")).values("minutes")
    money = DecimalField(max_digits=12, decimal_places=2)
    worth = Round(F("counts") * F("rate") / 60, 2, output_field=money)
    lines = InvoiceLine.objects.filter(invoice__number=None, invoice__legal_entity=entity)
    lines = lines.filter(asked.HOURLY_LINES).annotate(
        held=Coalesce(Subquery(held), 0),
        counts=F("minutes") + F("surcharged"),
        asks=Least(worth, Func("pk", function="left_to_ask", output_field=money)),
    )
    return lines.exclude(held=F("counts"), net=F("asks")).order_by().values_list("invoice", flat=True)


def _counts(numbers: list[int]) -> tuple[str, ...]:
    return tuple(str(each) if each else "" for each in numbers)


def _late(entity: LegalEntity, this: date) -> Iterator[Worked]:
    rows = (
        LateWork.objects.waiting()
        .filter(engagement__contract__legal_entity=entity)
        .order_by()
        .annotate(month=_of_month(entity))
        .values("engagement__contract__bill_to", "month")
        .annotate(number=Count("pk"))
    )
    sums: dict[int, list[int]] = defaultdict(lambda: [0] * AGES)
    for row in rows:
        sums[row["engagement__contract__bill_to"]][_age(row["month"], this)] += row["number"]
    known = Customer.objects.in_bulk(sums)
    for customer, ages in sums.items():
        yield Worked(known[customer], _("Late work, pieces"), tuple(str(each or "") for each in ages))


def _to_be_paid(entity: LegalEntity, at: datetime) -> list[tuple[Invoice, Standing]]:
    issued = Invoice.objects.issued().filter(legal_entity=entity, credits=None)
    rows = collecting.with_standing(issued).exclude(noted__in=["paid", "written_off"])
    rows = rows.select_related("legal_entity", "bill_to").order_by("due_date", "number")
    stands = [(invoice, collecting.said(invoice, at)) for invoice in rows]
    return [(invoice, each) for invoice, each in stands if each is not None and each.is_open]


def _owed(invoices: list[tuple[Invoice, Standing]]) -> list[Owed]:
    sums: dict[tuple[Customer, str], list[Money]] = {}
    for invoice, stands in invoices:
        row = sums.setdefault(
            (invoice.bill_to, invoice.currency), [total((), invoice.currency)] * (len(COLUMNS) + 1)
        )
        disputed = stands.what == "disputed"
        column = len(COLUMNS) if disputed else sum(stands.late > days for days in LATE)
        row[column] += stands.due
    ordered = sorted(sums.items(), key=lambda each: (each[0][0].name, each[0][1]))
    return [
        Owed(
            customer,
            tuple(
                (str(column), str(each) if each.amount else "")
                for column, each in zip(COLUMNS, row[:-1], strict=True)
            ),
            str(row[-1]) if row[-1].amount else "",
        )
        for (customer, _currency), row in ordered
    ]
