"""What a rate card adds out of hours and on site: said in the offer's bytes, and signed for at most."""

import pytest

from billing import offering
from billing.models import Offer, Surcharge
from support.models import CalendarVersion
from support.refusal import Refused
from tests.attacks import refused, run
from tests.billing.billing_cases import at, ese_contract, offered, rate_card, requested, set_clock, signed
from tests.factories import TESTS, ContactFactory
from tests.ground import standing_on

pytestmark = pytest.mark.django_db


def surcharge(card, what, how, amount, calendar=None) -> Surcharge:
    if calendar is None and what == "out_of_hours":
        calendar = CalendarVersion.objects.filter(name="mt-business").order_by("-version").first()
    row = Surcharge(card=card, what=what, how=how, amount=amount, calendar=calendar)
    row.by(TESTS).save()
    return row


@standing_on
def contract():
    set_clock(at(8))
    return ese_contract(rate_card())


@pytest.fixture
def robin(contract):
    return ContactFactory(customer=contract.holder, name="Robin Sample", approves_up_to=5000)


def sent(contract, robin, **fields) -> Offer:
    set_clock(at(9))
    offer = offered(requested(contract), robin, **fields)
    offer.refresh_from_db()
    return offer


def said(offer) -> str:
    return bytes(offer.document).decode()


def test_a_card_without_surcharges_is_offered_as_ever(contract, robin):
    offer = sent(contract, robin)
    assert (offer.amount, offer.out_of_hours_rate, offer.in_hours, offer.visits) == (1000, 0, None, 0)
    assert "urcharge" not in said(offer) + offer.sentence


def test_per_cent_out_of_hours_is_money_an_hour_in_the_offer(contract, robin):
    surcharge(contract.rate.card, "out_of_hours", "per_cent", 50)
    offer = sent(contract, robin)
    assert (offer.out_of_hours_rate, offer.in_hours.name, offer.amount) == (125, "mt-business", 1500)
    words = "$125.00 more an hour (50 %) for work outside Mon to Fri 06:00-18:00 (America/Denver)."
    assert words in said(offer)
    assert "They come to $500.00 at most" in said(offer)
    assert "at most $1,500.00" in said(offer)
    assert "and the surcharges that it names, up to 4 hours and $1,500.00 with all of them" in offer.sentence


@pytest.mark.parametrize(
    ("how", "amount", "most", "words"),
    [
        ("hour", 40, 1160, "$40.00 more an hour for work on site, 2 visits at most."),
        ("per_cent", "12.5", 1125, "$31.25 more an hour (12.5 %) for work on site, 2 visits at most."),
        ("visit", 90, 1180, "$90.00 for each visit: a piece of work on site, 2 visits at most."),
    ],
)
def test_work_on_site_is_offered_with_its_visits(contract, robin, how, amount, most, words):
    surcharge(contract.rate.card, "on_site", how, amount)
    offer = sent(contract, robin, visits=2)
    assert (offer.amount, words in said(offer)) == (most, True)


def test_work_on_site_that_is_not_asked_for_costs_nothing(contract, robin):
    surcharge(contract.rate.card, "on_site", "visit", 90)
    offer = sent(contract, robin)
    assert (offer.amount, offer.visits, "on site" in said(offer)) == (1000, 0, False)


def test_both_count_at_once_at_most(contract, robin):
    surcharge(contract.rate.card, "out_of_hours", "hour", 100)
    surcharge(contract.rate.card, "on_site", "hour", 40)
    assert sent(contract, robin, visits=1).amount == 1000 + 400 + 160


def test_visits_without_a_surcharge_for_them_are_refused(contract, robin):
    with pytest.raises(Refused, match="no surcharge for work on site"):
        sent(contract, robin, visits=1)


def test_who_may_sign_for_the_hours_alone_signs_no_offer_with_surcharges(contract, robin):
    surcharge(contract.rate.card, "out_of_hours", "per_cent", 50)
    robin.approves_up_to = 1499
    robin.by(TESTS).save()
    offer = sent(contract, robin)
    set_clock(at(10))
    assert signed(offer, robin, at(10)) is None
    boss = ContactFactory(customer=contract.holder, approves_up_to=1500)
    assert signed(offer, boss, at(10)) is not None


def test_the_contracts_own_calendar_is_pinned(contract, robin):
    from support.models import ContractCalendar

    surcharge(contract.rate.card, "out_of_hours", "hour", 10)
    shipped = CalendarVersion.objects.get(name="mt-business")
    data = {**shipped.data, "holidays": [["2026-10-14", "Ours"]]}
    own = CalendarVersion(name="ours", version=1, sha256="x" * 64, data=data, added_at=at(8))
    own.actor = TESTS
    own.save(force_insert=True)
    pin = ContractCalendar(contract=contract, name="mt-business", calendar=own)
    pin.by(TESTS).save()
    offer = sent(contract, robin)
    assert (offer.in_hours, "and on the holidays and closed days of that calendar" in said(offer)) == (
        own,
        True,
    )


def test_a_later_change_of_the_card_alters_no_offer(contract, robin):
    row = surcharge(contract.rate.card, "out_of_hours", "hour", 10)
    offer = sent(contract, robin)
    row.amount = 99
    row.by(TESTS).save()
    row.by(TESTS).delete()
    offer.refresh_from_db()
    assert (offer.out_of_hours_rate, offer.amount) == (10, 1040)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"amount": 1000}, "offer_amount_is_its_price"),
        ({"out_of_hours_rate": 0, "amount": 1000}, "out_of_hours_is_by_a_calendar"),
        ({"in_hours": None}, "out_of_hours_is_by_a_calendar"),
        ({"visits": 0, "visit_price": 90, "amount": 1500}, "on_site_is_offered_with_its_visits"),
        ({"visits": 1, "visit_price": -90, "amount": 1410}, "on_site_is_offered_with_its_visits"),
    ],
)
def test_no_offer_means_less_than_its_surcharges(contract, robin, change, rule):
    surcharge(contract.rate.card, "out_of_hours", "per_cent", 50)
    offer = sent(contract, robin)
    offering.withdraw_offer(offer, reason="Again.", by=TESTS, at=at(9))
    again = Offer.objects.get(pk=offer.pk)
    again.pk, again._state.adding = None, True
    for name, value in change.items():
        setattr(again, name, value)
    with refused(rule):
        again.save(force_insert=True)


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"amount": 0}, "surcharge_is_more_than_nothing"),
        ({"calendar": None}, "out_of_hours_by_a_calendar"),
        ({"how": "visit"}, "only_visits_are_on_site"),
    ],
)
def test_a_surcharge_makes_sense(contract, fields, rule):
    row = surcharge(contract.rate.card, "out_of_hours", "hour", 10)
    for name, value in fields.items():
        setattr(row, name, value)
    with refused(rule):
        row.by(TESTS).save()


def test_a_card_has_one_of_each_and_each_change_leaves_history(contract):
    surcharge(contract.rate.card, "on_site", "hour", 10)
    with refused("one_surcharge_of_each_kind"):
        surcharge(contract.rate.card, "on_site", "visit", 10)
    with refused("history"):
        run("UPDATE billing_surcharge SET amount = 20")


def test_the_chain_says_what_was_added(contract, robin):
    surcharge(contract.rate.card, "out_of_hours", "hour", 10)
    surcharge(contract.rate.card, "on_site", "visit", 90)
    offer = sent(contract, robin, visits=2)
    set_clock(at(10))
    signed(offer, robin, at(10))
    [[text]] = run("SELECT text FROM billing_evidencelink WHERE kind = 'approval'")
    for line in ("out_of_hours_rate=10.00", "in_hours=mt-business@1 ", "visit_price=90.00", "visits=2"):
        assert f"\n{line}" in text
    assert run("SELECT * FROM evidence_broken()") == []
