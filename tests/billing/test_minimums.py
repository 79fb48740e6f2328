"""The minimum of an engagement: signed with the offer, topped up once when the work is done, from what all of its time came to."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing import answering, engaging, finances, invoicing, minimums, timing, worth
from billing.models import BilledMinimum, Invoice, InvoiceLine
from support.actors import Actor
from support.refusal import Refused
from tests.attacks import refused, run
from tests.billing.billing_cases import at, entry, offered, set_clock, signed
from tests.billing.fixed_cases import at_a_price
from tests.billing.minimum_cases import OCTOBER, at_least, done, run_of, some_work
from tests.factories import TESTS
from tests.ground import standing_on

pytestmark = pytest.mark.django_db


@standing_on
def w():
    """30 minutes, $125.00, of a minimum of $500.00 are worked."""
    w = at_least()
    some_work(w)
    return w


def lines(invoice):
    return [(line.kind, line.minutes, line.rate, line.net) for line in invoice.lines.order_by("position")]


def test_the_offer_says_the_minimum_and_the_chain_keeps_it(w):
    said = bytes(w.offer.document).decode()
    assert "$500.00 at least for the engagement, before tax, once any of it was worked" in said
    assert w.offer.sentence.endswith("Once any of it was worked, the engagement comes to at least $500.00.")
    [[text]] = run("SELECT text FROM billing_evidencelink WHERE kind = 'approval'")
    assert "\nminimum_charge=500.00\n" in text
    [mail] = run("SELECT text FROM support_mail WHERE text LIKE %s", "%Read the offer and answer%")
    assert "Once any of it was worked it comes to at least $500.00." in mail[0]


def test_an_offer_without_one_says_nothing_of_it(clock):
    w = at_least("0")
    assert "at least" not in bytes(w.offer.document).decode() + w.offer.sentence
    [[text]] = run("SELECT text FROM billing_evidencelink WHERE kind = 'approval'")
    assert "minimum_charge" not in text
    set_clock(None)


def test_who_signs_signs_the_minimum_at_least(clock):
    w = at_least(cap=60)
    assert w.offer.amount == 500, "more than the $250.00 of its hour"
    assert "up to 1 hour and $500.00" in w.offer.sentence
    set_clock(None)


def test_what_is_missing_is_asked_for_once_when_the_work_is_done(w):
    [plan] = invoicing.preview(w.entity, OCTOBER)
    assert [line.kind for line in plan.lines] == ["time"], "the work is not done"
    done(w)
    [issued] = run_of(w)
    assert lines(issued) == [("time", 30, 250, 125), ("minimum", 0, 375, 375)]
    assert issued.total == 500
    top_up = issued.lines.get(kind="minimum")
    assert top_up.approval == w.approval
    assert "$375.00 more, because its time and surcharges came to $125.00 and the minimum is $500.00." in (
        top_up.description
    )
    assert BilledMinimum.objects.get().charged == 125
    assert run_of(w) == []


@pytest.mark.parametrize(("minutes", "kinds"), [(119, ["time", "minimum"]), (120, ["time"]), (150, ["time"])])
def test_nothing_is_missing_once_the_time_comes_to_the_minimum(clock, minutes, kinds):
    w = at_least()
    some_work(w, minutes=minutes)
    [issued] = run_of(done(w))
    assert [line.kind for line in issued.lines.order_by("position")] == kinds
    set_clock(None)


def test_nothing_is_asked_for_where_nothing_was_worked_or_it_was_withdrawn(clock):
    assert run_of(done(at_least())) == []
    w = at_least()
    some_work(w)
    engaging.withdraw(w.engagement, reason="Not wanted.", by=Actor.of(w.ana), at=at(18))
    [issued] = run_of(w)
    assert lines(issued) == [("time", 30, 250, 125)]
    set_clock(None)


def test_an_approval_that_was_taken_back_still_names_the_minimum(w):
    answering.withdraw_approval(w.approval, reason="Enough.", by=Actor.of(w.ana), at=at(18))
    assert run_of(done(w))[0].total == 500


def test_the_time_of_further_approvals_counts_and_the_newest_says_how_much(w):
    card = w.contract.rate.card
    card.minimum_charge = Decimal(600)
    card.by(TESTS).save()
    further = offered(w.engagement, w.robin, Actor.of(w.ana), when=at(18))
    further.refresh_from_db()
    approval = signed(further, w.robin, at(18))
    set_clock(at(19.5))
    piece = "00000000-0000-0000-0000-000000000018"
    entry(w, at(18.5), at(19), approval=approval, offer=further, piece=piece).save()
    engaging.finish(w.engagement, by=Actor.of(w.ana), at=at(19.5))
    [issued] = run_of(w)
    assert lines(issued)[-1] == ("minimum", 0, 350, 350)
    assert issued.lines.get(kind="minimum").approval == approval


def test_a_further_approval_under_which_nothing_was_worked_does_not_raise_it(w):
    card = w.contract.rate.card
    card.minimum_charge = Decimal(800)
    card.by(TESTS).save()
    further = signed(offered(w.engagement, w.robin, Actor.of(w.ana), when=at(18)), w.robin, at(18))
    answering.withdraw_approval(further, reason="Not wanted.", by=Actor.of(w.robin), at=at(18))
    [issued] = run_of(done(w))
    assert lines(issued) == [("time", 30, 250, 125), ("minimum", 0, 375, 375)]
    assert issued.lines.get(kind="minimum").approval == w.approval


def test_one_that_replaces_the_yes_that_was_worked_under_names_it(w):
    offer = offered(w.engagement, w.robin, Actor.of(w.ana), when=at(18), replaces=w.offer)
    signed(offer, w.robin, at(18))
    [issued] = run_of(done(w))
    assert lines(issued) == [("time", 30, 250, 125), ("minimum", 0, 375, 375)]


def test_an_engagement_that_was_withdrawn_is_not_topped_up_by_sql_either(w):
    engaging.withdraw(w.engagement, reason="Not wanted.", by=Actor.of(w.ana), at=at(18))
    w.engagement.state = "done"
    with refused("engagements_move_as_their_verbs"):
        w.engagement.by(TESTS, at(18)).save()
    assert lines(run_of(w)[0]) == [("time", 30, 250, 125)]


def test_credited_for_good_it_is_not_asked_for_again(w):
    [issued] = run_of(done(w))
    note = invoicing.credit(
        issued,
        reason="Goodwill.",
        lines=[issued.lines.get(kind="minimum")],
        for_good=True,
        by=TESTS,
        at=at(18),
    )
    assert (note.net, run_of(w)) == (-375, [])
    assert minimums.to_come(w.engagement) is None


def test_only_the_credit_of_a_minimum_or_a_fixed_price_is_for_good(w):
    [draft] = invoicing.draft(done(w).entity, OCTOBER, by=TESTS, at=at(18))
    with refused("time_is_cancelled_instead"):
        run("UPDATE billing_invoiceline SET for_good = true WHERE kind = 'minimum'")
    issued = invoicing.issue(draft, by=TESTS, at=at(18))
    note = Invoice(
        **{name: getattr(issued, name) for name in ("legal_entity", "bill_to", "month", "currency")}
    )
    note.credits, note.reason, note.actor = issued, "Wrong.", TESTS
    note.save(force_insert=True)
    undone = issued.lines.get(kind="time")
    with refused("time_is_cancelled_instead"):
        InvoiceLine.objects.create(
            invoice=note, position=1, kind="credit", credits=undone, rate=250, net=-125, for_good=True
        )


def test_time_is_never_credited_for_good(w):
    [issued] = run_of(done(w))
    note = invoicing.credit(issued, reason="All of it.", for_good=True, by=TESTS, at=at(18))
    assert sorted(note.lines.values_list("credits__kind", "for_good")) == [("minimum", True), ("time", False)]
    assert lines(run_of(w)[0]) == [("time", 30, 250, 125)]


def test_cents_that_lines_lose_are_part_of_what_is_left(clock):
    w = at_least("250.00", card={"increment": 1}, work_until=at(0, day=30, month=12))
    last = at(18, day=20, month=12)
    set_clock(last)
    for month in (10, 11, 12):
        begin = at(11, day=15, month=month)
        piece = f"00000000-0000-0000-0000-0000000000{month}"
        entry(w, begin, begin + timedelta(minutes=20), piece=piece).save()
    engaging.finish(w.engagement, by=Actor.of(w.ana), at=last)
    for month in (10, 11, 12):
        invoicing.run(w.entity, date(2026, month, 1), by=TESTS, at=last)
    assert sum(each.net for each in Invoice.objects.issued()) == 250


def test_one_that_was_replaced_names_none_any_more(w):
    card = w.contract.rate.card
    card.minimum_charge = Decimal(0)
    card.by(TESTS).save()
    signed(offered(w.engagement, w.robin, Actor.of(w.ana), when=at(18), replaces=w.offer), w.robin, at(18))
    assert lines(run_of(done(w))[0]) == [("time", 30, 250, 125)]


def test_a_fixed_price_does_not_count_towards_it(w):
    from billing import delivering

    price = signed(at_a_price(w), w.robin, at(18))
    delivering.deliver(price, text="All.", by=TESTS, at=at(18))
    [issued] = run_of(done(w))
    assert [kind for kind, *_rest in lines(issued)] == ["time", "fixed", "minimum"]
    assert issued.total == 1700


def test_time_of_an_earlier_month_is_invoiced_first(clock):
    w = at_least()
    entry(w, at(11), at(12)).save()
    set_clock(at(18, day=2, month=11))
    november = at(0, day=1, month=11).date()
    engaging.finish(w.engagement, by=Actor.of(w.ana), at=at(18, day=2, month=11))
    assert run_of(w, november) == [], "its time of October is on no invoice"
    [october] = run_of(w)
    assert lines(october) == [("time", 60, 250, 250)]
    [issued] = run_of(w, november)
    assert lines(issued) == [("minimum", 0, 250, 250)]
    set_clock(None)


def test_it_waits_for_its_purchase_order(clock):
    w = at_least(rate={"order_needed": True})
    some_work(w)
    assert invoicing.preview(w.entity, OCTOBER) == [] == invoicing.preview(done(w).entity, OCTOBER)
    set_clock(None)


def test_a_draft_is_worked_out_anew_after_more_time(w):
    [draft] = invoicing.draft(done(w).entity, OCTOBER, by=TESTS, at=at(18))
    assert draft.total == 500
    some_work(w, 13, 60)
    with pytest.raises(Refused, match="time on no issued invoice: draft the month again"):
        invoicing.issue(draft, by=TESTS, at=at(18))
    [issued] = run_of(w)
    assert lines(issued) == [("time", 90, 250, 375), ("minimum", 0, 125, 125)]


def test_time_is_neither_booked_nor_corrected_while_it_is_topped_up(w):
    [issued] = run_of(done(w))
    book = {"person": w.ana, "text": "More", "by": Actor.of(w.ana), "at": at(18)}
    words = f"The minimum of this engagement is on {issued.reference}: a credit note has to free it first."
    with pytest.raises(Refused) as said:
        timing.book(w.engagement, approval=w.approval, started_at=at(13), stopped_at=at(14), **book)
    assert str(said.value.sentence) == words
    with refused("minimum_is_topped_up_last"):
        some_work(w, 13)
    with refused("minimum_is_topped_up_last"):
        run("UPDATE billing_timeentry SET superseded_by_id = id + 1")
    timing.book(w.engagement, approval=None, started_at=at(13), stopped_at=at(14), **book)
    note = invoicing.credit(issued, reason="More was done.", by=TESTS, at=at(18))
    some_work(w, 15, 60)
    [again] = run_of(w)
    assert (note.total, again.total) == (-500, 500)
    assert lines(again) == [("time", 90, 250, 375), ("minimum", 0, 125, 125)]


def test_its_time_is_credited_after_it_or_with_it(w):
    [issued] = run_of(done(w))
    time, top_up = issued.lines.order_by("position")
    say = {"reason": "Wrong.", "by": TESTS, "at": at(18)}
    with pytest.raises(Refused, match=f"counts towards the minimum on {issued.reference}: credit that first"):
        invoicing.credit(issued, lines=[time], **say)
    invoicing.credit(issued, lines=[top_up], **say)
    assert BilledMinimum.objects.get().credited_by.credits == top_up
    invoicing.credit(issued, lines=[time], **say)
    assert run_of(w)[0].total == 500


def test_what_is_used_and_what_finance_sees_includes_it_once_it_is_due(w):
    assert worth.used([w.approval]) == {w.approval.pk: 125}
    done(w)
    w.approval.refresh_from_db()
    assert worth.used([w.approval]) == {w.approval.pk: 500}
    [row] = finances.books(w.entity, at(18)).worked
    assert row.ages == ("$500.00", "", "")
    run_of(w)
    assert finances.books(w.entity, at(18)).worked == []
    assert worth.used([w.approval]) == {w.approval.pk: 500}
