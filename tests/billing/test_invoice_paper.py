"""The PDF of an invoice: everything that is asked for and why, made once, the same bytes for ever (invariants 13, 17)."""

from decimal import Decimal

import pytest
from django.urls import reverse

from billing import invoicing, papers
from billing.models import Paper
from support import pdf
from tests.attacks import refused
from tests.billing.billing_cases import at, entry, set_clock, world
from tests.billing.invoice_cases import OCTOBER, billing_contact, issued, payer_of, text_of, worked
from tests.billing.test_portal import signs_in
from tests.factories import TESTS, ContactFactory, CustomerFactory, granted
from tests.ground import standing_on

pytestmark = pytest.mark.django_db


w = standing_on(worked)


@pytest.fixture
def invoice(w):
    return issued(w)


def missing(said: str, told: list[str]) -> list[str]:
    return [each for each in told if each not in said]


def test_it_says_who_asks_whom_for_what_and_why(w, invoice):
    said = text_of(papers.of_invoice(invoice, at(18)).content())
    told = [w.entity.name, "12 Dock Street", "GB 123", "IBAN GB00 EXMP", payer_of(w).name]
    told += [
        "INV-2026-000001",
        "14 October 2026",
        "13 November 2026",
        "payable within 30 days",
        "October 2026",
    ]
    told += [invoice.lines.get().description, "120", "$250.00", "$500.00", "20 %, VAT20", "$100.00"]
    told += ["Total to pay, USD $600.00", "Please name INV-2026-000001"]
    assert missing(said, told) == []


def test_its_annex_lists_every_piece_of_work_in_the_payers_zone(w):
    payer = payer_of(w)
    payer.time_zone = "America/Chicago"
    payer.by(TESTS).save()
    said = text_of(papers.of_invoice(issued(w), at(18)).content())
    told = [
        "approved by Robin Sample",
        "Times are in America/Chicago",
        "Wed 14 Oct 2026",
        "06:00 – 07:00",
        "08:00 – 09:00",
    ]
    told += ["Ana", "Captured calls <b>twice</b>", "New hunt groups", "as worked"]
    assert missing(said, told) == []


def test_in_the_hour_that_comes_twice_the_annex_names_which(clock):
    w = world()
    payer = payer_of(w)
    payer.time_zone = "Europe/London"
    payer.by(TESTS).save()
    set_clock(at(4, day=25))
    entry(w, at(0.5, day=25), at(1.25, day=25)).save()
    [made] = invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(4, day=25))
    assert "01:30 BST – 01:15 GMT" in text_of(papers.of_invoice(made, at(4, day=25)).content())


def test_a_credit_note_says_what_it_corrects_and_asks_for_nothing(w, invoice):
    note = invoicing.credit(invoice, reason="Billed to the wrong month.", by=TESTS, at=at(18))
    said = text_of(papers.of_invoice(note, at(18)).content())
    told = ["Credit note INV-2026-000002", "It corrects invoice INV-2026-000001 of 14 October 2026"]
    told += ["Billed to the wrong month.", "Total credited, USD -$600.00", "New hunt groups"]
    assert missing(said, told) == []
    assert "IBAN" not in said
    assert "Due" not in said


def test_what_it_adds_up_to_is_what_its_lines_say(w, invoice):
    said = text_of(papers.of_invoice(invoice, at(18)).content())
    sums = [sum((getattr(line, name) for line in invoice.lines.all()), Decimal(0)) for name in ("net", "tax")]
    assert f"Net ${sums[0]:,.2f} Tax ${sums[1]:,.2f} Total to pay, USD ${sum(sums):,.2f}" in said


def test_it_downloads_byte_for_byte_whatever_changed_since(w, invoice, client):
    papers.make_lacking(at(18))
    first = Paper.objects.get(invoice=invoice).content()
    entity = w.entity
    entity.name, entity.bank_text = "Another name", "Another bank"
    entity.by(TESTS).save()
    client.force_login(w.fin)
    for _time in range(2):
        response = client.get(reverse("billing:invoice-pdf", args=[invoice.reference]))
        assert response.content == first
    assert response["Content-Type"] == "application/pdf"
    assert "INV-2026-000001.pdf" in response["Content-Disposition"]


def test_reading_makes_nothing_and_says_what_is_missing(w, invoice, client, monkeypatch):
    client.force_login(w.fin)
    address = reverse("billing:invoice-pdf", args=[invoice.reference])
    response = client.get(address)
    assert (response.status_code, Paper.objects.filter(invoice=invoice).exists()) == (409, False)
    assert "is being made" in response.text
    monkeypatch.setattr(pdf, "_is_here", lambda library: False)
    for page in [address, reverse("billing:invoice-page", args=[invoice.reference])]:
        assert "apt-get install libpango-1.0-0" in client.get(page).text


def test_a_draft_has_no_paper(w):
    [draft] = invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    paper = papers.of_approval(w.approval, at(18))
    with refused("only_issued_invoices_leave"):
        Paper(invoice=draft, file=paper.file, sha256=bytes(paper.sha256)).save(force_insert=True)


def test_only_money_reads_it(w, invoice, client):
    papers.make_lacking(at(18))
    address = reverse("billing:invoice-pdf", args=[invoice.reference])
    for person, status in [(w.ana, 403), (w.max, 200)]:
        client.force_login(person)
        assert client.get(address).status_code == status
    assert client.get(reverse("billing:invoice-pdf", args=["INV-2026-000009"])).status_code == 404


def test_the_payers_billing_contact_takes_his_own_and_nobody_else_does(w, invoice, client):
    papers.make_lacking(at(18))
    address = reverse("billing:own-invoice-pdf", args=[invoice.reference])
    mine = reverse("billing:own-invoice-list")
    partner = ContactFactory(customer=CustomerFactory(), billing=True)
    granted(partner, payer_of(w))
    signs_in(billing_contact(w), client)
    assert address in client.get(mine).text
    assert client.get(address).content == Paper.objects.get(invoice=invoice).content()
    for stranger in [w.robin, partner, billing_contact(w, active=False)]:
        signs_in(stranger, client)
        assert invoice.reference not in client.get(mine).text
        assert client.get(address).status_code == 404


def test_a_colleague_cannot_take_it_as_a_file_of_his_company(w, invoice, client):
    paper = papers.of_invoice(invoice, at(18))
    signs_in(w.robin, client)
    assert client.get(reverse("support:file-download", args=[paper.file.key])).status_code == 404


def test_his_list_costs_few_queries_whatever_its_length(w, invoice, client, django_assert_num_queries):
    invoicing.credit(invoice, reason="Wrong.", by=TESTS, at=at(18))
    signs_in(billing_contact(w), client)
    client.get(reverse("billing:own-invoice-list"))
    with django_assert_num_queries(5):
        page = client.get(reverse("billing:own-invoice-list")).text
    assert "credits INV-2026-000001" in page
    assert "being made" in page
