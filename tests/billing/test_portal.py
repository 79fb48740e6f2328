"""What a customer reads of the work outside its contract, and taking a yes back."""

import pytest
from django.urls import reverse

from billing import answering, delivering, expiring, invoicing
from billing.models import ApprovalEnd
from support.actors import Actor
from support.models import UserKind
from support.roles import Role
from tests.billing.billing_cases import at, entry, offered, requested, set_clock, signed, world
from tests.billing.fixed_cases import fixed
from tests.billing.minimum_cases import at_least, done, run_of, some_work
from tests.factories import TESTS, ContactFactory, UserFactory, granted
from tests.ground import standing_on
from tests.support.desk_cases import contract_under, raise_ticket
from tests.support.page_cases import post


def signs_in(contact, client):
    """A customer's person with an account, signed in."""
    user = UserFactory(email=contact.email, name=contact.name, kind=UserKind.CUSTOMER)
    user.give_roles([Role.CUSTOMER], by=TESTS, at=at(18))
    contact.user = user
    contact.by(TESTS).save()
    client.force_login(user)
    return client


w = standing_on(world)


@pytest.fixture
def robin(w, client):
    return signs_in(w.robin, client)


def page(client, w):
    return client.get(reverse("billing:own-engagement-page", args=[w.engagement.reference]))


def test_he_reads_what_was_approved_used_and_is_left(robin, w):
    entry(w, at(11), at(12)).save()
    assert w.engagement.title in robin.get(reverse("billing:own-engagement-list")).text
    said = page(robin, w).text
    for words in ("4 h", "1 h", "3 h", "$1,000.00", "$250.00", "$750.00", "Robin Sample", "up to $5,000.00"):
        assert words in said


def test_the_offer_is_taken_away_byte_for_byte(robin, w):
    answer = robin.get(reverse("billing:own-offer-document", args=[w.engagement.reference, 1]))
    assert answer.content == bytes(w.offer.document)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"


def test_an_offer_that_waits_for_him_leads_to_his_own_link(robin, w):
    other = ContactFactory(customer=w.robin.customer, approves_up_to=5000)
    mine = offered(requested(w.contract, ticket=w.ticket), w.robin, when=at(18), answer_by=at(20))
    theirs = offered(requested(w.contract, ticket=w.ticket), other, when=at(18), answer_by=at(20))
    for offer, is_there in [(mine, True), (theirs, False)]:
        address = reverse("billing:own-engagement-page", args=[offer.engagement.reference])
        assert ("Read and answer" in robin.get(address).text) is is_there
        assert ('href="/offers/' in robin.get(address).text) is is_there


def test_he_takes_his_approval_back_with_a_reason(robin, w):
    address = ["billing:own-approval-withdraw", w.engagement.reference, 1]
    refused = post(robin, *address, reason="")
    assert refused.status_code == 422
    assert "This field is required" in refused.text
    assert not ApprovalEnd.objects.exists()
    assert post(robin, *address, reason="We do it ourselves.").status_code == 302
    end = ApprovalEnd.objects.get(approval=w.approval)
    assert (end.why, end.reason, end.actor_kind) == ("withdrawn", "We do it ourselves.", "contact")
    assert "No approval is in force now: no more time is charged." in page(robin, w).text


def test_what_was_used_stays_on_his_page_when_no_approval_is_in_force_any_more(robin, w):
    assert "Used of what was approved" not in page(robin, w).text
    entry(w, at(11), at(12)).save()
    answering.withdraw_approval(w.approval, reason="Enough.", by=Actor.of(w.robin), at=at(18))
    assert "Used of what was approved: 1 h, $250.00 of $1,000.00." in page(robin, w).text


def test_of_what_was_replaced_no_more_than_was_used_counts_as_approved(robin, w):
    entry(w, at(11), at(12)).save()
    instead = offered(w.engagement, w.robin, Actor.of(w.ana), cap=60, when=at(18), replaces=w.offer)
    answering.withdraw_approval(signed(instead, w.robin, at(18)), reason="Enough.", by=TESTS, at=at(18))
    assert "Used of what was approved: 1 h, $250.00 of $500.00." in page(robin, w).text


def test_he_is_told_in_his_words_who_reads_why(robin, w):
    said = page(robin, w).text
    assert "In your words: the desk reads them." in said
    assert "for the customer" not in said


def test_he_reads_that_a_minimum_is_still_to_come(client, clock):
    w = at_least()
    robin = signs_in(w.robin, client)
    some_work(w)
    words = "At least $500.00 was approved: "
    assert f"{words}as it stands, $375.00 is charged besides once the work is done." in page(robin, w).text
    answering.withdraw_approval(w.approval, reason="Enough.", by=Actor.of(w.robin), at=at(18))
    done(w)
    said = page(robin, w).text
    assert f"{words}$375.00 is charged besides the time." in said
    assert "No approval is in force now: no more time is charged." in said
    [issued] = run_of(w)
    assert "At least" not in page(robin, w).text
    top_up = [issued.lines.get(kind="minimum")]
    invoicing.credit(issued, reason="Goodwill.", lines=top_up, for_good=True, by=TESTS, at=at(18))
    assert "At least" not in page(robin, w).text
    set_clock(None)


@pytest.mark.parametrize("ending", ["withdrawn", "over"])
def test_what_was_delivered_at_a_fixed_price_stays_on_his_page(client, clock, ending):
    w = fixed()
    robin = signs_in(w.robin, client)
    delivering.deliver(w.approval, text="All 40, to Robin.", by=TESTS, at=at(18))
    if ending == "withdrawn":
        answering.withdraw_approval(w.approval, reason="Enough.", by=Actor.of(w.robin), at=at(18))
    else:
        set_clock(w.offer.work_until)
        expiring.run()
    said = page(robin, w).text
    assert "All 40, to Robin." in said
    assert "Used of what was approved: $1,200.00 of $1,200.00." in said
    assert "the fixed price is charged" in said
    assert "No approval is in force now: no more time is charged." in said
    assert "nothing more is charged" not in said
    set_clock(None)


def test_without_a_rate_card_the_page_is_there(robin, w):
    contract = contract_under(
        "egroup-csp-advantage", engagement="calltower-ese", csp="direct", holder=w.robin.customer
    )
    other = requested(contract, ticket=raise_ticket(contract, at(8), channel="email", contract=contract))
    answer = robin.get(reverse("billing:own-engagement-page", args=[other.reference]))
    assert answer.status_code == 200
    assert "up to $5,000.00" in answer.text


def test_somebody_elses_engagement_is_not_there(client, w):
    stranger = signs_in(ContactFactory(), client)
    assert page(stranger, w).status_code == 404
    assert w.engagement.title not in stranger.get(reverse("billing:own-engagement-list")).text
    reference = w.engagement.reference
    assert stranger.get(reverse("billing:own-offer-document", args=[reference, 1])).status_code == 404
    assert post(stranger, "billing:own-approval-withdraw", reference, 1, reason="x").status_code == 404
    assert not ApprovalEnd.objects.exists()


def test_a_partner_reads_by_its_grant_and_takes_nothing_back(client, w):
    contact = ContactFactory()
    partner = signs_in(contact, client)
    granted(contact, w.robin.customer)
    assert page(partner, w).status_code == 200
    said = page(partner, w).text
    assert "Take this approval back" not in said
    assert "Who may approve" not in said
    sent = post(partner, "billing:own-approval-withdraw", w.engagement.reference, 1, reason="x")
    assert sent.status_code == 422
    assert not ApprovalEnd.objects.exists()


def test_the_desk_has_pages_of_its_own(client, w):
    client.force_login(w.ana)
    assert page(client, w).status_code == 403


def test_an_offer_whose_work_is_over_was_approved_all_the_same(robin, w):
    set_clock(at(1, day=20, month=12))
    assert expiring.run() == 1
    said = page(robin, w).text
    assert "Approved in writing" in said
    assert "; work was allowed until" in said
    assert "Expired" not in said
