"""The book taken in: each kind by its rules, again, changed, in any order of the file."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.book import sheet
from billing.models import ContractRate, RateCard
from support.models import Contact, Contract, ContractLine, Customer, Product
from tests.billing.book_cases import imported
from tests.factories import TESTS, ContactFactory, ContractFactory, CustomerFactory, ProductFactory

pytestmark = pytest.mark.django_db
IMPORT = Path(__file__).parents[2] / "docs" / "import.md"
OF_CONTRACTS = "support_service,engagement_service,products,rate_card,tax_rate"


@pytest.fixture
def northwind(db):
    return CustomerFactory(code="northwind", name="Northwind")


@pytest.fixture
def card(db):
    row = RateCard(name="Standard").by(TESTS)
    row.save()
    return row


def test_a_customer_is_created_once_and_changed_with_history():
    assert imported("customers", "acme,Acme Ltd") == ((1, 0, 0), {})
    assert imported("customers", "acme,Acme Ltd") == ((0, 0, 1), {})
    assert imported("customers", "acme,Acme plc,Europe/Paris", more="time_zone") == ((0, 1, 0), {})
    row = Customer.objects.get(code="acme")
    assert (row.name, row.time_zone) == ("Acme plc", "Europe/Paris")
    told = row.history.order_by("history_id").values_list("history_type", "actor_name")
    assert list(told) == [("+", "tests"), ("~", "tests")]


def test_a_column_that_is_not_there_leaves_what_is_and_an_empty_cell_empties():
    CustomerFactory(code="acme", name="Acme", finance_name="ACME", account_reference="A1")
    assert imported("customers", "acme,Acme,", more="finance_name")[0] == (0, 1, 0)
    row = Customer.objects.get(code="acme")
    assert (row.finance_name, row.account_reference) == ("", "A1")


@pytest.mark.parametrize("dry", [False, True])
def test_a_partner_may_stand_behind_its_customers_and_in_another_batch(dry, monkeypatch):
    monkeypatch.setattr("billing.book.importing.BATCH", 1)
    rows = ["end,End,middle", "other,Other,middle", "middle,Middle,"]
    assert imported("customers", *rows, more="partner", dry=dry) == ((3, 0, 0), {})
    assert Customer.objects.filter(partner__code="middle").count() == (0 if dry else 2)


@pytest.mark.parametrize("dry", [False, True])
def test_a_name_that_two_rows_bear_is_rejected_in_a_dry_run_too(dry, monkeypatch):
    monkeypatch.setattr("billing.book.importing.BATCH", 1)
    counts, rejected = imported("customers", "a,Acme", "b,ACME", dry=dry)
    assert (counts, rejected) == ((1, 0, 0), {3: "There is a customer of this name already"})


def test_a_contact_is_known_by_its_address_within_its_customer(northwind):
    other = ContactFactory(email="robin@shared.example", name="Robin of another")
    assert imported("contacts", "northwind,Robin@shared.example,Robin Hale")[0] == (1, 0, 0)
    assert imported("contacts", "northwind,robin@shared.example,Robin Hale,yes", more="billing")[0] == (
        0,
        1,
        0,
    )
    other.refresh_from_db()
    assert (other.name, other.billing) == ("Robin of another", False)
    assert Contact.objects.filter(email__iexact="robin@shared.example").count() == 2


def test_a_rate_card_is_known_by_its_name():
    assert imported("rate-cards", "Standard,USD,250.00", "Night,USD,375.50")[0] == (2, 0, 0)
    assert imported("rate-cards", "Standard,USD,250", "Night,USD,400")[0] == (0, 1, 1)
    assert RateCard.objects.get(name="Night").hourly_rate == Decimal("400.00")


def test_a_contract_comes_with_its_services_products_and_rate(northwind, card):
    ProductFactory(code="voice")
    row = "C-1,northwind,2026-01-01,enghouse-premium,calltower-ese,voice voice/on_premises,Standard,20"
    assert imported("contracts", row, more=OF_CONTRACTS) == ((1, 0, 0), {})
    assert imported("contracts", row, more=OF_CONTRACTS) == ((0, 0, 1), {})
    contract = Contract.objects.get(number="C-1")
    assert (contract.bill_to, contract.legal_entity) == (northwind, northwind.legal_entity)
    assert (contract.support_service.code, contract.engagement_service.code) == (
        "enghouse-premium",
        "calltower-ese",
    )
    assert (contract.starts_on, contract.rate.card, contract.rate.tax_rate) == (date(2026, 1, 1), card, 20)
    assert sorted(contract.lines.values_list("deployment", flat=True)) == ["cloud", "on_premises"]


def test_a_product_that_is_named_no_more_goes_with_history(northwind):
    ProductFactory(code="voice")
    imported("contracts", "C-1,northwind,2026-01-01,voice", more="products")
    assert imported("contracts", "C-1,northwind,2026-01-01,", more="products")[0] == (0, 1, 0)
    assert not ContractLine.objects.exists()
    assert ContractLine.history.filter(history_type="-", actor_name="tests").count() == 1
    assert Product.objects.exists()


def test_a_code_alone_leaves_a_pin_at_its_version(northwind):
    from support import versions
    from support.models import ServiceVersion

    first = versions.latest("enghouse-premium")
    contract = ContractFactory(holder=northwind, number="C-1", support_service=first)
    again = ServiceVersion(code=first.code, version=2, name=first.name, kind=first.kind, sha256="0" * 64)
    again.data, again.added_at, again.actor = first.data, first.added_at, TESTS
    again.save(force_insert=True)
    row = f"C-1,northwind,{contract.starts_on},enghouse-premium"
    assert imported("contracts", row, more="support_service")[0] == (0, 0, 1)
    assert imported("contracts", f"{row}@2", more="support_service")[0] == (0, 1, 0)
    contract.refresh_from_db()
    assert contract.support_service == again


def test_a_rate_stays_where_none_is_named(northwind, card):
    imported("contracts", "C-1,northwind,2026-01-01,Standard", more="rate_card")
    assert imported("contracts", "C-1,northwind,2026-01-01,", more="rate_card")[0] == (0, 0, 1)
    assert ContractRate.objects.count() == 1


@pytest.mark.parametrize("kind", sheet.KINDS)
def test_the_documentation_names_every_column(kind):
    lines = IMPORT.read_text().splitlines()
    [line] = [line for line in lines if line.startswith(f"| `{kind}` |")]
    columns = [
        f"**`{each.name}`**" if each.needed else f"`{each.name}`" for each in sheet.KINDS[kind].columns
    ]
    assert line.split(" | ")[-1] == f"{', '.join(columns)} |"


@pytest.mark.parametrize("kind", sheet.KINDS)
def test_a_template_is_a_file_that_can_be_read(kind):
    read = sheet.read(sheet.template(kind), "template.csv", kind)
    assert (len(read.rows), read.rejected) == (1, [])


@pytest.mark.parametrize(
    ("kind", "row", "most"),
    [
        ("customers", "c{n},Customer number {n}", 14),
        ("contacts", "northwind,c{n}@x.example,Robin Hale", 14),
        ("contracts", "C-{n},northwind,2026-01-01", 13),
        ("rate-cards", "Card {n},USD,250", 19),
    ],
)
def test_queries_are_few_for_each_row_and_none_for_one_that_is_unchanged(northwind, kind, row, most):
    def counted(first, last):
        with CaptureQueriesContext(connection) as seen:
            imported(kind, *(row.format(n=n) for n in range(first, last)))
        return len(seen)

    few, many = counted(0, 10), counted(10, 40)
    assert (many - few) / 20 <= most
    assert counted(0, 10) == counted(0, 40)
