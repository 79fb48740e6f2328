"""What the lines of a month's invoices would be: per approval and order one of time, beside it one for each surcharge."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import chain

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing import asked, document, minimums, money, wording
from billing.minimums import TopUp
from billing.models import Added, Approval, Delivery, InvoiceLine, Signature, TimeEntry
from billing.money import Money
from support.models import Customer

RATES = {**asked.HOURLY, Added.VISIT: "visit_price"}


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """The time of one approval, under one purchase order, at its rate: summed, priced once, taxed once. Or its surcharge."""

    approval: Approval
    order: str
    surcharge: str
    entries: tuple[TimeEntry, ...]
    delivery: Delivery | None = None  # then it is a fixed price, and nothing of the above
    top_up: TopUp | None = None  # or what is left to the minimum
    signers: tuple[str, ...] = ()  # whose yes it is
    left: Decimal | None = None  # of what was signed for its kind, where that is by the hour

    @property
    def kind(self) -> str:
        if self.delivery:
            return InvoiceLine.Kind.FIXED
        if self.top_up:
            return InvoiceLine.Kind.MINIMUM
        return InvoiceLine.Kind.SURCHARGE if self.surcharge else InvoiceLine.Kind.TIME

    @property
    def minutes(self) -> int:
        """Billed minutes; a surcharge bills none, it is for those of the line of time."""
        return 0 if self.surcharge else self._minutes

    @property
    def surcharged(self) -> int:
        return self._minutes if self.surcharge in (Added.OUT_OF_HOURS, Added.ON_SITE) else 0

    @property
    def counted(self) -> int:
        return self.minutes or self.surcharged

    @property
    def _minutes(self) -> int:
        return sum(entry.billed_minutes for entry in self.entries)

    @property
    def rate(self) -> Decimal:
        if self.top_up:
            return self.top_up.amount
        offer = self.approval.offer
        return offer.fixed_price if self.delivery else getattr(offer, RATES[self.surcharge])

    @property
    def net(self) -> Money:
        amount = self._price if self.left is None else min(self._price, self.left)
        return Money(amount, self.approval.offer.currency)

    @property
    def _price(self) -> Decimal:
        if self.delivery or self.top_up:
            return self.rate
        if self.surcharge == Added.VISIT:
            return self.rate * len(self.entries)
        return money.price(self.counted, self.rate)

    @property
    def tax(self) -> Money:
        return Money(money.tax(self.net.amount, self.approval.offer.tax_rate), self.net.currency)

    @property
    def description(self) -> str:
        """What it was, and the basis on which it is counted."""
        engagement, offer = self.approval.engagement, self.approval.offer
        said = {
            "title": engagement.title,
            "reference": engagement.reference,
            "ticket": engagement.ticket.number,
            "approval": self._approved,
            "people": wording.people(entry.person.name for entry in self.entries),
            "span": wording.span(self.counted),
            "rate": Money(self.rate, offer.currency),
            "rounding": document.rounding(offer.increment, offer.minimum),
            "visits": ngettext("1 visit", "%(n)d visits", len(self.entries)) % {"n": len(self.entries)},
            "what": offer.fixed_for,
            "minimum": Money(offer.minimum_charge, offer.currency),
            "charged": Money(self.top_up.charged, offer.currency) if self.top_up else "",
            "order": " " + _("Purchase order %(number)s.") % {"number": self.order} if self.order else "",
        }
        return self._words % said + self._less

    @property
    def _less(self) -> str:
        if not (less := self._price - self.net.amount):
            return ""
        said = {"money": Money(less, self.net.currency)}
        return " " + _("%(money)s less, so that nothing past what was signed is asked.") % said

    @property
    def _approved(self) -> str:
        zone = self.approval.engagement.contract.legal_entity.time_zone
        return _("approval %(approval)s in writing by %(signers)s on %(day)s") % {
            "approval": self.approval.reference,
            "signers": wording.people(self.signers),
            "day": wording.day(self.approval.decided_at, zone),
        }

    @property
    def _words(self) -> str:
        if self.delivery:
            return _(
                "%(title)s (%(reference)s, ticket %(ticket)s, %(approval)s): %(what)s at the fixed price of %(rate)s.%(order)s"
            )
        if self.top_up:
            return _(
                "Minimum, %(title)s (%(reference)s, ticket %(ticket)s, %(approval)s): %(rate)s more, because its time and surcharges came to %(charged)s and the minimum is %(minimum)s.%(order)s"
            )
        match self.surcharge:
            case Added.OUT_OF_HOURS:
                return _(
                    "Surcharge out of hours, %(title)s (%(reference)s, ticket %(ticket)s, %(approval)s): %(span)s at %(rate)s an hour more, worked by %(people)s.%(order)s"
                )
            case Added.ON_SITE:
                return _(
                    "Surcharge on site, %(title)s (%(reference)s, ticket %(ticket)s, %(approval)s): %(span)s at %(rate)s an hour more, worked by %(people)s.%(order)s"
                )
            case Added.VISIT:
                return _(
                    "Surcharge on site, %(title)s (%(reference)s, ticket %(ticket)s, %(approval)s): %(visits)s at %(rate)s each, by %(people)s.%(order)s"
                )
        return _(
            "%(title)s (%(reference)s, ticket %(ticket)s, %(approval)s): %(span)s at %(rate)s an hour, worked by %(people)s. %(rounding)s.%(order)s"
        )


@dataclass(frozen=True, slots=True)
class PlannedInvoice:
    bill_to: Customer
    currency: str
    lines: tuple[PlannedLine, ...]

    @property
    def net(self) -> Money:
        return money.total((line.net for line in self.lines), self.currency)

    @property
    def tax(self) -> Money:
        return money.total((line.tax for line in self.lines), self.currency)


def plan(
    time: Iterable[TimeEntry],
    surcharged: Iterable[TimeEntry],
    delivered: Iterable[Delivery] = (),
    done: Iterable[Approval] = (),
    *,
    month: date,
) -> list[PlannedInvoice]:
    """Per bill-to and currency, the surcharges of an approval under one order right after its time; fixed prices last but for
    what tops up to a minimum: `done` are approvals as minimums.unbilled has them. Together with what is issued or on a draft of
    the month no approval's lines come to more than was signed."""
    invoices = _within(_plan(time, surcharged, delivered), month)
    planned = [line for invoice in invoices.values() for line in invoice]
    for approval in done:
        if found := minimums.top_up(approval, planned):
            to = approval.engagement.contract.bill_to, approval.offer.currency
            invoices.setdefault(to, []).append(PlannedLine(approval, approval.order, "", (), top_up=found))
    signers = _signers(line.approval for lines in invoices.values() for line in lines)
    return [
        PlannedInvoice(
            bill_to,
            currency,
            tuple(replace(line, signers=tuple(signers[line.approval.offer_id])) for line in lines),
        )
        for (bill_to, currency), lines in invoices.items()
    ]


def _signers(approvals: Iterable[Approval]) -> dict[int, list[str]]:
    """Offer → the names of those who signed it, in their order."""
    found: dict[int, list[str]] = defaultdict(list)
    signed = Signature.objects.filter(offer__in={each.offer_id for each in approvals}).order_by("pk")
    for offer, name in signed.values_list("offer", "contact_name"):
        found[offer].append(name)
    return found


def _plan(
    time: Iterable[TimeEntry], surcharged: Iterable[TimeEntry], delivered: Iterable[Delivery]
) -> dict[tuple[Customer, str], list[PlannedLine]]:
    invoices: dict[tuple[Customer, str], dict[tuple[Approval, str], dict[str, list[TimeEntry]]]] = {}
    fixed: dict[tuple[Customer, str], list[PlannedLine]] = {}
    for surcharge, entry in chain((("", entry) for entry in time), _each(surcharged)):
        approval = entry.approval
        to = approval.engagement.contract.bill_to, approval.offer.currency
        beside = invoices.setdefault(to, {}).setdefault((approval, entry.order), {})
        beside.setdefault(surcharge, []).append(entry)
    for each in delivered:
        approval = each.approval
        to = approval.engagement.contract.bill_to, approval.offer.currency
        invoices.setdefault(to, {})
        fixed.setdefault(to, []).append(PlannedLine(approval, each.order, "", (), each))
    return {
        to: [
            PlannedLine(approval, order, surcharge, tuple(entries))
            for (approval, order), kinds in groups.items()
            for surcharge, entries in sorted(kinds.items(), key=_place)
        ]
        + fixed.get(to, [])
        for to, groups in invoices.items()
    }


def _within(
    invoices: dict[tuple[Customer, str], list[PlannedLine]], month: date
) -> dict[tuple[Customer, str], list[PlannedLine]]:
    """Each hourly line with what those before it leave of what was signed for its approval and kind."""
    drafts = Q(invoice__number=None, invoice__month=month.replace(day=1))
    so_far = asked.asked({line.approval.pk for lines in invoices.values() for line in lines}, drafts)

    def within(line: PlannedLine) -> PlannedLine:
        if line.delivery or line.surcharge == Added.VISIT:
            return line
        key = line.approval.pk, line.surcharge
        line = replace(line, left=asked.left(line.approval.offer.cap, line.rate, so_far[key]))
        so_far[key] += line.net.amount
        return line

    return {to: [within(line) for line in lines] for to, lines in invoices.items()}


def _each(surcharged: Iterable[TimeEntry]) -> Iterator[tuple[str, TimeEntry]]:
    for entry in surcharged:
        yield from ((added, entry) for added in Added if getattr(entry, f"lacks_{added}"))


def _place(kind: tuple[str, list[TimeEntry]]) -> int:
    return list(RATES).index(kind[0])
