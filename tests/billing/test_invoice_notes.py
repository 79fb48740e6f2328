"""Disputed, paid, written off, open again: what finance notes on an issued invoice, and how the invoice then stands."""

import itertools
import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from billing import collecting, invoicing
from billing.models import Invoice, InvoiceNote
from billing.money import Money
from support.actors import Actor
from support.refusal import Refused
from tests.attacks import refused, run
from tests.billing.at_once import at_once
from tests.billing.billing_cases import at, set_clock
from tests.billing.export_cases import issue, ready
from tests.factories import TESTS
from tests.ground import standing_on
from tests.support.page_cases import post

What = InvoiceNote.What
PAID = {"paid_on": date(2026, 10, 14), "reference": "BACS 4711"}


@standing_on
def w():
    """One invoice of an hour is issued on 14 October: $300.00 with its tax, due on 13 November."""
    w = ready()
    [w.invoice] = issue(w, 60)
    return w


def note(w, what, **said):
    said = said or (PAID if what == What.PAID else {"reason": "They say so."})
    return collecting.note(w.invoice, what, **said, by=Actor.of(w.fin), at=at(18))


def stands(w, days=0):
    read = collecting.with_standing(Invoice.objects.filter(pk=w.invoice.pk)).select_related("legal_entity")
    return collecting.said(read.get(), at(18) + timedelta(days=days))


def test_an_open_invoice_is_overdue_from_the_day_after_it_was_due(w):
    assert [stands(w, days).words for days in (0, 30, 31, 42)] == [
        "open",
        "open",
        "1 day overdue",
        "12 days overdue",
    ]
    assert stands(w, 42).due == Money(Decimal("300.00"), "USD")


@pytest.mark.parametrize(
    ("whats", "words", "open_", "due"),
    [
        ([What.PAID], "paid", False, 0),
        ([What.DISPUTED], "disputed", True, 300),
        ([What.DISPUTED, What.REOPENED], "open", True, 300),
        ([What.DISPUTED, What.PAID], "paid", False, 0),
        ([What.WRITTEN_OFF], "written off", False, 0),
        ([What.WRITTEN_OFF, What.REOPENED], "open", True, 300),
        ([What.PAID, What.REOPENED, What.DISPUTED], "disputed", True, 300),
    ],
)
def test_the_newest_note_says_how_it_stands(w, whats, words, open_, due):
    for what in whats:
        note(w, what)
    found = stands(w)
    assert (found.words, found.is_open, found.due.amount) == (words, open_, due)
    assert [each.turn for each in w.invoice.notes.all()] == list(range(1, len(whats) + 1))


def test_what_is_credited_is_not_to_be_paid(w):
    invoicing.credit(w.invoice, reason="Wrong customer.", by=TESTS, at=at(18))
    found = stands(w, 42)
    assert (found.words, found.is_open, found.due.amount) == ("credited in full", False, 0)


@pytest.mark.parametrize(("first", "then"), list(itertools.product(["", *What.values], What.values)))
def test_the_database_and_the_forms_know_the_same_order(w, first, then):
    """Every step from every standing: the guard lets through what the table of the forms offers, and nothing else."""
    if first == What.REOPENED:
        note(w, What.DISPUTED)
    if first:
        note(w, What(first))
    may = collecting.may_follow(w.invoice)
    assert may == InvoiceNote.NEXT[first]
    if then in may:
        assert note(w, What(then)).what == then
        return
    with pytest.raises(Refused, match="it cannot become"):
        note(w, What(then))


def test_a_payment_has_its_day_and_the_others_have_a_reason(w):
    with pytest.raises(Refused, match="on which day"):
        note(w, What.PAID, reference="x")
    with pytest.raises(Refused, match="still to come"):
        note(w, What.PAID, paid_on=date(2026, 10, 15))
    with pytest.raises(Refused, match="more than a year before"):
        note(w, What.PAID, paid_on=date(1, 1, 1))
    with pytest.raises(Refused, match="letters and figures"):
        note(w, What.PAID, paid_on=date(2026, 10, 14), reference="x\u202ey")
    for what in (What.DISPUTED, What.WRITTEN_OFF):
        with pytest.raises(Refused, match="Write down why"):
            note(w, what, reason=" ")


def test_drafts_and_credit_notes_are_neither_paid_nor_disputed(w):
    credit = invoicing.credit(w.invoice, reason="Wrong customer.", by=TESTS, at=at(18))
    [draft] = invoicing.draft(w.entity, at(18).date(), by=TESTS, at=at(18))
    for invoice in (credit, draft):
        assert collecting.may_follow(invoice) == ()
        with pytest.raises(Refused, match="Only an issued invoice"):
            collecting.note(invoice, What.PAID, **PAID, by=TESTS, at=at(18))


def test_notes_are_only_ever_added(w):
    made = note(w, What.PAID)
    with refused("permission denied"):
        run("UPDATE billing_invoicenote SET reference = 'x' WHERE id = %s", made.pk)
    with refused("permission denied"):
        run("DELETE FROM billing_invoicenote")
    with refused("notes_follow_from_the_one_before"):
        InvoiceNote.objects.bulk_create([InvoiceNote(invoice=w.invoice, what="paid", turn=9, **PAID)])
    with refused("paid_on_a_day"):
        run(
            "INSERT INTO billing_invoicenote (invoice_id, turn, what, reference, reason, actor_kind, actor_name) "
            "VALUES (%s, 2, 'reopened', 'x', 'y', 'system', 'x')",
            w.invoice.pk,
        )


def test_two_who_note_a_payment_at_once_note_it_once(own_database):
    set_clock(at(18))
    w = ready()
    [w.invoice] = issue(w, 60)

    def pays(_i):
        try:
            note(w, What.PAID)
        except Refused as refusal:
            return refusal.sentence
        return "noted"

    said = sorted(at_once(4, pays, clock=at(18)))
    assert said == ["This invoice is paid: it cannot become paid."] * 3 + ["noted"]
    set_clock(None)


@pytest.fixture
def fin(client, w):
    client.force_login(w.fin)
    return client


def page(client, w):
    return client.get(reverse("billing:invoice-page", args=[w.invoice.reference]))


def test_finance_notes_a_payment_and_takes_it_back(fin, w):
    assert "Note the payment" in page(fin, w).text
    sent = post(fin, "billing:invoice-paid", w.invoice.reference, paid_on="2026-10-14", reference="BACS 4711")
    assert sent.status_code == 302
    said = page(fin, w).text
    assert "BACS 4711" in said
    assert "Note the payment" not in said
    month = fin.get(reverse("billing:month-page", args=[w.entity.number_series, "2026-10"])).text
    assert '<span class="badge badge-good">paid</span>' in month
    sent = post(fin, "billing:invoice-note", w.invoice.reference, what="reopened", reason="It bounced.")
    assert sent.status_code == 302
    assert "It bounced." in page(fin, w).text
    assert "Note the payment" in page(fin, w).text


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(fin, w):
    sent = post(fin, "billing:invoice-paid", w.invoice.reference, paid_on="2026-12-01", reference="BACS 4711")
    assert sent.status_code == 422
    assert "still to come" in sent.text
    assert "BACS 4711" in sent.text
    for data in ({"what": "disputed", "reason": ""}, {"what": "paid", "reason": "x"}, {}):
        assert post(fin, "billing:invoice-note", w.invoice.reference, **data).status_code == 422
    assert not InvoiceNote.objects.exists()


def test_what_does_not_follow_any_more_is_said_by_how_it_stands(fin, w):
    post(fin, "billing:invoice-paid", w.invoice.reference, paid_on="2026-10-14")
    sent = post(fin, "billing:invoice-note", w.invoice.reference, what="disputed", reason="Half was late.")
    assert sent.status_code == 422
    for words in ("This invoice is paid: it cannot become disputed.", "Half was late."):
        assert words in sent.text
    assert "Select a valid choice" not in sent.text


def test_the_same_form_sent_twice_notes_once(fin, w):
    key = uuid.uuid4()
    for _ in range(2):
        sent = post(fin, "billing:invoice-paid", w.invoice.reference, key=key, paid_on="2026-10-14")
        assert sent.status_code == 302
    assert InvoiceNote.objects.count() == 1


@pytest.mark.parametrize("name", ["billing:invoice-paid", "billing:invoice-note"])
def test_only_finance_notes(client, cast, w, name):
    for person, status in [(w.ana, 403), (w.max, 403), (cast.robin, 404)]:
        client.force_login(person)
        assert post(client, name, w.invoice.reference).status_code == status
    client.force_login(w.max)
    assert "Note the payment" not in page(client, w).text
    client.force_login(w.fin)
    assert client.get(reverse(name, args=[w.invoice.reference])).status_code == 405
    assert post(client, name, "INV-2026-999999").status_code == 404


def test_the_page_costs_the_same_however_much_was_noted(fin, w, django_assert_num_queries):
    note(w, What.DISPUTED)
    page(fin, w)
    with django_assert_num_queries(12):
        page(fin, w)
    note(w, What.REOPENED)
    note(w, What.DISPUTED)
    with django_assert_num_queries(12):
        page(fin, w)
