"""A confirmation on paper against another one, and against every other end of the offer: one answer, with its control."""

import pytest
from django.db import DatabaseError, transaction

from billing import expiring, offering, written
from billing.models import Approval, OfferEnd, WrittenCheck
from support.actors import Actor
from support.refusal import Refused
from support.roles import Role
from tests.billing.at_once import at_once, both, take_off
from tests.billing.billing_cases import at, entered, offered, requested, set_clock, somebody, world, yes
from tests.billing.written_cases import check, confirmed, recorded, sign
from tests.factories import TESTS


def on_paper():
    """The world, an offer that nobody has answered, and a purchase order that Ana recorded."""
    w = world()
    offer = offered(requested(w.contract, ticket=w.ticket), w.robin, when=at(18), answer_by=at(20))
    return w, offer, recorded(offer, w.robin, w.ana)


def test_six_confirm_at_once_and_one_approval_comes_of_it(own_database):
    _w, offer, said = on_paper()
    people = [somebody(f"Agent {n}", Role.AGENT) for n in range(6)]

    def act(i):
        try:
            return confirmed(said, people[i])
        except Refused as refused:
            assert "already" in refused.sentence

    assert len([answer for answer in at_once(6, act, clock=at(18)) if answer]) == 1
    assert (WrittenCheck.objects.count(), Approval.objects.filter(offer=offer).count()) == (1, 1)


@pytest.mark.parametrize("against", ["withdraw", "yes", "expire", "refuse"])
def test_confirming_against_any_other_answer_leaves_one(own_database, against):
    w, offer, said = on_paper()
    code = entered(offer.invitations.get(), at(18))
    late = at(20) if against == "expire" else at(18)

    def act(i):
        try:
            if i % 2:
                return confirmed(said, w.max, at(18))
            if against == "withdraw":
                return offering.withdraw_offer(offer, reason="No.", by=TESTS, at=at(18))
            if against == "yes":
                return yes(code)
            if against == "refuse":
                return written.refuse(said, reason="No.", by=Actor.of(w.max), at=at(18))
            set_clock(late)
            return expiring.run()
        except Refused as refused:
            assert "already" in refused.sentence

    at_once(4, act, clock=at(18))
    approvals = Approval.objects.filter(offer=offer).count()
    ends = OfferEnd.objects.filter(offer=offer).count()
    assert approvals + ends == (0 if ends == approvals else 1)
    confirmations = WrittenCheck.objects.filter(confirmed=True).count()
    assert confirmations <= approvals, "what was confirmed is approved"
    if against != "refuse":
        assert approvals + ends == 1


@both
def test_by_sql_a_confirmation_and_an_end_are_one_answer(own_database, guarded):
    w, offer, said = on_paper()
    if not guarded:
        take_off(
            ("billing_approval", "guard"),
            ("billing_offerend", "guard"),
            ("billing_signature", "guard"),
            ("billing_writtencheck", "guard"),
        )

    def act(i):
        try:
            with transaction.atomic():
                if i:
                    check(said, w.max)
                    sign(said, authority=5000)
                    Approval(offer=offer, engagement=offer.engagement).save(force_insert=True)
                else:
                    OfferEnd(offer=offer, why="withdrawn").save(force_insert=True)
            return True
        except DatabaseError as error:
            assert "has been decided" in str(error)
            return False

    assert sum(at_once(2, act, clock=at(18))) == (1 if guarded else 2)


@both
def test_by_sql_whoever_recorded_it_never_confirms_it(own_database, guarded):
    w, offer, said = on_paper()
    if not guarded:
        take_off(("billing_writtencheck", "guard"))
    try:
        with transaction.atomic():
            check(said, w.ana)
            sign(said)
            Approval(offer=offer, engagement=offer.engagement).save(force_insert=True)
    except DatabaseError as error:
        assert "Whoever recorded a written yes" in str(error)
    assert Approval.objects.filter(offer=offer).exists() is not guarded
