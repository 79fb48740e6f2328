"""Pages of vendor cases: opening one, its verbs, the list, the ticket's panel, and what the customer sees of it."""

import uuid

import pytest
from django.urls import reverse

from escalations import vendors
from escalations.models import VendorCase, VendorEscalation, VendorStep
from support.desk import promising
from tests.escalations.vendor_cases import NUMBER, escalate, open_case, told, vendor_ticket
from tests.support.desk_cases import utc
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db

CLAIM = {"claimed_at": "2026-10-14T09:30", "how": "phone"}
PAGE_QUERIES, LIST_QUERIES = 12, 4
POSTS = {  # verb → what it takes
    "answer": CLAIM,
    "severity": {**CLAIM, "severity": "B", "text": "Fewer sites."},
    "ask": {**CLAIM, "text": "Which domains?"},
    "dispatch": CLAIM,
    "note": {**CLAIM, "text": "They see it."},
    "contact": {"contact_name": "Jo", "contact_email": "jo@vendor.example"},
    "escalate": {"reason": "Two hundred people stand still."},
    "close": {**CLAIM, "text": "Over."},
}
OPENING = {
    "party": "microsoft",
    "number": NUMBER,
    "severity": "A",
    "opened_at": "2026-10-14T08:50",
    "opened_how": "portal",
}


@pytest.fixture
def ticket(cast, now):
    now("2026-10-14 09:00")
    return vendor_ticket(holder=cast.northwind)


@pytest.fixture
def case(ticket, now):
    return open_case(ticket, now)


def send(client, who, name, ticket, *args, **data):
    client.force_login(who)
    return post(client, f"escalations:vendor-{name}", ticket.number, *args, **data)


def test_an_agent_records_a_case_with_its_claimed_time(client, cast, ticket, now):
    now("2026-10-14 09:05")
    response = send(client, cast.ana, "open", ticket, **OPENING, contact_name="Jo", waits="on")
    case = VendorCase.objects.get()
    assert (response.status_code, response.url) == (302, case.get_absolute_url())
    assert (case.number, case.severity, case.actor_name, case.contact_name) == (NUMBER, "A", "Ana", "Jo")
    assert case.opened_at == utc("2026-10-14 08:50")
    assert case.wait is not None


def test_opening_again_and_on_a_ticket_that_is_done_is_refused_beside_its_field(client, cast, case, ticket):
    response = send(client, cast.ana, "open", ticket, **OPENING)
    assert response.status_code == 422
    assert "stands on the ticket already" in response.content.decode()
    assert send(client, cast.ana, "open", ticket, **{**OPENING, "severity": ""}).status_code == 422
    ticket.resolve(outcome="resolved", by=case.actor, at=utc("2026-10-14 09:10"))
    assert send(client, cast.ana, "open", ticket, **OPENING).status_code in (409, 422)
    assert VendorCase.objects.count() == 1


@pytest.mark.parametrize("name", POSTS)
def test_each_verb_works_once_and_is_refused_on_a_closed_case(client, cast, case, ticket, now, name):
    now("2026-10-14 10:30")
    key = uuid.uuid4()
    answers = [send(client, cast.ana, name, ticket, 1, key=key, **POSTS[name]) for _ in range(2)]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, case.get_absolute_url())] * 2
    assert VendorStep.objects.count() + VendorEscalation.objects.count() == 1
    if name != "close":
        assert send(client, cast.ana, "close", ticket, 1, **POSTS["close"]).status_code == 302
    assert send(client, cast.ana, name, ticket, 1, **POSTS[name]).status_code == 409


@pytest.mark.parametrize("name", POSTS)
def test_strangers_finance_and_get_do_nothing(client, cast, case, ticket, name):
    assert send(client, cast.kim, name, ticket, 1, **POSTS[name]).status_code in (403, 404)
    assert send(client, cast.robin, name, ticket, 1, **POSTS[name]).status_code in (403, 404)
    assert send(client, cast.fin, name, ticket, 1, **POSTS[name]).status_code == 403
    assert send(client, cast.ana, name, ticket, 2, **POSTS[name]).status_code == 404
    ticket.number = "SR-999999"
    assert send(client, cast.ana, name, ticket, 1, **POSTS[name]).status_code == 404
    assert client.get(reverse(f"escalations:vendor-{name}", args=[ticket.number, 1])).status_code == 405
    assert not VendorStep.objects.exists()


def test_opening_is_for_the_desk(client, cast, ticket):
    for who, status in [(cast.kim, (403, 404)), (cast.robin, (403, 404)), (cast.fin, (403,))]:
        assert send(client, who, "open", ticket, **OPENING).status_code in status
        assert client.get(reverse("escalations:vendor-open", args=[ticket.number])).status_code in status
    ticket.number = "SR-999999"
    assert send(client, cast.ana, "open", ticket, **OPENING).status_code == 404
    assert not VendorCase.objects.exists()


@pytest.mark.parametrize("name", [name for name in POSTS if name != "contact"])
def test_a_form_that_lacks_something_comes_back_with_its_words(client, cast, case, ticket, now, name):
    now("2026-10-14 10:30")
    response = send(client, cast.ana, name, ticket, 1, text="Half a word.")
    assert response.status_code == 422
    assert response.context["forms"][name].errors
    assert not VendorStep.objects.exists()


def test_escalating_before_a_miss_comes_back_with_the_reason_why_not(client, cast, case, ticket, now):
    now("2026-10-14 09:59")
    response = send(client, cast.ana, "escalate", ticket, 1, reason="It is urgent.")
    assert response.status_code == 422
    assert "has missed no target of this case" in response.content.decode()


def test_the_page_says_what_the_vendor_owes_what_is_left_and_how_often_it_was_pressed(
    client, cast, case, ticket, now
):
    escalate(case, now, "2026-10-14 10:01")
    told(
        vendors.noted, case, now, "2026-10-14 10:05", text="They see it.", claimed_at=utc("2026-10-14 10:02")
    )
    now("2026-10-14 10:30")
    client.force_login(cast.ana)
    html = client.get(case.get_absolute_url()).content.decode()
    assert "Escalated with Microsoft once in October 2026." in html
    assert "It had missed: Vendor’s response" in html
    assert "Gives the people needed for continuous work, day and night." in html
    assert "Works day and night. Senior executives are notified." in html
    assert "10:02, told by phone" in html
    assert "Vendor’s response, 10:00, late already" in html
    assert "+2 h 30" in html  # our response is due at 13:00


def test_the_number_of_queries_of_a_case_does_not_grow(
    client, cast, case, ticket, now, django_assert_num_queries
):
    client.force_login(cast.ana)
    client.get(case.get_absolute_url())
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(case.get_absolute_url())
    for minute in range(4):
        told(vendors.noted, case, now, f"2026-10-14 09:1{minute}", text="x")
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(case.get_absolute_url())


def test_open_cases_are_listed_by_what_is_owed_first(client, cast, ticket, now, django_assert_num_queries):
    open_case(ticket, now, number="later", severity="B")
    open_case(ticket, now, number="first", severity="A")
    open_case(ticket, now, number="none", party="distributor", severity="")
    over = open_case(ticket, now, number="over", severity="A")
    told(vendors.close, over, now, "2026-10-14 09:05", text="x")
    client.force_login(cast.fin)
    url = reverse("escalations:vendor-list")
    client.get(url)
    with django_assert_num_queries(LIST_QUERIES):
        page = client.get(url)
    assert [row.case.number for row in page.context["rows"]] == ["first", "later", "none"]
    by = {
        "party=distributor": ["none"],
        "state=closed": ["over"],
        "text=late": ["later"],
        f"text={ticket.number}": ["first", "later", "none"],
        "text=nothing&state=odd": [],
    }
    for query, numbers in by.items():
        assert [row.case.number for row in client.get(f"{url}?{query}").context["rows"]] == numbers
    for number in range(5):
        open_case(ticket, now, "2026-10-14 09:10", number=f"n{number}")
    with django_assert_num_queries(LIST_QUERIES):
        client.get(url)


def test_before_it_is_opened_each_severity_says_what_it_would_leave(client, cast, ticket):
    client.force_login(cast.ana)
    html = client.get(reverse("escalations:vendor-open", args=[ticket.number])).content.decode()
    assert "Microsoft owes its answer by 10:00." in html
    assert "Microsoft owes its answer by 17:00." in html  # C, four business hours of New York
    assert '<strong class="bad">−4 h</strong>' in html  # and we owe ours by 13:00


def test_the_ticket_shows_its_cases_and_warns_where_the_promise_cannot_be_met(client, cast, ticket, now):
    promising.promise(
        ticket, utc("2026-10-14 09:45"), "", by=ticket.events.first().actor, at=now("2026-10-14 09:01")
    )
    open_case(ticket, now, "2026-10-14 09:02")
    client.force_login(cast.ana)
    html = " ".join(client.get(ticket.get_absolute_url()).content.decode().split())
    assert "Microsoft may take until 10:02, 17 min after 09:45, which is promised (Committed time)." in html
    assert "Our clock keeps running" in html
    assert ticket.clocks.get(kind="committed").state == "running"


def test_a_contact_that_somebody_wrote_meanwhile_is_not_written_over_unseen(client, cast, case, ticket):
    client.force_login(cast.ana)
    was = vendors.contact_of(case)
    send(
        client,
        cast.ana,
        "contact",
        ticket,
        case.position,
        was=was,
        contact_name="Kim",
        contact_email="kim@vendor.example",
    )
    late = send(
        client, cast.ana, "contact", ticket, case.position, was=was, contact_name="Jo", contact_phone="1-555"
    )
    assert (late.status_code, "“Kim · kim@vendor.example” here meanwhile" in late.text) == (409, True)
    assert 'value="Jo"' in late.text
    assert "kim<wbr>@vendor.example" in late.text  # breaks there in a narrow column
    case.refresh_from_db()
    assert case.contact_name == "Kim"
    again = {"was": "Kim · kim@vendor.example", "contact_name": "Jo", "contact_phone": "1-555"}
    assert f'name="was" value="{again["was"]}"' in late.text
    assert send(client, cast.ana, "contact", ticket, case.position, **again).status_code == 302
    steps = case.steps.count()
    assert send(client, cast.ana, "contact", ticket, case.position, **again).status_code == 302  # once more
    assert case.steps.count() == steps
    case.refresh_from_db()
    assert vendors.contact_of(case) == "Jo · 1-555"
    for _time in range(2):  # nobody any more, and as little once more
        assert send(client, cast.ana, "contact", ticket, case.position, was="Jo · 1-555").status_code == 302
    assert case.steps.count() == steps + 1


def test_the_customer_sees_who_works_on_it_and_no_contact_number_or_clock_of_the_vendors(
    client, cast, ticket, now
):
    case = open_case(
        ticket, now, contact_name="Jo Secret", contact_email="jo@vendor.example", contact_phone="555-0199"
    )
    told(vendors.noted, case, now, "2026-10-14 09:10", text="Their internal words.")
    told(vendors.asked, case, now, "2026-10-14 09:12", text="Their question.")
    escalate(case, now, "2026-10-14 10:05", reason="We lose patience.")
    client.force_login(cast.robin)
    html = client.get(reverse("support:own-page", args=[ticket.number])).content.decode()
    assert "Who else works on it" in html
    assert "opened a case with Microsoft" in html
    for hidden in [
        NUMBER,
        "Jo Secret",
        "vendor.example",
        "555-0199",
        "internal words",
        "patience",
        "Vendor’s response",
        "Their question",
        "escalated",
    ]:
        assert hidden not in html, hidden
    client.force_login(cast.kim)
    assert client.get(case.get_absolute_url()).status_code in (403, 404)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2611 1900 4000 0742", "2611190040000742"),
        ("Case\u00a04711", "Case4711"),
        (" INC/2026/001 ", "INC/2026/001"),
        ("TrackingID#2611190040000742", "TrackingID#2611190040000742"),
    ],
)
def test_blanks_in_a_case_number_do_not_count(client, cast, ticket, typed, kept):
    assert send(client, cast.ana, "open", ticket, **{**OPENING, "number": typed}).status_code == 302
    assert VendorCase.objects.get().number == kept


@pytest.mark.parametrize(
    "typed", ["4711 (Ana)", "4711, second", "MS\u200b-1", "\u0664\u0667\u0661\u0661", "Fall\u00e9"]
)
def test_what_is_no_case_number_stands_beside_its_field_with_what_was_typed(client, cast, ticket, typed):
    response = send(client, cast.ana, "open", ticket, **{**OPENING, "number": typed})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["number"]
    assert "Write the number alone" in response.content.decode()
    assert typed in response.content.decode()
    assert not VendorCase.objects.exists()


def test_capitals_make_no_other_case(client, cast, ticket):
    assert send(client, cast.ana, "open", ticket, **{**OPENING, "number": "MS-1"}).status_code == 302
    response = send(client, cast.ana, "open", ticket, **{**OPENING, "number": "ms-1"})
    assert response.status_code == 422
    assert "stands on the ticket already" in response.content.decode()
