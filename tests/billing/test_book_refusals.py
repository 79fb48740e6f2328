"""What the book does not take: files that are none, and rows that break a rule. The rest goes on."""

import gzip

import pytest

from billing.book import sheet
from billing.models import RateCard
from support.desk.csv_log import NotALog
from support.models import Contact, Contract, Customer
from tests.billing.book_cases import a_file, imported, reason
from tests.factories import TESTS, ContactFactory, CustomerFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def northwind(db):
    RateCard(name="Euro", currency="EUR").by(TESTS).save()
    return CustomerFactory(code="northwind", name="Northwind")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "book.csv is empty."),
        (b"code\nacme\n", "book.csv is no list of customers: it lacks name."),
        (b"code,name,colour\na,A,red\n", "book.csv has a column that is not known here: colour."),
        (b"code,name,name\na,A,A\n", "book.csv has the column name twice."),
        (b"code,name,\na,A,\n", "book.csv has a column that is not known here: one without a name."),
        (b"code,name\n", "book.csv has its columns and not one row."),
        (b"\x1f\x8bno gzip", "book.csv cannot be read: "),
        (gzip.compress(b"0" * (sheet.MOST + 1)), "book.csv holds more than 32 MB"),
    ],
)
def test_a_file_that_is_none_is_one_sentence(data, sentence):
    with pytest.raises(NotALog) as refused:
        sheet.read(data, "book.csv", "customers")
    assert f"{refused.value}".startswith(sentence)


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(b"code,name\nacme,Acme\n"),
        b"\xef\xbb\xbfcode,name\r\nacme,Acme\r\n",
        b"Code;Name\nacme;Acme\n",
        b"name,line,code,reason\nAcme,7,acme,it was wrong\n",
    ],
    ids=["gzipped", "byte-order mark", "semicolons", "rejects that were mended"],
)
def test_it_is_read_gzipped_with_a_mark_with_semicolons_and_as_rejects(data):
    [row] = sheet.read(data, "book.csv", "customers").rows
    assert dict(row.said) == {"code": "acme", "name": "Acme"}


@pytest.mark.parametrize(
    ("kind", "row", "more", "why"),
    [
        ("customers", ",Acme", "", "code is empty"),
        ("customers", "a\0b,Acme", "", "code a?b has letters that nobody can read"),
        ("customers", "acme,Ac\x1bme", "", "name Ac?me has letters that nobody can read"),
        ("customers", "acme", "", "1 cells where 2 belong"),
        ("customers", f"acme,{'x' * 2**20}", "", "name has more than 1000 letters"),
        ("customers", f"acme,{'x' * 300}", "", "name: Ensure this value has at most 200 characters (it has 300)"),
        ("customers", "two words,Acme", "", "code: Enter a valid “slug” consisting of"),
        ("customers", "acme,Acme,=HYPERLINK(1)", "finance_name", "finance_name: Finance programs read a name"),
        ("customers", "acme,Acme,@SUM(1)", "account_reference", "account_reference: Finance programs read"),
        ("customers", "acme,Acme,Europe/Lodnon", "time_zone", "time_zone: Europe/Lodnon is not a time zone"),
        ("customers", "acme,Acme,tlh", "locale", "locale tlh is not one of: "),
        ("customers", "acme,Acme,-5", "second_signature_above", "second_signature_above: Ensure this value is"),
        ("customers", "acme,Acme,nobody", "partner", "there is no customer nobody to be the partner"),
        ("customers", "acme,Acme,acme", "partner", "there is no customer acme to be the partner"),
        ("customers", "acme,Acme,Other Ltd", "legal_entity", "there is no legal entity Other Ltd"),
        ("customers", "acme,Acme,who@x.example", "success_manager", "nobody of the staff signs in as who@x.example"),
        ("customers", "acme,Acme,perhaps", "active", "active perhaps is yes or no"),
        ("contacts", "nobody,a@x.example,Robin", "", "there is no customer nobody"),
        ("contacts", "northwind,a@x.example,+++", "", "name: Write the name with letters alone"),
        ("contacts", "northwind,no address,Robin", "", "email: "),
        ("contacts", "northwind,a@x.example,Robin,-5", "approves_up_to", "Constraint “authority_is_not_negative”"),
        ("contracts", "C-1,nobody,2026-01-01", "", "there is no customer nobody"),
        ("contracts", "C-1,northwind,01.02.2026", "", "starts_on 01.02.2026 is not a day; write one such as 2026-10-31"),
        ("contracts", "C-1,northwind,2026-02-30", "", "starts_on 2026-02-30 is not a day"),
        ("contracts", "C-1,northwind,2026-02-01,2026-01-31", "ends_on", "The last day in force is before the first one"),
        ("contracts", "C-1,northwind,2026-02-01,gold", "support_service", "there is no service gold"),
        ("contracts", "C-1,northwind,2026-02-01,calltower-ese", "support_service", "calltower-ese is no support service"),
        ("contracts", "C-1,northwind,2026-02-01,Gold", "rate_card", "there is no rate card Gold"),
        ("contracts", "C-1,northwind,2026-02-01,Euro", "rate_card", "rate card Euro is in EUR, the contract in USD"),
        ("contracts", "C-1,northwind,2026-02-01,20", "tax_rate", "tax_rate belongs to a rate card, and none is named"),
        ("contracts", "C-1,northwind,2026-02-01,dollars", "currency", "currency: "),
        ("contracts", "C-1,northwind,2026-02-01,nothing", "products", "there is no product nothing"),
        ("contracts", "C-1,northwind,2026-02-01,voice/moon", "products", "products voice/moon runs a product in moon"),
        ("rate-cards", 'Standard,USD,"250,00"', "", "hourly_rate 250,00 is not a figure; write one such as 1250.00"),
        ("rate-cards", "Standard,USD,-1", "", "hourly_rate: Ensure this value is greater than or equal to 0.01"),
        ("rate-cards", "Standard,USD,250.001", "", "hourly_rate: Ensure that there are no more than 2 decimal places"),
        ("rate-cards", "Standard,U$D,250", "", "currency: Write the three letters of a currency"),
        ("rate-cards", "Standard,USD,250,7", "increment", "increment: Value 7 is not a valid choice"),
        ("rate-cards", "Standard,USD,250,99999", "minimum", "minimum 99999 is not a whole number"),
        ("rate-cards", "Standard,USD,250,=1+1", "account_code", "account_code: Finance programs read"),
    ],
)  # fmt: skip
def test_a_row_that_breaks_a_rule_is_told_and_leaves_nothing(kind, row, more, why):
    before = (
        Customer.objects.count(),
        Contact.objects.count(),
        Contract.objects.count(),
        RateCard.objects.count(),
    )
    assert reason(kind, row, more).startswith(why)
    assert before == (
        Customer.objects.count(),
        Contact.objects.count(),
        Contract.objects.count(),
        RateCard.objects.count(),
    )


def test_the_rest_goes_on_and_a_key_that_comes_twice_is_taken_once():
    rows = ["acme,Acme", "bad one,Bad", "acme,Acme again", "beta,Beta"]
    counts, rejected = imported("customers", *rows)
    assert counts == (2, 0, 0)
    assert (rejected[4], sorted(rejected)) == ("it is about the same as line 2, which is taken", [3, 4])
    assert Customer.objects.get(code="acme").name == "Acme"


def test_letters_that_are_no_utf_8_are_told(db):
    read = sheet.read(a_file("customers", "acme,Caf")[:-1] + b"\xe9\n", "book.csv", "customers")
    assert [row.reason for row in read.rejected] == ["name Caf? has letters that nobody can read"]


def test_an_address_of_the_staff_is_no_contact():
    UserFactory(name="Ana", email="ana@staff.example")
    why = "email: This is an address of the desk: a contact has one of the customer’s"
    assert reason("contacts", "northwind,ana@staff.example,Ana") == why
    assert reason("contacts", "northwind,ana+x@staff.example,Ana") == why


def test_a_contact_of_another_customer_is_left_alone():
    theirs = ContactFactory(email="kim@other.example", name="Kim Other")
    assert imported("contacts", "northwind,kim@other.example,Kim Elsewhere")[0] == (1, 0, 0)
    theirs.refresh_from_db()
    assert theirs.name == "Kim Other"


def test_a_partner_has_no_partner():
    imported("customers", "over,Over,", "under,Under,over", more="partner")
    assert reason("customers", "third,Third,under", "partner").startswith("partner: Under has a partner")
    assert reason("customers", "over,Over,northwind", "partner").startswith(
        "partner: This customer is somebody's"
    )


def test_a_dry_run_writes_nothing_and_says_the_same():
    rows = ["acme,Acme", "bad one,Bad", "northwind,Northwind plc"]
    foreseen = imported("customers", *rows, dry=True)
    assert not Customer.objects.filter(code="acme").exists()
    assert Customer.objects.get(code="northwind").history.count() == 1
    assert imported("customers", *rows) == foreseen
