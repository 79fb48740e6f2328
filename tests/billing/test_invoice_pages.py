"""Finance's pages: draft, issue, export, credit; each once, for finance alone."""

import csv
import io
import re
import uuid

import pytest
from django.urls import reverse

from billing import timing
from billing.models import BilledEntry, ExportBatch, Invoice, InvoiceLine, LateWork, PurchaseOrder
from tests.billing.billing_cases import at, entry, world
from tests.billing.minimum_cases import at_least, done, run_of, some_work
from tests.factories import TESTS, LegalEntityFactory
from tests.ground import standing_on
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db


@standing_on
def w():
    """240 minutes approved, two hours of them worked in October 2026."""
    w = world()
    entry(w, at(11), at(12)).save()
    entry(w, at(13), at(14)).save()
    for customer in [w.contract.bill_to]:
        customer.finance_name = "Northwind Ltd"
        customer.by(TESTS).save()
    return w


@pytest.fixture
def fin(client, w):
    client.force_login(w.fin)
    return client


def month(w):
    return w.entity.number_series, "2026-10"


def shown_to(client, w):
    """What the page's form says that it issues."""
    page = client.get(reverse("billing:month-page", args=month(w))).text
    return re.search(r'name="shown" value="(\w+)"', page)[1]


def issue(client, w):
    return post(client, "billing:month-issue", *month(w), shown=shown_to(client, w))


def test_the_month_shows_what_is_on_no_invoice_yet(fin, w):
    page = fin.get(reverse("billing:month-page", args=month(w)))
    assert "$500.00" in page.text
    assert "120" in page.text
    assert "October 2026" in fin.get(reverse("billing:month-list")).text


def test_what_will_be_issued_is_read_line_by_line_before(fin, w):
    address = reverse("billing:month-page", args=month(w))
    assert "2 hours at $250.00 an hour" in fin.get(address).text
    post(fin, "billing:month-draft", *month(w))
    page = fin.get(address).text
    assert "None: all of it is drafted or issued" in page
    assert "2 hours at $250.00 an hour" in page
    assert "120 min, $500.00" in page


def test_a_manager_reads_the_month_and_is_offered_only_its_reopening(client, fin, w):
    post(fin, "billing:month-draft", *month(w))
    client.force_login(w.max)
    page = client.get(reverse("billing:month-page", args=month(w))).text
    for verb in ["Draft invoices", "Issue all drafts", "Write the CSV", "Close the month"]:
        assert verb not in page, verb
    client.force_login(w.fin)
    issue(client, w)
    reference = Invoice.objects.get().reference
    assert "Write a credit note" in client.get(reverse("billing:invoice-page", args=[reference])).text
    client.force_login(w.max)
    assert "Write a credit note" not in client.get(reverse("billing:invoice-page", args=[reference])).text


def test_draft_issue_export_and_the_same_bytes_again(fin, w):
    assert post(fin, "billing:month-draft", *month(w)).status_code == 302
    assert Invoice.objects.drafts().count() == 1
    issue(fin, w)
    invoice = Invoice.objects.get()
    assert invoice.number == 1
    assert invoice.reference in fin.get(reverse("billing:invoice-page", args=[invoice.reference])).text
    post(fin, "billing:month-export", *month(w))
    batch = ExportBatch.objects.get()
    first, second = (fin.get(reverse("billing:export-download", args=[batch.pk, 1])) for _ in range(2))
    content = b"".join(first)
    assert content == b"".join(second) == b"".join(batch.files.get().content())
    assert first["Content-Disposition"].startswith("attachment")
    [row] = csv.DictReader(io.StringIO(content.decode()))
    assert (row["billed_minutes"], row["net_amount"], row["customer_name"]) == (
        "120",
        "500.00",
        "Northwind Ltd",
    )
    page = fin.post(
        reverse("billing:month-export", args=month(w)), {"submission": str(uuid.uuid4())}, follow=True
    )
    assert "the same, byte for byte" in page.text
    assert ExportBatch.objects.count() == 1


def test_a_double_click_issues_once(fin, w):
    key, shown = uuid.uuid4(), shown_to(fin, w)
    for _ in range(2):
        assert post(fin, "billing:month-issue", *month(w), key=key, shown=shown).status_code == 302
    assert Invoice.objects.count() == 1


def test_nothing_to_export_is_a_sentence(fin, w):
    response = post(fin, "billing:month-export", *month(w))
    assert response.status_code == 409
    assert "There is nothing to export for October 2026" in response.text


def test_a_credit_note_needs_a_reason_and_frees_the_time(fin, w):
    issue(fin, w)
    invoice = Invoice.objects.get()
    assert post(fin, "billing:invoice-credit", invoice.reference, reason="").status_code == 422
    only = invoice.lines.get().pk
    response = post(fin, "billing:invoice-credit", invoice.reference, reason="Wrong customer.", lines=only)
    assert response.status_code == 302
    assert "Credit note" in fin.get(response.url).text
    assert not BilledEntry.objects.filter(credited_by=None).exists()
    assert "$500.00" in fin.get(reverse("billing:month-page", args=month(w))).text


def issued_with_two_lines(fin, w):
    other = world()
    other.contract.bill_to = w.contract.bill_to
    other.contract.by(TESTS).save()
    entry(other, at(11), at(11.5)).save()
    issue(fin, w)
    return Invoice.objects.get()


def test_lines_are_credited_one_by_one_until_none_is_left(fin, w):
    invoice = issued_with_two_lines(fin, w)
    page = reverse("billing:invoice-page", args=[invoice.reference])
    first, second = invoice.lines.order_by("position")
    assert fin.get(page).text.count('name="lines"') == 2
    assert f"Line 1, ${first.net:,.2f}: {first.description[:20]}" in fin.get(page).text
    answer = post(fin, "billing:invoice-credit", invoice.reference, reason="None chosen.")
    assert (answer.status_code, "Choose a line at least" in answer.text) == (422, True)
    post(fin, "billing:invoice-credit", invoice.reference, reason="The first.", lines=first.pk)
    assert f'<input type="hidden" name="lines" value="{second.pk}"' in fin.get(page).text
    post(fin, "billing:invoice-credit", invoice.reference, reason="The rest.", lines=second.pk)
    assert {line.credits_id for line in InvoiceLine.objects.filter(kind="credit")} == {first.pk, second.pk}
    assert "Why is it credited?" not in fin.get(page).text
    answer = post(fin, "billing:invoice-credit", invoice.reference, reason="Again.", lines=second.pk)
    assert "has been credited meanwhile" in answer.text


def test_a_line_that_was_credited_meanwhile_is_not_taken_for_the_one_that_is_left(fin, w):
    invoice = issued_with_two_lines(fin, w)
    first = invoice.lines.order_by("position")[0]
    note = post(fin, "billing:invoice-credit", invoice.reference, reason="The first.", lines=first.pk)
    answer = post(fin, "billing:invoice-credit", invoice.reference, reason="Again.", lines=first.pk)
    assert (answer.status_code, "has been credited meanwhile" in answer.text) == (422, True)
    assert InvoiceLine.objects.filter(kind="credit").count() == 1
    number = note.url.rstrip("/").rpartition("/")[2]
    line = InvoiceLine.objects.get(kind="credit").pk
    answer = post(fin, "billing:invoice-credit", number, reason="Of a credit note.", lines=line)
    assert "Only an issued invoice is credited" in answer.text


def test_what_should_be_looked_at_is_said_beside_drafts_too(fin, w):
    """Whoever issues need not be whoever drafted."""
    PurchaseOrder(contract=w.contract, number="PO-77", amount=100).by(TESTS).save()
    w.contract.bill_to.finance_name = ""
    w.contract.bill_to.by(TESTS).save()
    address = reverse("billing:month-page", args=month(w))
    for _step in ("planned", "drafted"):
        page = fin.get(address).text
        assert "PO-77 has $100.00 left, and $500.00 would be asked" in page
        assert "No finance name is set" in page
        post(fin, "billing:month-draft", *month(w))


def test_only_where_there_is_something_besides_time_it_may_be_credited_for_good(client, clock):
    w = at_least()
    some_work(w)
    [issued] = run_of(done(w))
    client.force_login(w.fin)
    address = reverse("billing:invoice-page", args=[issued.reference])
    assert 'name="for_good"' in client.get(address).text
    lines = list(issued.lines.values_list("pk", flat=True))
    post(client, "billing:invoice-credit", issued.reference, reason="Waived.", for_good="on", lines=lines)
    assert sorted(InvoiceLine.objects.filter(kind="credit").values_list("for_good", flat=True)) == [
        False,
        True,
    ]
    [again] = run_of(w)
    assert 'name="for_good"' not in client.get(reverse("billing:invoice-page", args=[again.reference])).text


def test_closing_and_reopening_a_month(client, w, clock):
    clock(at(9, day=2, month=11))
    client.force_login(w.fin)
    post(client, "billing:month-close", *month(w))
    assert "books of this month are closed" in client.get(reverse("billing:month-page", args=month(w))).text
    assert post(client, "billing:month-reopen", *month(w), reason="x").status_code == 403
    client.force_login(w.max)
    assert post(client, "billing:month-reopen", *month(w), reason="").status_code == 422
    assert post(client, "billing:month-reopen", *month(w), reason="A late receipt.").status_code == 302


@pytest.mark.parametrize("name", ["month-draft", "month-issue", "month-export", "month-close"])
def test_who_may_act_on_a_month(client, cast, w, name):
    assert client.get(reverse(f"billing:{name}", args=month(w))).status_code == 302
    for person, status in [(w.ana, 403), (cast.robin, 404)]:
        client.force_login(person)
        assert post(client, f"billing:{name}", *month(w)).status_code == status
    client.force_login(w.fin)
    assert client.get(reverse(f"billing:{name}", args=month(w))).status_code == 405
    assert post(client, f"billing:{name}", "NONE", "2026-10").status_code == 404


def test_a_month_has_begun_where_the_company_is(client, w, time_machine):
    ahead = LegalEntityFactory(time_zone="Pacific/Kiritimati")  # by 14 hours
    for instant, status in [(at(9, day=30, month=11), 404), (at(12, day=30, month=11), 200)]:
        time_machine.move_to(instant)
        client.force_login(w.fin)
        page = client.get(reverse("billing:month-page", args=[ahead.number_series, "2026-12"]))
        assert page.status_code == status


@pytest.mark.parametrize("wrong", ["2026-13", "October", "2026-1"])
def test_a_wrong_month_and_an_unknown_number_are_404(fin, w, wrong):
    assert fin.get(reverse("billing:month-page", args=[w.entity.number_series, wrong])).status_code == 404
    assert fin.get(reverse("billing:invoice-page", args=["INV-2026-999999"])).status_code == 404
    assert fin.get(reverse("billing:invoice-page", args=["nonsense"])).status_code == 404


def test_the_month_page_costs_few_queries(fin, w, django_assert_max_num_queries):
    issue(fin, w)
    fin.get(reverse("billing:month-page", args=month(w)))
    with django_assert_max_num_queries(32):  # two for each format: its settings, and what it needs
        fin.get(reverse("billing:month-page", args=month(w)))


def test_a_month_that_is_not_over_is_not_closed(fin, w, clock):
    response = post(fin, "billing:month-close", *month(w))
    assert response.status_code == 409
    assert "not over yet" in response.text


def test_late_work_is_booked_when_its_month_is_open_again(client, w, clock):
    clock(at(9, day=2, month=11))
    client.force_login(w.fin)
    post(client, "billing:month-close", *month(w))
    book = {"started_at": at(15), "stopped_at": at(16), "text": "Late", "person": w.ana}
    timing.book(w.engagement, approval=w.approval, by=TESTS, at=at(9, day=2, month=11), **book)
    client.force_login(w.max)
    post(client, "billing:month-reopen", *month(w), reason="A late receipt.")
    kept = LateWork.objects.get()
    assert "Book it now" in client.get(reverse("billing:month-page", args=month(w))).text
    assert post(client, "billing:late-take", *month(w), kept.pk).status_code == 302
    assert not LateWork.objects.waiting().exists()
