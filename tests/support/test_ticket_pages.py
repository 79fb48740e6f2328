"""Each verb of the ticket page: it works, is refused in the wrong state, a stranger gets 404, GET gets 405."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from support.models import File, Message, Outcome, Ticket, Wait
from tests.factories import TESTS
from tests.support.desk_cases import contract_under, raise_ticket
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db

VERBS = {
    "reply": {"text": "We are looking."},
    "note": {"text": "Same as last week."},
    "receive": {"text": "It still happens."},
    "call": {
        "text": "Rang twice.",
        "made": "yes",
        "connected": "yes",
        "minutes": "4",
        "visibility": "internal",
    },
    "promise": {"promised_at": (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")},
    "work": {"done": "troubleshoot.done", "text": "The trunk is down."},
    "wait": {"reason": "customer", "awaited": "call logs"},
    "priority": {"priority": "Critical"},
    "claim": {"level": "Critical", "channel": "phone", "statement": "Nobody can be reached."},
    "resolve": {"outcome": "resolved"},
    "owner": {"owner": ""},
}


@pytest.fixture
def ticket(cast):
    return raise_ticket(
        contract_under("exponential-e-ucc", holder=cast.northwind), timezone.now(), priority="High"
    )


@pytest.fixture
def ana(client, cast):
    client.force_login(cast.ana)
    return client


@pytest.mark.parametrize("verb", VERBS)
def test_it_works_and_leads_back_to_the_ticket(ana, ticket, verb):
    before = ticket.events.count()
    response = post(ana, f"support:ticket-{verb}", ticket.number, **VERBS[verb])
    assert (response.status_code, response.url) == (302, ticket.get_absolute_url())
    assert verb == "owner" or ticket.events.count() > before


@pytest.mark.parametrize("verb", VERBS)
def test_a_customer_of_somebody_else_gets_404_and_so_does_an_unknown_number(client, cast, ticket, verb):
    client.force_login(cast.kim)
    assert post(client, f"support:ticket-{verb}", ticket.number, **VERBS[verb]).status_code == 404
    client.force_login(cast.ana)
    assert post(client, f"support:ticket-{verb}", "SR-999999", **VERBS[verb]).status_code == 404


@pytest.mark.parametrize("verb", [*VERBS, "attach", "reopen"])
def test_get_gets_405(ana, ticket, verb):
    assert ana.get(reverse(f"support:ticket-{verb}", args=[ticket.number])).status_code == 405


@pytest.mark.parametrize("verb", ["reply", "call", "work", "wait", "priority", "resolve"])
def test_on_a_resolved_ticket_it_is_refused_with_a_sentence(ana, ticket, verb):
    ticket.resolve(outcome=Outcome.RESOLVED, by=TESTS, at=timezone.now())
    before = ticket.events.count()
    response = post(ana, f"support:ticket-{verb}", ticket.number, **VERBS[verb])
    assert response.status_code == 422
    assert ticket.number in response.text
    assert ticket.events.count() == before


def test_reopening(ana, ticket):
    ticket.resolve(outcome=Outcome.RESOLVED, by=TESTS, at=timezone.now())
    assert post(ana, "support:ticket-reopen", ticket.number, text="It came back.").status_code == 302
    ticket.refresh_from_db()
    assert ticket.state == "open"


def test_what_was_typed_is_kept_when_something_is_missing(ana, ticket):
    response = post(
        ana,
        "support:ticket-call",
        ticket.number,
        text="Rang twice.",
        made="yes",
        connected="yes",
        minutes="many",
    )
    assert response.status_code == 422
    assert "Rang twice." in response.text
    assert "Enter a whole number." in response.text


def test_a_refusal_stands_beside_its_field(ana, ticket):
    response = post(
        ana,
        "support:ticket-wait",
        ticket.number,
        reason="customer",
        awaited="logs",
        wake_at="2026-01-01T10:00",
    )
    assert response.status_code == 422
    assert response.context["forms"]["wait"].errors == {
        "wake_at": ["Write an instant that is still to come."]
    }
    assert not Wait.objects.exists()


def test_files_go_with_a_reply_and_never_alone_with_a_refusal(ana, ticket):
    upload = SimpleUploadedFile("call.log", b"lines")
    assert post(ana, "support:ticket-reply", ticket.number, text="See this.", files=upload).status_code == 302
    assert [file.name for file in Message.objects.get(kind="reply").files.all()] == ["call.log"]
    ticket.refresh_from_db()
    ticket.resolve(outcome=Outcome.RESOLVED, by=TESTS, at=timezone.now())
    upload.seek(0)
    post(ana, "support:ticket-reply", ticket.number, text="And this.", files=upload)
    assert File.objects.count() == 1


def test_attaching_is_on_the_timeline(ana, ticket):
    response = post(
        ana,
        "support:ticket-attach",
        ticket.number,
        visibility="internal",
        files=SimpleUploadedFile("a.txt", b"x"),
    )
    assert response.status_code == 302
    page = ana.get(ticket.get_absolute_url()).text
    assert "attached 1 file" in page
    assert reverse("support:file-download", args=[File.objects.get().key]) in page
    assert "a.txt" in page


def test_too_many_files_are_refused(ana, ticket):
    files = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(11)]
    response = post(ana, "support:ticket-attach", ticket.number, visibility="internal", files=files)
    assert response.status_code == 422
    assert "Attach 10 files at most" in response.text


def test_ending_a_wait(ana, ticket):
    wait = Wait.begin(ticket, reason="vendor", by=TESTS, at=timezone.now())
    assert ana.get(reverse("support:wait-end", args=[ticket.number, wait.pk])).status_code == 405
    assert post(ana, "support:wait-end", ticket.number, wait.pk).status_code == 302
    again = post(ana, "support:wait-end", ticket.number, wait.pk)
    assert again.status_code == 409
    assert "over already" in again.text


def test_troubleshooting_done_stops_its_clock_and_is_only_offered_what_the_service_knows(ana, ticket):
    post(ana, "support:ticket-reply", ticket.number, text="We are looking.")
    post(ana, "support:ticket-work", ticket.number, done="troubleshoot.done", text="")
    assert ticket.clocks.get(kind="troubleshoot").verdict == "met"
    assert (
        post(ana, "support:ticket-work", ticket.number, done="plan.given", text="Monday").status_code == 422
    )


def test_why_explains_a_clock(ana, ticket):
    key = ticket.clocks.get(kind="fix").key
    text = ana.get(ticket.get_absolute_url(), {"why": key}).text
    assert "Why it is due then" in text
    assert "Fix within 10 h" in text
    assert "Why it is due then" not in ana.get(ticket.get_absolute_url(), {"why": "nonsense"}).text


def test_a_double_click_acts_once(ana, ticket):
    key = uuid.uuid4()
    first, second = (
        post(ana, "support:ticket-reply", ticket.number, key=key, text="Once.") for _ in range(2)
    )
    assert first.url == second.url
    assert Message.objects.filter(kind="reply").count() == 1
    other = post(ana, "support:ticket-reply", ticket.number, key=key, text="Twice.")
    assert other.status_code == 409


def test_a_form_without_a_key_is_refused(ana, ticket):
    response = ana.post(reverse("support:ticket-reply", args=[ticket.number]), {"text": "No key."})
    assert response.status_code == 409
    assert Message.objects.filter(kind="reply").count() == 0


def test_the_page_shows_clocks_waits_and_what_happened(ana, ticket):
    Wait.begin(ticket, reason="customer", awaited="call logs from Robin", by=TESTS, at=timezone.now())
    text = ana.get(ticket.get_absolute_url()).text
    for words in [
        "First response",
        "within 30 min",
        "left",
        "Waiting for the customer",
        "call logs from Robin",
        "raised the ticket by phone",
    ]:
        assert words in text


def test_the_page_costs_few_queries(ana, ticket, django_assert_max_num_queries):
    for _ in range(20):
        Message.note(ticket, "Noted.", by=TESTS, at=timezone.now())
    ana.get(ticket.get_absolute_url())
    with django_assert_max_num_queries(12):
        ana.get(ticket.get_absolute_url())


def test_html_in_a_message_is_shown_as_text(ana, ticket):
    post(ana, "support:ticket-note", ticket.number, text="<script>alert(1)</script>")
    assert "&lt;script&gt;alert(1)" in ana.get(ticket.get_absolute_url()).text


def test_a_form_that_came_back_can_be_sent_again_and_acts(ana, ticket):
    key = uuid.uuid4()
    assert post(ana, "support:ticket-reply", ticket.number, key=key, text="").status_code == 422
    assert post(ana, "support:ticket-reply", ticket.number, key=key, text="Now.").status_code == 302
    assert Ticket.objects.get().messages.filter(kind="reply").count() == 1


def test_the_rows_of_a_clock_that_ended_early_add_up_to_its_target(ana, ticket):
    post(ana, "support:ticket-reply", ticket.number, text="We are looking.")
    why = ana.get(ticket.get_absolute_url(), {"why": ticket.clocks.get(kind="response").key}).context["why"]
    assert why.rows[-1].what == "Not needed any more: it had ended"
    assert why.rows[-1].total == "30 min"


def test_what_was_typed_while_somebody_else_resolved_it_is_not_lost(ana, ticket):
    ticket.resolve(outcome=Outcome.RESOLVED, by=TESTS, at=timezone.now())
    for verb, words in [("reply", "We found the trunk."), ("call", "Robin called back.")]:
        response = post(ana, f"support:ticket-{verb}", ticket.number, **VERBS[verb] | {"text": words})
        assert response.status_code == 422
        assert "is done: reopen it" in response.text
        assert words in response.text


def test_an_owner_who_signs_in_no_longer_stays_the_owner_until_somebody_else_is_chosen(ana, cast, ticket):
    ticket.hand_to(cast.max, by=TESTS, at=timezone.now())
    cast.max.disable(by=TESTS, at=timezone.now())
    page = ana.get(ticket.get_absolute_url()).text
    assert f'<option value="{cast.max.pk}" selected>Max, who signs in no longer</option>' in page
    assert post(ana, "support:ticket-owner", ticket.number, owner=cast.max.pk).status_code == 302
    ticket.refresh_from_db()
    assert ticket.owner == cast.max


def test_words_that_come_back_on_a_done_ticket_bring_no_other_verb_with_them(ana, ticket):
    ticket.resolve(outcome="resolved", by=TESTS, at=timezone.now())
    page = post(ana, "support:ticket-call", ticket.number, **VERBS["call"]).text
    assert "Rang twice." in page
    assert reverse("support:ticket-call", args=[ticket.number]) in page
    assert reverse("support:ticket-resolve", args=[ticket.number]) not in page
    page = post(ana, "support:ticket-note", ticket.number, text="").text
    assert reverse("support:ticket-call", args=[ticket.number]) not in page
