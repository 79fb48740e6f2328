"""A month's approved time becomes invoices: one line per approval, priced once, issued for good, corrected by credit."""

import uuid
from decimal import Decimal

import pytest

from billing import invoicing, timing
from billing.models import BilledEntry, Invoice, InvoiceCounter, InvoiceLine, TimeEntry
from billing.unbilled import unbilled
from support.refusal import Refused
from tests.attacks import refused, run
from tests.billing.billing_cases import at, entry, rate_card, set_clock, world
from tests.factories import TESTS, CustomerFactory, LegalEntityFactory

OCTOBER = at(0, day=1).date()


def add(w, *minutes, start=11):
    """Entries of so many billed minutes, one an hour."""
    rows = [entry(w, at(start + n), at(start + n + m / 60)) for n, m in enumerate(minutes)]
    for row in rows:
        row.save()
    return rows


def run_october(w, **fields):
    return invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18), **fields)


@pytest.mark.parametrize(
    ("increment", "minutes", "net"),
    [(1, (20, 20, 20), "250.00"), (15, (30, 30, 30), "375.00"), (1, (10,), "41.67")],
)
def test_a_line_sums_its_entries_and_is_priced_once(clock, increment, minutes, net):
    w = world(card=rate_card(increment=increment))
    add(w, *minutes)
    [invoice] = run_october(w)
    [line] = invoice.lines.all()
    assert (line.kind, line.minutes, line.rate, line.net) == ("time", sum(minutes), 250, Decimal(net))
    assert invoice.total == Decimal(net)
    assert f"{increment} minutes" in line.description or increment == 1
    assert line.billed.count() == len(minutes)
    set_clock(None)


def test_tax_and_terms_are_those_of_the_offer(clock):
    w = world(
        rate={"tax_code": "VAT20", "tax_rate": 20, "payment_days": 14}, card=rate_card(account_code="4000")
    )
    add(w, 90)
    w.contract.rate.tax_rate = 25
    w.contract.rate.by(TESTS).save()
    w.contract.rate.card.hourly_rate = 999
    w.contract.rate.card.by(TESTS).save()
    [invoice] = run_october(w)
    [line] = invoice.lines.all()
    assert (line.net, line.tax_code, line.tax, line.account_code) == (375, "VAT20", 75, "4000")
    assert (invoice.net, invoice.tax, invoice.total) == (375, 75, 450)
    assert (invoice.due_date - invoice.invoice_date).days == 14
    set_clock(None)


def test_an_issued_invoice_has_number_date_and_names_copied(w):
    add(w, 60)
    [invoice] = run_october(w)
    assert (invoice.reference, invoice.invoice_date) == ("INV-2026-000001", at(18).date())
    assert invoice.issued_at == at(18)
    assert invoice.seller["name"] == "Your company"
    assert invoice.buyer["name"] == w.contract.bill_to.name


def test_series_are_per_company_and_year_in_its_zone(clock):
    w = world(entity=LegalEntityFactory(number_series="DEN", time_zone="America/Denver"))
    add(w, 60)
    set_clock(at(5, day=1, month=1).replace(year=2027))  # still 31 December in Denver
    [invoice] = run_october(w)
    assert (invoice.reference, f"{invoice.invoice_date}") == ("DEN-2026-000001", "2026-12-31")
    set_clock(None)


def test_who_pays_gets_one_invoice_for_all_contracts(w):
    other = world()
    payer = CustomerFactory(name="Payer")
    for each in (w, other):
        each.contract.bill_to = payer
        each.contract.by(TESTS).save()
        add(each, 60)
    [invoice] = run_october(w)
    assert (invoice.bill_to, invoice.lines.count(), invoice.total) == (payer, 2, 500)


def test_only_approved_live_time_of_the_month_is_billed(w):
    kept, old = add(w, 60, 30)
    entry(w, at(16), at(17), approval=None, offer=None, billed=0).save()
    [(new,)] = run("SELECT nextval('billing_timeentry_id_seq')")
    TimeEntry.objects.filter(pk=old.pk).update(superseded_by=new)
    entry(w, at(12), at(12.25), id=new).save(force_insert=True)
    assert [row.pk for row in unbilled(w.entity, OCTOBER)] == [kept.pk, new]
    assert list(unbilled(w.entity, OCTOBER.replace(month=11))) == []
    [plan] = invoicing.preview(w.entity, OCTOBER)
    assert (plan.net.amount, plan.lines[0].minutes) == (Decimal("312.50"), 75)
    assert not Invoice.objects.exists()


def test_a_draft_is_written_anew_as_often_as_wanted(w):
    add(w, 60)
    [first] = invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    add(w, 15, start=15)
    [second] = invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    assert (second.pk, second.total, second.reference) == (first.pk, Decimal("312.50"), f"Draft {first.pk}")
    assert InvoiceLine.objects.count() == 1


def test_a_draft_of_nothing_goes_away(w):
    rows = add(w, 60)
    invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    [draft] = Invoice.objects.all()
    BilledEntry.objects.all().delete()
    [(new,)] = run("SELECT nextval('billing_timeentry_id_seq')")
    TimeEntry.objects.filter(pk=rows[0].pk).update(superseded_by=new)
    entry(w, at(11), at(12), billed=0, approval=None, offer=None, id=new).save(force_insert=True)
    assert invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18)) == []
    assert not Invoice.objects.filter(pk=draft.pk).exists()


def test_late_time_makes_a_second_invoice(w):
    add(w, 60)
    [first] = run_october(w)
    assert run_october(w) == []
    add(w, 30, start=15)
    [second] = run_october(w)
    assert (first.number, second.number, second.total) == (1, 2, 125)
    with pytest.raises(Refused, match="issued already"):
        invoicing.issue(first, by=TESTS, at=at(18))


def test_a_credit_note_undoes_it_and_frees_its_time(w):
    [row] = add(w, 60)
    [invoice] = run_october(w)
    note = invoicing.credit(invoice, reason="Wrong customer.", by=TESTS, at=at(18))
    [line] = note.lines.all()
    assert (note.number, note.credits, note.total) == (2, invoice, -250)
    assert (line.kind, line.minutes, line.net, line.credits) == ("credit", -60, -250, invoice.lines.get())
    assert BilledEntry.objects.get().credited_by == line
    [again] = run_october(w)
    assert (again.number, again.total) == (3, 250)
    assert BilledEntry.objects.get(credited_by=None).entry == row
    with pytest.raises(Refused, match="credited already"):
        invoicing.credit(invoice, reason="Twice.", by=TESTS, at=at(18))
    with pytest.raises(Refused, match="Only an issued invoice"):
        invoicing.credit(note, reason="x", by=TESTS, at=at(18))
    with pytest.raises(Refused, match="Write down why"):
        invoicing.credit(again, reason="", by=TESTS, at=at(18))


def test_one_line_of_several_is_credited(w):
    other = world()
    other.contract.bill_to = w.contract.bill_to
    other.contract.by(TESTS).save()
    add(w, 60)
    add(other, 30)
    [invoice] = run_october(w)
    line = invoice.lines.get(minutes=30)
    note = invoicing.credit(invoice, reason="x", lines=[line], by=TESTS, at=at(18))
    assert (note.total, BilledEntry.objects.filter(credited_by=None).count()) == (-125, 1)
    with pytest.raises(Refused, match="Choose lines of this invoice"):
        invoicing.credit(invoice, reason="x", lines=[note.lines.get()], by=TESTS, at=at(18))


def test_what_is_issued_never_changes(w):
    add(w, 60)
    run_october(w)
    for attack in [
        "UPDATE billing_invoice SET total = 1",
        "DELETE FROM billing_invoice",
        "UPDATE billing_invoiceline SET net = 1",
        "DELETE FROM billing_billedentry",
    ]:
        with refused("issued_invoices_never_change"):
            run(attack)


def test_only_the_database_gives_numbers_and_frees_time(w):
    add(w, 60)
    [draft] = invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    draft.number, draft.invoice_date = 999, at(1).date()
    draft.save()
    draft.refresh_from_db()
    assert (draft.number, draft.invoice_date) == (1, at(18).date())
    for attack in [
        lambda: InvoiceCounter.objects.update(last=7),
        lambda: BilledEntry.objects.update(credited_by=None),
        lambda: run("TRUNCATE billing_invoice CASCADE"),
    ]:
        with refused("permission denied"):
            attack()
    draft.pk = None
    with refused("invoices_begin_as_drafts"):
        draft.save(force_insert=True)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"net": 300}, "total_is_the_sum_of_lines"),
        ({"net": 300, "invoice": True}, "lines_are_priced_from_their_entries"),
        ({"minutes": 61}, "lines_are_priced_from_their_entries"),
        ({"rate": 1}, "lines_are_priced_from_their_entries"),
    ],
)
def test_a_draft_that_does_not_add_up_is_not_issued(w, change, rule):
    add(w, 60)
    [draft] = invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    if change.pop("invoice", False):
        Invoice.objects.update(net=300, total=300)
    InvoiceLine.objects.update(**change)
    with pytest.raises(Refused):
        invoicing.issue(draft, by=TESTS, at=at(18))
    with refused(rule):
        Invoice.objects.update(issued_at=at(18))


def test_a_line_is_of_an_approval_that_this_customer_pays(w):
    other = world()
    add(w, 60)
    [draft] = invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    line = {"invoice": draft, "position": 2, "rate": 250, "net": 0, "description": "x"}
    with refused("lines_are_of_their_invoice"):
        InvoiceLine.objects.create(kind="time", approval=other.approval, **line)
    with refused("fixed_prices_are_billed_as_delivered"):
        InvoiceLine.objects.create(kind="fixed", approval=w.approval, **line)
    with refused("lines_are_of_their_invoice"):
        InvoiceLine.objects.create(kind="time", approval=None, **line)
    with refused("credits_stand_on_credit_notes"):
        InvoiceLine.objects.create(kind="credit", credits=draft.lines.get(), **line)
    with refused("only_live_approved_time_is_billed"):
        row = entry(other, at(11), at(12))
        row.save()
        BilledEntry.objects.create(line=draft.lines.get(), entry=row)


def test_a_month_with_billed_time_cannot_lose_it(w):
    [row] = add(w, 60)
    run_october(w)
    with refused("billed_time_stands"):
        TimeEntry.objects.filter(pk=row.pk).update(superseded_by=77)


def test_drafting_costs_the_same_for_many_entries(w, django_assert_max_num_queries):
    add(w, *[15] * 5)
    with django_assert_max_num_queries(20):
        invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))


def test_time_on_a_draft_is_corrected_and_drafted_anew(w):
    first = entry(w, at(11), at(12))
    first.save()
    entry(w, at(13), at(14), piece=uuid.uuid4()).save()
    [draft] = invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    assert draft.net == 500
    timing.cancel(first, reason="The wrong engagement.", by=TESTS, at=at(18))
    with pytest.raises(Refused, match="is not the price of its entries"):
        invoicing.issue(draft, by=TESTS, at=at(18))
    [issued] = invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18))
    assert (issued.net, issued.number) == (250, 1)
    with pytest.raises(Refused, match=f"is on {issued.reference}: a credit note has to free it first"):
        timing.cancel(TimeEntry.objects.approved().get(), reason="Again.", by=TESTS, at=at(18))
