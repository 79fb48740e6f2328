"""From "out of scope" to the offer, on the desk's pages: each verb works, is refused with a sentence, and is nobody else's."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from billing.models import Engagement, GdapReading, Offer, ScopeDecision, TimeEntry, Timer
from tests.billing.billing_cases import EXCHANGE, at, ese_contract, set_clock, signed
from tests.billing.page_cases import ROBIN_LIMIT, engagement_for, offer_for
from tests.factories import TESTS, ContactFactory
from tests.support.desk_cases import raise_ticket
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client, cast):
    client.force_login(cast.ana)
    return client


@pytest.fixture
def ticket(cast):
    return raise_ticket(ese_contract(holder=cast.northwind), timezone.now(), channel="email")


def local(at):
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


def test_out_of_scope_leads_on_to_the_engagement(ana, ticket):
    decision = {"scope": "out", "item": "advanced", "outcome": "engagement", "reason": "Not in CSP."}
    response = post(ana, "billing:scope-decide", ticket.number, **decision)
    assert response.url == reverse("billing:engagement-request", args=[ticket.number])
    said = {
        "title": "New routing",
        "included": "Captures",
        "deliverables": "A plan",
        "estimate": "180",
        "kind": "issue",
    }
    response = post(ana, "billing:engagement-request", ticket.number, **said)
    engagement = Engagement.objects.get()
    assert response.url == reverse("billing:engagement-page", args=[engagement.reference])
    assert engagement.reference in ana.get(ticket.get_absolute_url()).text


def test_against_the_list_only_a_manager_decides(client, cast, ticket):
    decision = {
        "scope": "out",
        "item": "network",
        "outcome": "engagement",
        "reason": "Just once.",
        "override": "on",
    }
    client.force_login(cast.ana)
    response = post(client, "billing:scope-decide", ticket.number, **decision)
    assert response.status_code == 422
    assert "Only a support manager" in response.text
    client.force_login(cast.max)
    assert post(client, "billing:scope-decide", ticket.number, **decision).status_code == 302
    assert ScopeDecision.objects.get().override


def test_an_offer_is_sent_and_withdrawn(ana, cast):
    engagement, now = engagement_for(cast), timezone.now()
    terms = {
        "contact": cast.robin_contact.pk,
        "cap": "240",
        "answer_by": local(now + timedelta(days=7)),
        "work_until": local(now + timedelta(days=30)),
    }
    assert post(ana, "billing:offer-send", engagement.reference, **terms).status_code == 302
    page = ana.get(reverse("billing:engagement-page", args=[engagement.reference]))
    assert "Waiting for a yes" in page.text
    assert "$1,000.00" in page.text
    assert (
        post(ana, "billing:offer-withdraw", engagement.reference, 1, reason="A mistake.").status_code == 302
    )
    assert Offer.objects.get().end.why == "withdrawn"


def test_an_offer_without_time_to_answer_is_refused_beside_its_field(ana, cast):
    engagement, now = engagement_for(cast), timezone.now()
    terms = {
        "contact": cast.robin_contact.pk,
        "cap": "240",
        "answer_by": local(now - timedelta(days=1)),
        "work_until": local(now + timedelta(days=30)),
    }
    response = post(ana, "billing:offer-send", engagement.reference, **terms)
    assert response.status_code == 422
    assert response.context["forms"]["offer"].errors == {"answer_by": ["Leave time to answer."]}


def test_the_timer_says_why_it_does_not_start_and_starts_after_the_yes(ana, cast):
    offer = offer_for(cast)
    reference = offer.engagement.reference
    assert "has not said yes yet" in ana.get(reverse("billing:engagement-page", args=[reference])).text
    refused = post(ana, "billing:timer-start", reference)
    assert refused.status_code == 422
    assert not Timer.objects.exists()
    signed(offer, cast.robin_contact, timezone.now())
    assert post(ana, "billing:timer-start", reference).status_code == 302
    assert "Your timer runs since" in ana.get(reverse("billing:engagement-page", args=[reference])).text
    timer = Timer.objects.get().pk
    assert post(ana, "billing:timer-stop", reference, timer=timer, text="Looked").status_code == 302
    entry = TimeEntry.objects.get()
    assert (entry.person, entry.raw_minutes <= 1, entry.billed_minutes in (0, 15)) == (cast.ana, True, True)


def test_time_by_hand_before_the_yes_is_refused_and_kept_only_as_unapproved(ana, cast):
    offer = offer_for(cast)
    signed(offer, cast.robin_contact, timezone.now())
    reference, now = offer.engagement.reference, timezone.now()
    worked = {
        "started_at": local(now - timedelta(hours=2)),
        "stopped_at": local(now - timedelta(hours=1)),
        "text": "Captures",
    }
    response = post(ana, "billing:time-book", reference, **worked)
    assert response.status_code == 422
    assert "began before it was approved" in response.text
    assert post(ana, "billing:time-book", reference, **worked, unapproved="on").status_code == 302
    assert TimeEntry.objects.get().billed_minutes == 0


def test_gdap_is_confirmed_by_a_manager_with_evidence(client, cast):
    engagement = engagement_for(cast, gdap_roles=(EXCHANGE,))
    seen = {
        "status": "active",
        "assigned": "on",
        "roles": [EXCHANGE],
        "ends_at": local(timezone.now() + timedelta(days=30)),
        "reason": "Seen in Partner Center.",
    }
    client.force_login(cast.ana)
    assert post(client, "billing:gdap-confirm", engagement.reference, **seen).status_code == 403
    client.force_login(cast.max)
    assert post(client, "billing:gdap-confirm", engagement.reference, **seen).status_code == 422
    evidence = SimpleUploadedFile("seen.png", b"png")
    assert (
        post(client, "billing:gdap-confirm", engagement.reference, **seen, evidence=evidence).status_code
        == 302
    )
    assert GdapReading.objects.get().evidence.name == "seen.png"
    page = client.get(reverse("billing:engagement-page", args=[engagement.reference]))
    assert "Active" in page.text


@pytest.mark.parametrize(
    "name",
    [
        "offer-send",
        "timer-start",
        "timer-stop",
        "time-book",
        "engagement-finish",
        "engagement-withdraw",
        "engagement-priority",
    ],
)
def test_strangers_get_404_and_get_gets_405(client, cast, name):
    engagement = engagement_for(cast)
    client.force_login(cast.kim)
    assert post(client, f"billing:{name}", engagement.reference).status_code == 404
    client.force_login(cast.ana)
    assert client.get(reverse(f"billing:{name}", args=[engagement.reference])).status_code == 405
    assert post(client, f"billing:{name}", "ENG-9999").status_code == 404


def test_the_engagement_page_costs_few_queries(ana, cast, django_assert_max_num_queries):
    offer = offer_for(cast)
    signed(offer, cast.robin_contact, timezone.now())
    address = reverse("billing:engagement-page", args=[offer.engagement.reference])
    ana.get(address)
    with django_assert_max_num_queries(17):
        ana.get(address)


def test_the_list_shows_what_is_open(ana, cast):
    assert "No engagement is open" in ana.get(reverse("billing:engagement-list")).text
    engagement = engagement_for(cast)
    assert engagement.reference in ana.get(reverse("billing:engagement-list")).text


def test_where_two_have_to_sign_another_person_is_asked(client, cast):
    cast.northwind.second_signature_above = 100
    cast.northwind.by(TESTS).save()
    other = ContactFactory(customer=cast.northwind, name="Sam", approves_up_to=ROBIN_LIMIT)
    offer = offer_for(cast)
    assert signed(offer, cast.robin_contact, timezone.now()) is None
    client.force_login(cast.ana)
    address = reverse("billing:engagement-page", args=[offer.engagement.reference])
    assert "Signed by Robin Sample: it takes one more" in client.get(address).text
    args = [offer.engagement.reference, offer.number]
    assert post(client, "billing:offer-invite", *args, contact="").status_code == 422
    assert post(client, "billing:offer-invite", *args, contact=other.pk).status_code == 302
    assert signed(offer, other, timezone.now()) is not None


def test_a_mistaken_entry_is_cancelled_with_its_reason(ana, cast):
    offer = offer_for(cast)
    now, reference = timezone.now(), offer.engagement.reference
    worked = {
        "started_at": local(now - timedelta(hours=2)),
        "stopped_at": local(now - timedelta(hours=1)),
        "text": "x",
    }
    post(ana, "billing:time-book", reference, **worked, unapproved="on")
    entry = TimeEntry.objects.get()
    assert post(ana, "billing:time-cancel", reference, entry.pk, reason="").status_code == 422
    assert (
        post(ana, "billing:time-cancel", reference, entry.pk, reason="The wrong engagement.").status_code
        == 302
    )
    assert TimeEntry.objects.live().get().raw_minutes == 0
    again = post(ana, "billing:time-cancel", reference, entry.pk, reason="Again.")
    assert (again.status_code, "has been corrected already" in again.text) == (409, True)
    page = ana.get(reverse("billing:engagement-page", args=[reference])).text
    assert "cancelled: The wrong engagement." in page
    assert "unapproved</td>" not in page


def test_a_timer_that_is_stopped_twice_says_so(ana, cast):
    offer = offer_for(cast)
    signed(offer, cast.robin_contact, timezone.now())
    reference = offer.engagement.reference
    post(ana, "billing:timer-start", reference)
    timer = Timer.objects.get().pk
    assert post(ana, "billing:timer-stop", reference, timer=timer, text="").status_code == 302
    again = post(ana, "billing:timer-stop", reference, timer=timer, text="")
    assert (again.status_code, "stopped already" in again.text) == (409, True)


def test_a_page_left_open_does_not_stop_the_next_timer(ana, cast):
    offer = offer_for(cast)
    signed(offer, cast.robin_contact, timezone.now())
    reference = offer.engagement.reference
    post(ana, "billing:timer-start", reference)
    first = Timer.objects.get().pk
    assert (
        f'name="timer" value="{first}"' in ana.get(reverse("billing:engagement-page", args=[reference])).text
    )
    post(ana, "billing:timer-stop", reference, timer=first, text="")
    post(ana, "billing:timer-start", reference)
    assert post(ana, "billing:timer-stop", reference, timer=first, text="Old words").status_code == 409
    assert Timer.objects.exists()


def test_whoever_books_more_than_there_is_room_for_is_told(ana, cast, clock):
    now = at(10)
    set_clock(now)
    offer = offer_for(cast)
    signed(offer, cast.robin_contact, now)
    later = now + timedelta(hours=9)
    set_clock(later)
    worked = {"started_at": local(now), "stopped_at": local(later), "text": "x"}
    booked = ana.post(
        reverse("billing:time-book", args=[offer.engagement.reference]),
        {"submission": str(uuid.uuid4()), **worked},
        follow=True,
    )
    assert "of it had no room under the approval and is kept as unapproved: it is not billed." in booked.text


def test_two_withdraw_an_approval_and_the_second_is_told(ana, cast):
    offer = offer_for(cast)
    signed(offer, cast.robin_contact, timezone.now())
    args = [offer.engagement.reference, offer.number]
    assert post(ana, "billing:approval-withdraw", *args, reason="Enough.").status_code == 302
    for reason in ["Again.", ""]:
        again = post(ana, "billing:approval-withdraw", *args, reason=reason)
        assert (again.status_code, "form" in again.text) == (409, True), reason


@pytest.mark.parametrize(("hours", "sentence"), [(25, "more than a day"), (24 * 800, "more than a day")])
def test_an_entry_is_at_most_a_day(ana, cast, hours, sentence):
    offer = offer_for(cast)
    now = timezone.now()
    worked = {
        "started_at": local(now - timedelta(hours=hours)),
        "stopped_at": local(now),
        "text": "x",
        "unapproved": "on",
    }
    response = post(ana, "billing:time-book", offer.engagement.reference, **worked)
    assert response.status_code == 422
    assert sentence in response.text
