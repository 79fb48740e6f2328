"""From which size on an offer needs a statement of work: the estimate, or what is asked for together with what is approved."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from billing import answering, engaging, stating
from billing.models import Offer
from support import saying
from support.actors import Actor
from support.refusal import Refused
from tests.attacks import refused
from tests.billing.billing_cases import at, entry, offered, requested, world
from tests.billing.test_engagement_pages import local
from tests.factories import TESTS
from tests.ground import standing_on
from tests.support.page_cases import post


@standing_on
def w():
    """An engagement that nobody offered yet beside the one that is approved."""
    w = world()
    w.fresh = requested(w.contract, ticket=w.ticket)
    return w


@pytest.fixture
def ana(client, w, time_machine):
    time_machine.move_to(at(18))
    client.force_login(w.ana)
    return client


def offer(w, **fields):
    return offered(w.fresh, w.robin, when=at(18), answer_by=at(20), **fields)


def above(w, minutes):
    card = w.contract.rate.card
    card.statement_above = minutes
    card.by(TESTS).save()


@pytest.mark.parametrize(
    ("most", "cap", "needed"),
    [(None, 60_000, False), (180, 180, False), (179, 60, True), (180, 181, True), (180, 60_000, True)],
)
def test_above_the_size_of_the_rate_card_one_is_needed(w, most, cap, needed):
    """180 minutes are estimated; who asks for more than that is held to what he asks for."""
    above(w, most)
    if not needed:
        assert offer(w, cap=cap).statement is None
        return
    with pytest.raises(Refused, match=f"Work of {saying.duration(max(cap, 180))} needs a statement of work"):
        offer(w, cap=cap)
    stating.write(w.fresh, text="Step by step.", by=Actor.of(w.ana), at=at(18))
    assert offer(w, cap=cap).statement.version == 1


def change(w, **fields):
    """A further offer on the engagement with an approval of 240 minutes."""
    return offered(w.engagement, w.robin, when=at(18), answer_by=at(20), **fields)


def test_a_change_order_counts_with_what_is_in_force(w):
    above(w, 300)
    assert change(w, cap=60).statement is None
    with pytest.raises(Refused, match="Work of 5 h 01 needs"):
        change(w, cap=61)


def test_what_an_offer_replaces_counts_with_what_was_used_of_it(w):
    above(w, 300)
    entry(w, at(13), at(14)).save()
    assert change(w, cap=240, replaces=w.offer).statement is None
    with pytest.raises(Refused, match="Work of 5 h 01 needs"):
        change(w, cap=241, replaces=w.offer)


def test_what_was_withdrawn_counts_with_what_was_used_of_it(w):
    above(w, 300)
    entry(w, at(13), at(14)).save()
    answering.withdraw_approval(w.approval, reason="Less, please.", by=Actor.of(w.robin), at=at(18))
    assert change(w, cap=240).statement is None
    with pytest.raises(Refused, match="Work of 5 h 01 needs"):
        change(w, cap=241)


def test_the_database_holds_the_size_where_no_verb_is_asked(w):
    sent = offer(w, cap=180)
    terms = {
        field.name: getattr(sent, field.name)
        for field in Offer._meta.fields
        if field.name not in ("id", "number")
    }
    engaging.end_offer(sent, "withdrawn", by=TESTS)
    above(w, 180)
    larger = {**terms, "cap": 60_000, "amount": "250000.00"}
    with refused("complex_work_has_a_statement"):
        Offer.objects.bulk_create([Offer(**larger)])
    of_the_other = {**terms, "engagement": w.engagement}  # 240 minutes are approved there
    with refused("complex_work_has_a_statement"):
        Offer.objects.bulk_create([Offer(**of_the_other)])
    Offer.objects.bulk_create([Offer(**terms)])


def test_the_page_says_from_which_size_on(ana, w):
    page = reverse("billing:engagement-page", args=[w.fresh.reference])
    assert "Complex work is written out before it is offered." in ana.get(page).text
    above(w, 180)
    assert "None. Work above 3 h, as estimated or as offered together" in ana.get(page).text
    days = {
        name: local(timezone.now() + timedelta(days=n)) for name, n in [("answer_by", 7), ("work_until", 30)]
    }
    said = {"contact": w.robin.pk, "cap": 60_000, "statement": 0, **days}
    answer = post(ana, "billing:offer-send", w.fresh.reference, **said)
    assert (answer.status_code, w.fresh.offers.count()) == (422, 0)
    assert "Work of 1000 h needs a statement of work, as any above 3 h" in answer.text
