"""Customers and their people, as rows of the book."""

from collections.abc import Iterable

from django.db.models.functions import Lower

from billing.book.cells import Column, amount, day, language, yes_or_no
from billing.book.kind import Draft, Kind, Row, begun, plain
from support.desk.csv_log import Unreadable
from support.models import Contact, Customer, LegalEntity, User, UserKind


def entity_named(name: str, entities: Iterable[LegalEntity]) -> LegalEntity:
    """By its number series or its name."""
    fitting = [row for row in entities if name == row.number_series] or [
        row for row in entities if name == row.name
    ]
    if not fitting:
        raise Unreadable(f"there is no legal entity {name}")
    if len(fitting) > 1:
        raise Unreadable(f"{len(fitting)} legal entities are named {name}: write the number series")
    return fitting[0]


class Customers(Kind):
    columns = (
        Column("code", "northwind", needed=True),
        Column("name", "Northwind Ltd", needed=True),
        Column("legal_entity", "INV"),
        Column("partner", "", blank=None),
        Column("accredited_until", "", day, blank=None),
        Column("success_manager", "max@desk.example", blank=None),
        Column("finance_name", "Northwind Ltd", blank=""),
        Column("account_reference", "NW01", blank=""),
        Column("time_zone", "Europe/London"),
        Column("locale", "en-gb", language),
        Column("second_signature_above", "5000.00", amount, blank=None),
        Column("active", "yes", yes_or_no),
    )

    @staticmethod
    def key(said):
        return said["code"]

    @staticmethod
    def in_order(rows):
        """Partners are customers without a partner: they come first, wherever they stand."""
        return sorted(rows, key=lambda row: bool(row.get("partner", None)))

    @staticmethod
    def gives(row):
        return {("code", row.said["code"]), ("name", row.said["name"].lower())}

    @staticmethod
    def needs(row):
        return {("code", row.get("partner")), ("name", row.said["name"].lower())}

    def __init__(self, rows):
        codes = {row.said["code"] for row in rows} | {row.get("partner", None) for row in rows}
        found = Customer.objects.select_for_update(no_key=True).filter(code__in=codes - {None}).order_by("pk")
        self.found = {row.code: row for row in found}
        self.entities = list(LegalEntity.objects.order_by("id"))
        emails = {manager.lower() for row in rows if (manager := row.get("success_manager", None))}
        staff = User.objects.alias(low=Lower("email")).filter(kind=UserKind.STAFF, low__in=emails)
        self.staff = {user.email.lower(): user for user in staff}

    def draft(self, row: Row) -> Draft:
        resolved = ("legal_entity", "partner", "success_manager")
        draft = begun(self.found.get(row.said["code"]), Customer(), resolved)
        values = plain(
            row,
            *("code", "name", "finance_name", "account_reference", "time_zone", "locale"),
            *("accredited_until", "second_signature_above", "active"),
        )
        if "legal_entity" in row.said:
            values["legal_entity"] = entity_named(row.said["legal_entity"], self.entities)
        elif draft.created:
            values["legal_entity"] = self._only_entity()
        if "partner" in row.said:
            values["partner"] = self._partner(row.said["partner"])
        if "success_manager" in row.said:
            values["success_manager"] = self._manager(row.said["success_manager"])
        draft.put(draft.main, values)
        return draft

    def keep_in_mind(self, draft):
        self.found[draft.main.code] = draft.main

    def _only_entity(self) -> LegalEntity:
        if len(self.entities) > 1:
            names = ", ".join(row.number_series for row in self.entities)
            raise Unreadable(f"legal_entity is empty, and there are several: {names}")
        return self.entities[0]

    def _partner(self, code: str | None) -> Customer | None:
        if code is not None and code not in self.found:
            raise Unreadable(f"there is no customer {code} to be the partner")
        return self.found.get(code)

    def _manager(self, email: str | None) -> User | None:
        if email is not None and email.lower() not in self.staff:
            raise Unreadable(f"nobody of the staff signs in as {email}")
        return self.staff[email.lower()] if email else None


class Contacts(Kind):
    columns = (
        Column("customer", "northwind", needed=True),
        Column("email", "robin@northwind.example", needed=True),
        Column("name", "Robin Hale", needed=True),
        Column("phone", "+44 20 7946 0000", blank=""),
        Column("approves_up_to", "10000.00", amount),
        Column("billing", "yes", yes_or_no),
        Column("nominated_for_reviews", "yes", yes_or_no),
        Column("nominated_for_outages", "no", yes_or_no),
        Column("nominated_for_maintenance", "no", yes_or_no),
        Column("time_zone", "Europe/London"),
        Column("locale", "en-gb", language),
        Column("active", "yes", yes_or_no),
    )

    @staticmethod
    def key(said):
        return said["customer"], said["email"].lower()

    def __init__(self, rows):
        customers = Customer.objects.filter(code__in={row.said["customer"] for row in rows})
        self.customers = {row.code: row for row in customers}
        found = Contact.objects.alias(low=Lower("email")).filter(
            customer__in=customers, low__in={row.said["email"].lower() for row in rows}
        )
        self.found = {
            (row.customer_id, row.email.lower()): row
            for row in found.select_for_update(no_key=True, of=("self",)).order_by("pk")
        }

    def draft(self, row: Row) -> Draft:
        customer = self.customers.get(row.said["customer"])
        if customer is None:
            raise Unreadable(f"there is no customer {row.said['customer']}")
        found = self.found.get((customer.pk, row.said["email"].lower()))
        draft = begun(found, Contact(customer=customer), ("customer", "user"))
        names = [column.name for column in self.columns if column.name != "customer"]
        draft.put(draft.main, plain(row, *names))
        return draft
