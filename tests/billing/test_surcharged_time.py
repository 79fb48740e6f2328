"""Work out of hours and on site: cut at the border, billed once in minutes, and once more in money beside it."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from billing import answering, invoicing, timing
from billing.models import BilledEntry, Invoice, InvoiceLine, TimeEntry
from support.actors import Actor
from support.refusal import Refused
from tests.attacks import refused, run
from tests.billing.billing_cases import at, entry, set_clock
from tests.billing.surcharge_cases import surcharged
from tests.factories import TESTS
from tests.ground import standing_on

pytestmark = pytest.mark.django_db
OCTOBER = at(0, day=1).date()


w = standing_on(surcharged)


@standing_on
def site():
    return surcharged(on_site="hour", visits=1)


def booked(w, start, stop, **fields):
    said = {"approval": w.approval, "person": w.ana, "text": "Worked", **fields}
    said = {**said, "started_at": at(start), "stopped_at": at(stop)}
    return timing.book(w.engagement, **said, by=Actor.of(w.ana), at=at(18, day=15)).entries


def drafted(w):
    [invoice] = invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18, day=15))
    return invoice


def lines(invoice):
    return [
        (line.kind, line.surcharge, line.minutes, line.surcharged, line.rate, line.net)
        for line in invoice.lines.order_by("position")
    ]


def test_work_over_the_border_is_two_parts_and_says_so(w):
    first, last = booked(w, 16.5, 17.5)
    assert (first.stopped_at, last.started_at) == (at(17), at(17))
    assert (first.out_of_hours, last.out_of_hours) == (False, True)
    assert (first.billed_minutes, last.billed_minutes, first.piece == last.piece) == (30, 30, True)
    assert last.basis == "30 min as worked; out of hours"


def test_rounding_happens_once_over_the_whole_and_goes_to_the_last_part(w):
    first, last = booked(w, 16.9, 17.1)
    assert [(part.raw_minutes, part.billed_minutes) for part in (first, last)] == [(6, 6), (6, 9)]


def test_the_cap_counts_minutes_and_no_money(w):
    booked(w, 17, 19)
    w.approval.balance.refresh_from_db()
    assert w.approval.balance.used == 120


def test_what_has_no_room_attracts_nothing(w):
    parts = booked(w, 12.5, 17.5)
    assert [(part.approval_id is None, part.out_of_hours) for part in parts] == [
        (False, False),
        (True, False),
    ]


def test_a_timer_over_the_border_is_cut_as_it_stops(w):
    set_clock(at(16, day=15))
    timer = timing.start_timer(w.approval, person=w.ana, at=at(16, day=15))
    set_clock(at(18, day=15))
    parts = timing.stop_timer(timer, by=Actor.of(w.ana), at=at(18, day=15)).entries
    assert [(part.billed_minutes, part.out_of_hours) for part in parts] == [(60, False), (60, True)]


def test_a_surcharge_is_a_line_beside_the_time_and_bills_no_minutes(w):
    booked(w, 16.5, 17.5)
    invoice = drafted(w)
    assert lines(invoice) == [
        ("time", "", 60, 0, 250, 250),
        ("surcharge", "out_of_hours", 0, 30, 125, 62.5),
    ]
    assert invoice.net == 312.5
    said = invoice.lines.get(position=2).description
    assert "Surcharge out of hours" in said
    assert "30 minutes at $125.00 an hour more" in said
    assert invoicing.issue(invoice, by=TESTS, at=at(18, day=15)).number == 1


def test_it_is_rounded_half_up_once(clock):
    w = surcharged(card={"hourly_rate": "100.01", "increment": 1}, night="33.33")
    for start in (17, 18, 19):
        booked(w, start, start + 1 / 60)
    rate = Decimal("33.33")
    assert lines(drafted(w))[1] == ("surcharge", "out_of_hours", 0, 3, rate, Decimal("1.67"))
    set_clock(None)


def test_the_example_of_the_documentation(clock):
    w = surcharged(on_site="visit", amount="90.00", visits=1)
    booked(w, 16.5, 17 + 40 / 60, on_site=True)
    found = [(line.kind, line.counted, f"{line.net:.2f}") for line in drafted(w).lines.order_by("position")]
    assert found == [("time", 75, "312.50"), ("surcharge", 45, "93.75"), ("surcharge", 0, "90.00")]
    told = Path("docs/invoices.md").read_text()
    assert all(f"| ${net} |" in told for _kind, _minutes, net in found)
    set_clock(None)


def test_on_site_by_the_hour_counts_beside_out_of_hours(site):
    booked(site, 16.5, 17.5, on_site=True)
    assert lines(drafted(site)) == [
        ("time", "", 60, 0, 250, 250),
        ("surcharge", "out_of_hours", 0, 30, 125, 62.5),
        ("surcharge", "on_site", 0, 60, 40, 40),
    ]


def test_a_visit_costs_its_price_whatever_its_parts(clock):
    w = surcharged(on_site="visit", amount="90.00", visits=2)
    first, last = booked(w, 16.5, 17.5, on_site=True)
    assert (first.visit, last.visit, last.basis) == (True, False, "30 min as worked; out of hours; on site")
    booked(w, 10, 11, on_site=True)
    assert lines(drafted(w))[2] == ("surcharge", "visit", 0, 0, 90, 180)
    with pytest.raises(Refused, match="visits that were offered are used up"):
        booked(w, 12, 12.5, on_site=True)
    set_clock(None)


def test_a_visit_that_was_a_mistake_is_free_again(site):
    [entry] = booked(site, 10, 11, on_site=True)
    timing.cancel(entry, reason="At home.", by=TESTS, at=at(18, day=15))
    assert booked(site, 12, 13, on_site=True)[0].visit


def test_a_correction_is_on_site_as_what_it_stands_for(site):
    [entry] = booked(site, 10, 11, on_site=True)
    said = {"started_at": at(10), "stopped_at": at(10.5), "text": "Less", "reason": "Left early."}
    [again] = timing.correct(entry, **said, by=TESTS, at=at(18, day=15)).entries
    assert (again.on_site, again.visit, again.billed_minutes) == (True, True, 30)


def test_no_timer_starts_on_site_without_a_visit(w, site):
    with pytest.raises(Refused, match="names no work on site"):
        timing.start_timer(w.approval, person=w.ana, on_site=True, at=at(18, day=15))
    booked(site, 10, 11, on_site=True)
    with pytest.raises(Refused, match="visits are used up"):
        timing.start_timer(site.approval, person=site.ana, on_site=True, at=at(18, day=15))


def test_a_timer_that_began_on_site_ends_as_a_visit(site):
    set_clock(at(10, day=15))
    timer = timing.start_timer(site.approval, person=site.ana, on_site=True, at=at(10, day=15))
    set_clock(at(11, day=15))
    [part] = timing.stop_timer(timer, by=Actor.of(site.ana), at=at(11, day=15)).entries
    assert (part.on_site, part.visit) == (True, True)


def test_a_timer_on_site_stops_though_its_approval_ended_in_its_first_minute(site):
    """The approved part has no whole minute: no visit is billed for it, and the rest is kept as unapproved."""
    set_clock(at(10, day=15))
    timer = timing.start_timer(site.approval, person=site.ana, on_site=True, at=at(10, day=15))
    ended = at(10, day=15) + timedelta(seconds=20)
    set_clock(ended)
    answering.withdraw_approval(site.approval, reason="Stop.", by=Actor.of(site.robin), at=ended)
    set_clock(at(10.5, day=15))
    booked = timing.stop_timer(timer, by=Actor.of(site.ana), at=at(10.5, day=15))
    assert (booked.billed_minutes, booked.unapproved_minutes, booked.late) == (0, 30, None)
    assert not any(entry.visit for entry in booked.entries)


def test_a_credit_note_frees_time_and_surcharges_each_by_itself(w):
    booked(w, 16.5, 17.5)
    invoice = invoicing.issue(drafted(w), by=TESTS, at=at(18, day=15))
    night = invoice.lines.get(kind="surcharge")
    note = invoicing.credit(invoice, reason="Not agreed.", lines=[night], by=TESTS, at=at(18, day=15))
    assert (note.net, note.lines.get().surcharged, note.lines.get().minutes) == (-62.5, -30, 0)
    assert lines(drafted(w)) == [("surcharge", "out_of_hours", 0, 30, 125, 62.5)]


def test_time_whose_surcharge_is_billed_is_not_corrected_yet(w):
    [part] = booked(w, 17, 18)
    invoice = invoicing.issue(drafted(w), by=TESTS, at=at(18, day=15))
    time = invoice.lines.get(kind="time")
    invoicing.credit(invoice, reason="x", lines=[time], by=TESTS, at=at(18, day=15))
    with pytest.raises(Refused, match="is on INV-"):
        timing.cancel(part, reason="x", by=TESTS, at=at(18, day=15))


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"out_of_hours": False}, "hours_by_the_offers_calendar"),
        ({"started_at": at(16.5), "raw_minutes": 60}, "hours_by_the_offers_calendar"),
        ({"stopped_at": at(17.5), "started_at": at(16.99)}, "hours_by_the_offers_calendar"),
        ({"on_site": True}, "on_site_is_offered"),
        ({"visit": True, "out_of_hours": True}, "visits_"),
        (
            {"approval": None, "offer": None, "billed_minutes": 0},
            "surcharged_time_is_approved",
        ),
    ],
)
def test_raw_rows_attract_what_the_offer_says(w, fields, rule):
    row = entry(w, at(17), at(17.5), out_of_hours=True)
    for name, value in fields.items():
        setattr(row, name, value)
    with refused(rule):
        TimeEntry.objects.bulk_create([row])


def test_raw_rows_in_hours_are_not_out_of_them(w):
    with refused("hours_by_the_offers_calendar"):
        entry(w, at(15), at(16), out_of_hours=True).save()


def test_raw_rows_make_no_more_visits_than_were_offered(site):
    entry(site, at(10), at(11), on_site=True, visit=True).save()
    with refused("visits_within_the_offer"):
        entry(site, at(12), at(13), on_site=True, visit=True, person=site.max).save()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("rate = 126, net = 63", "lines_are_priced_from_their_entries"),
        ("net = 62.49", "lines_are_priced_from_their_entries"),
        ("surcharged = 31", "lines_are_priced_from_their_entries"),
        ("minutes = 30", "surcharges_say_which"),
        ("surcharge = ''", "issued_invoices_never_change"),
        ("surcharge = 'visit'", "issued_invoices_never_change"),
    ],
)
def test_a_surcharge_is_what_was_approved(w, change, rule):
    booked(w, 16.5, 17.5)
    invoice = drafted(w)
    with refused(rule):
        run(f"UPDATE billing_invoiceline SET {change} WHERE kind = 'surcharge'")
        sums = "(SELECT sum(net) FROM billing_invoiceline)"
        run(
            f"UPDATE billing_invoice SET net = {sums}, total = {sums}, issued_at = now() WHERE id = %s",
            invoice.pk,
        )


def test_no_surcharge_that_was_not_offered_stands_on_an_invoice(w):
    other = surcharged()
    booked(w, 10, 11)
    line = {"invoice": drafted(w), "kind": "surcharge", "approval": w.approval, "net": 1, "rate": 1}
    with refused("surcharges_are_offered"):
        InvoiceLine.objects.create(**line, position=2, surcharge="on_site", description="x")
    with refused("lines_are_of_their_invoice"):
        more = {**line, "approval": other.approval}
        InvoiceLine.objects.create(**more, position=2, surcharge="out_of_hours", description="x")
    night = InvoiceLine.objects.create(**line, position=2, surcharge="out_of_hours", description="x")
    with refused("only_live_approved_time_is_billed"):
        day = TimeEntry.objects.get(engagement=w.engagement)
        BilledEntry.objects.create(line=night, entry=day, surcharge="out_of_hours")


def test_an_entry_stands_on_one_live_line_of_each_kind(w):
    [part] = booked(w, 17, 18)
    invoice = invoicing.issue(drafted(w), by=TESTS, at=at(18, day=15))
    head = Invoice.objects.get(pk=invoice.pk)
    again = Invoice(
        legal_entity=head.legal_entity, bill_to=head.bill_to, month=OCTOBER, currency=head.currency
    )
    again.actor = TESTS
    again.save(force_insert=True)
    line = {"invoice": again, "kind": "surcharge", "approval": w.approval, "net": 125, "rate": 125}
    line = InvoiceLine.objects.create(
        **line, position=1, surcharge="out_of_hours", surcharged=60, description="x"
    )
    with refused("entry_on_one_live_line"):
        BilledEntry.objects.create(line=line, entry=part, surcharge="out_of_hours")
    with refused("only_live_approved_time_is_billed"):
        BilledEntry.objects.create(line=line, entry=part, surcharge="visit")
