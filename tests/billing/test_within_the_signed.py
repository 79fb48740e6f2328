"""However an approval's time is spread over invoices, their lines never come to more than was signed for it."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import finances, invariants, invoicing, shown
from billing.models import Invoice, InvoiceLine, PurchaseOrder
from billing.money import price
from support.refusal import Refused
from tests.attacks import refused, run
from tests.billing.at_once import at_once, both
from tests.billing.billing_cases import at, rate_card, set_clock, world
from tests.billing.surcharge_cases import surcharge, surcharged
from tests.billing.test_sums_drawn import EXAMPLES, cents_of
from tests.billing.within_cases import (
    MONTHS,
    drafts_of,
    half_an_hour,
    month_by_month,
    nets,
    runs,
    standing,
    works,
)
from tests.factories import TESTS

LESS = "$0.01 less, so that nothing past what was signed is asked."


@pytest.mark.django_db
def test_three_months_come_to_exactly_what_was_signed():
    w = half_an_hour()
    issued = month_by_month(w)
    assert [nets(invoice) for invoice in issued] == [["41.67"], ["41.67"], ["41.66"]]
    assert standing() == w.offer.amount == 125
    said = [invoice.lines.get().description for invoice in issued]
    assert [text.endswith(LESS) for text in said] == [False, False, True]
    assert shown.standing(w.engagement, w.ana, at(18, day=15, month=12)).money == (
        "$125.00",
        "$125.00",
        "$0.00",
    )


@pytest.mark.django_db
def test_two_purchase_orders_in_one_month_do_too():
    w = half_an_hour(cap=20)
    for number, days in [("PO-1", {"valid_until": "2026-10-15"}), ("PO-2", {"valid_from": "2026-10-16"})]:
        PurchaseOrder(contract=w.contract, number=number, **days).by(TESTS).save()
    set_clock(at(18, day=16))
    works(w, 10)
    works(w, 10, day=16)
    [planned] = invoicing.preview(w.entity, date(2026, 10, 1))
    [invoice] = runs(w, 10)
    assert nets(invoice) == [str(line.net.amount) for line in planned.lines] == ["41.67", "41.66"]
    assert standing() == w.offer.amount == price(20, w.offer.rate)
    assert invoice.lines.get(position=2).description.endswith(f"Purchase order PO-2. {LESS}")


@pytest.mark.django_db
def test_a_surcharge_out_of_hours_does_too():
    w = surcharged(night="40", cap=30, card={"increment": 1})
    issued = month_by_month(w, hour=17)
    assert [nets(invoice) for invoice in issued] == [
        ["41.67", "16.67"],
        ["41.67", "16.67"],
        ["41.66", "16.66"],
    ]
    assert standing() == w.offer.amount == 175


@pytest.mark.django_db
def test_what_is_credited_leaves_its_room_to_what_is_billed_next():
    w = half_an_hour()
    first, _second, last = month_by_month(w)
    for invoice, again in [(first, "41.67"), (last, "41.66")]:
        invoicing.credit(invoice, reason="Again.", by=TESTS, at=at(18, day=15, month=12))
        [issued] = runs(w, invoice.month.month)
        assert nets(issued) == [again]
    assert standing() == w.offer.amount


@pytest.mark.django_db
def test_a_draft_of_less_is_stale_once_there_is_room_again():
    w = half_an_hour()
    set_clock(at(18, day=15, month=12))
    for month in MONTHS:
        works(w, month)
    [first] = runs(w, 10)
    runs(w, 11)
    draft = drafts_of(w, 12)
    invoicing.credit(first, reason="Again.", by=TESTS, at=at(18, day=15, month=12))
    with pytest.raises(Refused, match="draft the month again"):
        invoicing.issue(draft, by=TESTS, at=at(18, day=15, month=12))
    assert [nets(invoice) for month in (12, 10) for invoice in runs(w, month)] == [["41.67"], ["41.66"]]
    assert standing() == w.offer.amount


@pytest.mark.django_db
def test_a_draft_is_stale_once_another_months_has_been_issued_and_the_page_says_so(client, time_machine):
    w = half_an_hour()
    set_clock(at(18, day=15, month=12))
    time_machine.move_to(at(18, day=15, month=12), tick=False)
    for month in MONTHS:
        works(w, month)
    drafts = [drafts_of(w, month) for month in MONTHS]
    assert [nets(draft) for draft in drafts] == [["41.67"]] * 3
    for draft in drafts[:2]:
        invoicing.issue(draft, by=TESTS, at=at(18, day=15, month=12))
    with pytest.raises(Refused, match="Line 1 is not the price of its entries: draft the month again"):
        invoicing.issue(drafts[2], by=TESTS, at=at(18, day=15, month=12))
    rows = {row.what: row.ages for row in finances.books(w.entity, at(18, day=15, month=12)).worked}
    assert rows == {"Drafts out of date: draft the month again": ("1", "", "")}
    client.force_login(w.fin)
    pages = [
        client.get(reverse("billing:month-page", args=[w.entity.number_series, f"2026-{month}"]))
        for month in (12, 11)
    ]
    assert [">Out of date<" in page.text for page in pages] == [True, False]
    assert "Draft the month again" in pages[0].text
    assert [nets(invoice) for invoice in runs(w, 12)] == [["41.66"]]
    assert standing() == w.offer.amount


@pytest.mark.django_db
def test_what_is_on_no_invoice_is_told_as_its_lines_would_be():
    w = half_an_hour()
    set_clock(at(18, day=15, month=12))
    for month in MONTHS:
        works(w, month)
    for issued in range(3):
        rows = {row.what: row.ages for row in finances.books(w.entity, at(18, day=15, month=12)).worked}
        assert rows == {
            "Approved, on no invoice": (
                "$41.66",
                "$41.67" if issued < 2 else "",
                "$41.67" if not issued else "",
            )
        }
        runs(w, 10 + issued)


@pytest.mark.django_db
def test_no_line_of_the_plain_price_is_issued_past_it():
    w = half_an_hour()
    set_clock(at(18, day=15, month=12))
    for month in MONTHS:
        works(w, month)
    runs(w, 10)
    runs(w, 11)
    draft = drafts_of(w, 12)
    run("UPDATE billing_invoiceline SET net = 41.67 WHERE invoice_id = %s", draft.pk)
    run("UPDATE billing_invoice SET net = 41.67, total = 41.67 WHERE id = %s", draft.pk)
    with refused("lines_are_priced_from_their_entries"):
        run("UPDATE billing_invoice SET issued_at = now() WHERE id = %s", draft.pk)
    run("UPDATE billing_invoiceline SET net = 41.65 WHERE invoice_id = %s", draft.pk)
    run("UPDATE billing_invoice SET net = 41.65, total = 41.65 WHERE id = %s", draft.pk)
    with refused("lines_are_priced_from_their_entries"):
        run("UPDATE billing_invoice SET issued_at = now() WHERE id = %s", draft.pk)


@pytest.mark.broken_on_purpose
def test_a_line_that_was_issued_past_it_before_keeps_its_price_and_is_named(own_database):
    w = half_an_hour()
    last = month_by_month(w)[-1]
    with connection.as_owner(), transaction.atomic():
        for table, sums in [("invoice", "net = 41.67, total = 41.67"), ("invoiceline", "net = 41.67")]:
            run(f"ALTER TABLE billing_{table} DISABLE TRIGGER USER")
            key = "id" if table == "invoice" else "invoice_id"
            run(f"UPDATE billing_{table} SET {sums} WHERE {key} = %s", last.pk)
            run(f"ALTER TABLE billing_{table} ENABLE ALWAYS TRIGGER guard")
    [red] = [check for check in invariants.checks() if check.breaches() and "guarded" not in check.promise]
    assert "none past what was signed" in red.promise
    assert red.breaches() == [("lines", w.offer.pk)]
    invoicing.credit(last, reason="Again.", by=TESTS, at=at(18, day=15, month=12))
    assert [nets(invoice) for invoice in runs(w, 12)] == [["41.66"]]
    assert red.breaches() == []


def _slowly(guarded):
    """As the owner: whoever issues looks at his lines for a while, and without the guard at the same time as another."""
    with connection.as_owner():
        [[text]] = run("SELECT pg_get_functiondef('invoice_guard'::regproc)")
        text = text.replace("PERFORM must_add_up(NEW);", "PERFORM must_add_up(NEW); PERFORM pg_sleep(0.5);")
        if not guarded:
            lock = "PERFORM pg_advisory_xact_lock(hashtextextended('numbers of ' || seller.id, 0));"
            assert lock in text
            text = text.replace(lock, "")
        run(text)


@both
def test_drafts_of_two_months_issued_at_once_do_not_both_pass(own_database, guarded):
    w = half_an_hour(cap=20)
    set_clock(at(18, day=15, month=11))
    works(w, 10)
    works(w, 11)
    drafts = [drafts_of(w, 10), drafts_of(w, 11)]
    _slowly(guarded)
    said = []

    def act(i):
        try:
            invoicing.issue(drafts[i], by=TESTS, at=at(18, day=15, month=11))
        except Refused as refused:
            said.append(refused.sentence)

    at_once(2, act, clock=at(18, day=15, month=11))
    assert standing() == (Decimal("41.67") if guarded else Decimal("83.34"))
    assert all("draft the month again" in sentence for sentence in said)
    assert len(said) == guarded


def test_two_runs_of_two_months_at_once_end_within_it(own_database):
    w = half_an_hour(cap=20)
    set_clock(at(18, day=15, month=11))
    works(w, 10)
    works(w, 11)
    _slowly(True)
    at_once(2, lambda i: len(runs(w, 10 + i)), clock=at(18, day=15, month=11))
    assert standing() == w.offer.amount == Decimal("83.33")


BOOKED = st.tuples(st.just("works"), st.sampled_from(MONTHS), st.integers(1, 40), st.booleans())
STEPS = st.one_of(
    BOOKED,
    BOOKED,
    st.tuples(st.just("runs"), st.sampled_from(MONTHS)),
    st.tuples(st.just("drafts"), st.sampled_from(MONTHS)),
    st.tuples(st.just("credits"), st.integers(0, 9)),
)


@pytest.mark.django_db
@pytest.mark.hypothesis
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example undoes what it did
)
@given(
    steps=st.lists(STEPS, min_size=4, max_size=14),
    rate=st.one_of(st.integers(1, 60), st.integers(1, 49_999)),
    night=st.integers(1, 9_999),
    cap=st.integers(60, 120),
)
def test_whatever_is_booked_billed_and_credited_stays_within_it(clock, steps, rate, night, cap):
    before = transaction.savepoint()  # as where sums are drawn
    try:
        card = rate_card(hourly_rate=cents_of(rate), increment=1)
        surcharge(card, "out_of_hours", "hour", cents_of(night))
        w = world(card=card, cap=cap, limit=99_999)
        set_clock(at(18, day=18, month=12))
        for place, step in enumerate([*steps, *(("runs", month) for month in (12, 10, 11))]):
            _does(w, place, *step)
            _within(w)
        assert [check.promise for check in invariants.checks() if check.breaches()] == []
    finally:
        transaction.savepoint_rollback(before)
        set_clock(None)


def _does(w, place, what, *how):
    if what == "works":
        month, minutes, dark = how
        w.approval.balance.refresh_from_db()
        if w.approval.balance.room:  # each on a day of its own after the yes
            day = place + (15 if month == 10 else 1)
            works(w, month, day=day, hour=18 if dark else 11, minutes=minutes)
    elif what == "runs":
        runs(w, *how)
    elif what == "drafts":
        invoicing.draft(w.entity, date(2026, *how, 1), by=TESTS, at=at(18, day=18, month=12))
    else:
        issued = Invoice.objects.filter(number__isnull=False, credits=None).order_by("pk")
        found = [invoice for invoice in issued if invoicing.not_credited(invoice)]
        if found:
            invoicing.credit(
                found[how[0] % len(found)], reason="Again.", by=TESTS, at=at(18, day=18, month=12)
            )


def _within(w):
    for kind, rate in [("", w.offer.rate), ("out_of_hours", w.offer.out_of_hours_rate)]:
        lines = InvoiceLine.objects.filter(invoice__number__isnull=False, surcharge=kind, credited_by=None)
        asked = sum(line.net for line in lines.exclude(kind="credit"))
        assert asked <= price(w.offer.cap, rate)
