"""Rate cards and contracts, with their products and the rate they are billed by, as rows of the book."""

from billing.book.cells import Column, amount, day, lines, one_of, text, whole
from billing.book.customers import entity_named
from billing.book.kind import Draft, Kind, Row, begun, plain
from billing.models import ContractRate, RateCard
from support.desk.csv_log import Unreadable
from support.models import Contract, ContractLine, Customer, LegalEntity, Product, ServiceKind, ServiceVersion
from support.models.contracts import DEPLOYMENTS

RATE = ("tax_code", "tax_rate", "payment_days")
KINDS = {
    ServiceKind.SUPPORT: "support_service",
    ServiceKind.ENGAGEMENT: "engagement_service",
}


def products(cell: str) -> tuple[tuple[str, str], ...]:
    """ "office-365 hosted-voice/on_premises": codes with where each runs; in the cloud where nothing is said."""
    places = [place for place, _label in DEPLOYMENTS]
    found = []
    for word in text(cell).split():
        code, _slash, place = word.partition("/")
        if (place or places[0]) not in places:
            raise Unreadable(f"runs a product in {place}: write one of {', '.join(places)}")
        found.append((code, place or places[0]))
    return tuple(dict.fromkeys(found))


class RateCards(Kind):
    columns = (
        Column("name", "Standard 250", needed=True),
        Column("currency", "USD", needed=True),
        Column("hourly_rate", "250.00", amount, needed=True),
        Column("increment", "15", whole),
        Column("minimum", "0", whole),
        Column("minimum_charge", "0.00", amount),
        Column("terms", "Nights and weekends at the same rate.", lines, blank=""),
        Column("account_code", "4000", blank=""),
    )

    @staticmethod
    def key(said):
        return said["name"]

    def __init__(self, rows):
        names = {row.said["name"] for row in rows}
        found = RateCard.objects.select_for_update(no_key=True).filter(name__in=names).order_by("pk")
        self.found = {row.name: row for row in found}

    def draft(self, row: Row) -> Draft:
        draft = begun(self.found.get(row.said["name"]), RateCard())
        draft.put(draft.main, plain(row, *(column.name for column in self.columns)))
        return draft


class Contracts(Kind):
    columns = (
        Column("number", "C-northwind", needed=True),
        Column("holder", "northwind", needed=True),
        Column("starts_on", "2026-01-01", day, needed=True),
        Column("ends_on", "", day, blank=None),
        Column("bill_to", "northwind"),
        Column("legal_entity", "INV"),
        Column("csp", "none", one_of(Contract.Csp.values)),
        Column("currency", "USD"),
        Column("support_service", "exponential-e-ucc", blank=None),
        Column("engagement_service", "calltower-ese", blank=None),
        Column("products", "", products, blank=()),
        Column("rate_card", "Standard 250"),
        Column("tax_code", "VAT20", blank=""),
        Column("tax_rate", "20", amount),
        Column("payment_days", "30", whole),
    )

    @staticmethod
    def key(said):
        return said["number"]

    def __init__(self, rows):
        numbers = {row.said["number"] for row in rows}
        found = Contract.objects.select_for_update(no_key=True).filter(number__in=numbers).order_by("pk")
        self.found = {row.number: row for row in found}
        codes = {row.get(name) for row in rows for name in ("holder", "bill_to")} - {...}
        customers = Customer.objects.filter(code__in=codes).select_related("legal_entity")
        self.customers = {row.code: row for row in customers}
        self.entities = list(LegalEntity.objects.order_by("id"))
        newest_last = ServiceVersion.objects.defer("data", "source").order_by("version")
        self.services = {
            key: row for row in newest_last for key in (row.code, f"{row.code}@{row.version}", row.pk)
        }
        cards = {row.get("rate_card") for row in rows} - {...}
        self.cards = {row.name: row for row in RateCard.objects.filter(name__in=cards)}
        codes = {code for row in rows for code, _place in row.get("products", ())}
        self.products = {row.code: row for row in Product.objects.filter(code__in=codes)}
        owned = {"contract__in": [row.pk for row in self.found.values()]}
        self.rates = {
            row.contract_id: row for row in ContractRate.objects.filter(**owned).select_related("card")
        }
        self.lines: dict[int, dict[tuple[str, str], ContractLine]] = {}
        for line in ContractLine.objects.filter(**owned).select_related("product"):
            self.lines.setdefault(line.contract_id, {})[line.product.code, line.deployment] = line

    def draft(self, row: Row) -> Draft:
        looked_up = ("holder", "bill_to", "legal_entity", *KINDS.values(), "contract", "card", "product")
        draft = begun(self.found.get(row.said["number"]), Contract(), looked_up)
        values = plain(row, "number", "starts_on", "ends_on", "csp", "currency")
        values |= self._parties(row, draft.created)
        if draft.created:
            values.setdefault("currency", values["legal_entity"].currency)
        for kind, name in KINDS.items():
            if name in row.said:
                pinned = self.services.get(getattr(draft.main, f"{name}_id"))
                values[name] = self._service(row.said[name], kind, pinned)
        draft.put(draft.main, values)
        self._put_rate(draft, row)
        self._put_lines(draft, row)
        return draft

    def _parties(self, row: Row, new: bool) -> dict[str, object]:
        holder = self._customer(row.said["holder"])
        said: dict[str, object] = {"holder": holder}
        if new:
            said |= {"bill_to": holder, "legal_entity": holder.legal_entity}
        if "bill_to" in row.said:
            said["bill_to"] = self._customer(row.said["bill_to"])
        if "legal_entity" in row.said:
            said["legal_entity"] = entity_named(row.said["legal_entity"], self.entities)
        return said

    def _customer(self, code: str) -> Customer:
        if code not in self.customers:
            raise Unreadable(f"there is no customer {code}")
        return self.customers[code]

    def _service(self, name: str | None, kind: str, pinned: ServiceVersion | None) -> ServiceVersion | None:
        """A code alone leaves a pin of that code at its version; else it means the newest."""
        if name is None or (pinned and pinned.code == name):
            return pinned if name else None
        service = self.services.get(name)
        if service is None:
            raise Unreadable(f"there is no service {name}")
        if service.kind != kind:
            raise Unreadable(f"{name} is no {ServiceKind(kind).label.lower()}")
        return service

    def _put_rate(self, draft: Draft, row: Row) -> None:
        rate, values = self.rates.get(draft.main.pk), plain(row, *RATE)
        if name := row.get("rate_card", None):
            if name not in self.cards:
                raise Unreadable(f"there is no rate card {name}")
            values["card"] = self.cards[name]
        elif rate is None:
            if told := [each for each, value in values.items() if value]:
                raise Unreadable(f"{told[0]} belongs to a rate card, and none is named")
            return
        part = begun(rate, ContractRate(contract=draft.main)).main
        draft.put(part, values)
        if part.card.currency != draft.main.currency:
            raise Unreadable(
                f"rate card {part.card.name} is in {part.card.currency}, the contract in {draft.main.currency}"
            )

    def _put_lines(self, draft: Draft, row: Row) -> None:
        wanted, lines_now = row.get("products"), self.lines.get(draft.main.pk, {})
        if wanted is ...:
            return
        for code, place in wanted:
            if code not in self.products:
                raise Unreadable(f"there is no product {code}")
            if (code, place) not in lines_now:
                line = ContractLine(contract=draft.main, product=self.products[code], deployment=place)
                draft.writes.append(line)
        draft.goes += [line for key, line in lines_now.items() if key not in wanted]
