"""How an engagement ends on its page, and what its readers are offered there."""

import pytest
from django.urls import reverse
from django.utils import timezone

from billing.models import EngagementState, Offer
from support.models import Mail
from tests.billing.billing_cases import signed
from tests.billing.page_cases import engagement_for, offer_for
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client, cast):
    client.force_login(cast.ana)
    return client


def page_of(client, engagement):
    return client.get(reverse("billing:engagement-page", args=[engagement.reference]))


def test_work_that_was_approved_is_done(ana, cast):
    offer = offer_for(cast)
    assert "End the engagement" not in page_of(ana, offer.engagement).text
    refused = post(ana, "billing:engagement-finish", offer.engagement.reference)
    assert refused.status_code == 422
    assert "Nothing was ever approved" in refused.text
    signed(offer, cast.robin_contact, timezone.now())
    assert "End the engagement" in page_of(ana, offer.engagement).text
    assert post(ana, "billing:engagement-finish", offer.engagement.reference).status_code == 302
    offer.engagement.refresh_from_db()
    assert offer.engagement.state == EngagementState.DONE
    page = page_of(ana, offer.engagement).text
    assert "It has ended" in page
    assert "Priority and end" not in page


def test_a_running_timer_keeps_it_open_and_the_page_says_so(ana, cast):
    offer = offer_for(cast)
    signed(offer, cast.robin_contact, timezone.now())
    post(ana, "billing:timer-start", offer.engagement.reference)
    refused = post(ana, "billing:engagement-finish", offer.engagement.reference)
    assert refused.status_code == 422
    assert "A timer of Ana runs on it: stop it first." in refused.text


def test_what_is_not_wanted_any_more_is_withdrawn_with_its_reason(ana, cast):
    offer = offer_for(cast)
    reference = offer.engagement.reference
    assert post(ana, "billing:engagement-withdraw", reference, reason="").status_code == 422
    assert post(ana, "billing:engagement-withdraw", reference, reason="Solved itself.").status_code == 302
    offer.engagement.refresh_from_db()
    assert offer.engagement.state == EngagementState.WITHDRAWN
    assert Offer.objects.get().end.why == "withdrawn"
    again = post(ana, "billing:engagement-withdraw", reference, reason="Once more.")
    assert again.status_code == 422
    assert "is withdrawn" in again.text


def test_what_was_approved_ends_with_it_in_writing(ana, cast):
    offer = offer_for(cast)
    approval = signed(offer, cast.robin_contact, timezone.now())
    reference = offer.engagement.reference
    assert post(ana, "billing:engagement-withdraw", reference, reason="Solved itself.").status_code == 302
    assert (approval.end.why, approval.end.reason) == ("withdrawn", "Solved itself.")
    customer, desk = (Mail.objects.get(key=f"ended:{offer.pk}:{side}") for side in ("customer", "desk"))
    assert customer.to == [cast.robin_contact.email]
    assert "Solved itself." in customer.text
    assert "Solved itself." in desk.text
    assert offer.engagement.ticket.events.filter(kind="offer.withdrawn").exists()


def test_its_priority_is_one_of_its_kind_of_work(ana, cast):
    engagement = engagement_for(cast)
    reference = engagement.reference
    assert post(ana, "billing:engagement-priority", reference, priority="Standard").status_code == 422
    assert post(ana, "billing:engagement-priority", reference, priority="P1").status_code == 302
    engagement.refresh_from_db()
    assert engagement.priority == "P1"
    same = post(ana, "billing:engagement-priority", reference, priority="P1")
    assert "It is P1 already." in same.text


def test_whoever_comes_too_late_reads_why(ana, cast):
    offer = offer_for(cast)
    reference = offer.engagement.reference
    assert post(ana, "billing:offer-withdraw", reference, 1, reason="").status_code == 422
    signed(offer, cast.robin_contact, timezone.now())
    late = post(ana, "billing:offer-withdraw", reference, 1, reason="Too dear.")
    assert (late.status_code, "This offer is approved already" in late.text) == (409, True)
    assert post(ana, "billing:approval-withdraw", reference, 1, reason="Enough.").status_code == 302
    late = post(ana, "billing:approval-withdraw", reference, 1, reason="Enough again.")
    assert (late.status_code, "This approval has ended." in late.text) == (409, True)


@pytest.mark.parametrize(("who", "sees"), [("ana", True), ("max", True), ("fin", False)])
def test_finance_reads_and_is_offered_nothing_that_would_be_refused(client, cast, who, sees):
    engagement = offer_for(cast).engagement
    client.force_login(getattr(cast, who))
    text = page_of(client, engagement).text
    for verb in [
        "Send an offer",
        "Enter time by hand",
        "Withdraw this offer",
        "Start timer",
        "Priority and end",
    ]:
        assert (verb in text) is sees, verb
    ticket = client.get(engagement.ticket.get_absolute_url()).text
    for verb in ["Send reply", "Internal note", "End the wait", "Request another"]:
        assert (verb in ticket) is sees, verb
    queue = client.get(reverse("support:ticket-list"))
    assert (reverse("support:ticket-raise") in queue.text) is sees
