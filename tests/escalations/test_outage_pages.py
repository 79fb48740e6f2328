"""Pages of outages: declaring with a preview, its verbs, who received what, and the status page of its audience."""

import uuid

import pytest
from django.urls import reverse

from escalations import outages
from escalations.models import Notice, NoticeRecipient, Outage, OutageStep, OutageTicket
from support.models import Mail
from tests.escalations.outage_cases import act, declare, hit_contract, send, skip
from tests.factories import TESTS, ContactFactory
from tests.support.desk_cases import raise_ticket, utc
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db

LIST_QUERIES, PAGE_QUERIES, SCOPE_QUERIES = 4, 13, 5
NOTICE = {
    "details": "Mailboxes cannot be opened.",
    "impact": "Nobody reads mail.",
    "expected_at": "2026-10-14T14:00",
}
POSTS = {  # verb → what it takes
    "notice": {**NOTICE, "shown": "first"},
    "skip": {"reason": "The bridge is open.", "due": "1"},
    "link": {},
    "bridge": {"phone": "+1 555 0100", "code": "4711#"},
    "resolve": {"ended_at": "2026-10-14T09:05", "text": "A switch was replaced."},
    "unresolve": {"text": "It is back.", "resolution": "1"},
    "validate": {"text": "Robin opened his mailbox.", "resolution": "1"},
}
AFTER_A_RESOLUTION = {"unresolve", "validate"}


@pytest.fixture
def contract(cast, now):
    now("2026-10-14 09:00")
    cast.robin_contact.nominated_for_outages = True
    cast.robin_contact.by(TESTS).save()
    return hit_contract(cast.northwind)


@pytest.fixture
def outage(cast, now, contract):
    return declare(cast, now, contract)


def send_form(client, who, name, *args, **data):
    client.force_login(who)
    return post(client, f"escalations:outage-{name}", *args, **data)


def declaring(client, who, contract, scope="microsoft-o365-dedicated", **data):
    client.force_login(who)
    said = {
        "priority": "A",
        "title": "Mail is down",
        "began_at": "2026-10-14T08:50",
        "contracts": [contract.number],
        **NOTICE,
        **data,
    }
    return post(client, "escalations:outage-declare", query=f"?for={scope}", **said)


def test_an_agent_declares_after_a_preview_of_audience_and_mail(client, cast, contract, now):
    ticket = raise_ticket(contract, now("2026-10-14 09:00"), priority="A")
    key = uuid.uuid4()
    page = declaring(client, cast.ana, contract, key=key, tickets=ticket.number, preview="1")
    html = page.content.decode()
    assert page.status_code == 200
    assert page.context["preview"]["count"] == 2
    for words in [
        "Robin Sample, Northwind",
        "Mailboxes cannot be opened.",
        "Expected to be resolved: Wed 14 Oct",
    ]:
        assert words in html
    assert not Outage.objects.exists()
    answers = [
        declaring(client, cast.ana, contract, key=key, tickets=ticket.number, send="on") for _ in range(2)
    ]
    outage = Outage.objects.get()
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, outage.get_absolute_url())] * 2
    assert (outage.priority, outage.actor_name, outage.began_at) == ("A", "Ana", utc("2026-10-14 08:50"))
    assert OutageTicket.objects.get().ticket == ticket
    assert (Notice.objects.get().kind, Mail.objects.count()) == ("first", 2)


def test_what_is_missing_or_may_not_be_is_said_beside_its_field(client, cast, contract):
    for wrong, field in [
        ({"contracts": []}, "contracts"),
        ({"contracts": ["C-none"]}, "contracts"),
        ({"priority": "B"}, "priority"),
        ({"details": " ", "send": "on"}, "details"),
        ({"tickets": "SR-000000"}, "tickets"),
        ({"began_at": "2026-10-14T09:30"}, None),
    ]:
        page = declaring(client, cast.ana, contract, **wrong)
        assert page.status_code == 422
        assert (field or "__all__") in page.context["form"].errors
    assert declaring(client, cast.ana, contract, scope="nothing").status_code == 409
    assert not Outage.objects.exists()


def test_who_would_not_be_told_is_named_before_it_is_sent(client, cast, contract, now):
    deaf = hit_contract(cast.tailspin, contacts=0)
    said = {"contracts": [contract.number, deaf.number]}
    page = declaring(client, cast.ana, contract, **said, preview="1")
    assert page.context["unheard"] == "Tailspin"
    assert "Nobody is told at Tailspin." in page.content.decode()
    assert declaring(client, cast.ana, contract, preview="1").context["unheard"] == ""
    page = declaring(client, cast.ana, contract, contracts=[deaf.number], send="on")
    assert page.status_code == 422
    assert "nominate a contact first" in page.content.decode()
    outage = declare(cast, now, contract, deaf)
    for url in (outage.get_absolute_url(), f"{outage.get_absolute_url()}notice/"):
        assert "Nobody is told at Tailspin." in client.get(url).content.decode()


def test_a_contract_that_is_sent_twice_is_hit_once(client, cast, contract):
    twice = {"contracts": [contract.number] * 2, "send": "on"}
    assert declaring(client, cast.ana, contract, **twice).status_code == 302
    assert Outage.objects.get().contracts.count() == 1


def test_declaring_is_for_the_desk(client, cast, contract):
    url = reverse("escalations:outage-declare")
    for who, status in [(cast.kim, (403, 404)), (cast.robin, (403, 404)), (cast.fin, (403,))]:
        assert declaring(client, who, contract).status_code in status
        assert client.get(url).status_code in status
    assert not Outage.objects.exists()


def test_what_can_be_down_is_listed_by_service_and_product(client, cast, contract, django_assert_num_queries):
    client.force_login(cast.ana)
    url = reverse("escalations:outage-declare")
    client.get(url)
    with django_assert_num_queries(SCOPE_QUERIES):
        page = client.get(url)
    assert next(scope.key for scope in page.context["scopes"]) == "microsoft-o365-dedicated"
    for _ in range(3):
        hit_contract()
    with django_assert_num_queries(SCOPE_QUERIES):
        client.get(url)
    assert "2 people are told" in client.get(f"{url}?for=microsoft-o365-dedicated").content.decode()


@pytest.mark.parametrize("name", POSTS)
def test_each_verb_works_once_and_is_refused_on_a_closed_outage(client, cast, contract, outage, now, name):
    ticket = raise_ticket(contract, now("2026-10-14 09:00"), priority="A")
    if name in AFTER_A_RESOLUTION:
        act(outages.resolve, outage, cast, now, "2026-10-14 09:05")
    before = OutageStep.objects.count()
    now("2026-10-14 09:45")
    key, data = uuid.uuid4(), POSTS[name] or {"tickets": ticket.number}
    answers = [send_form(client, cast.ana, name, outage.number, key=key, **data) for _ in range(2)]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, outage.get_absolute_url())] * 2
    made = OutageStep.objects.count() - before + Notice.objects.count() + OutageTicket.objects.count()
    assert made == 1
    outage.refresh_from_db()
    if outage.state == "open":
        act(outages.resolve, outage, cast, now, "2026-10-14 09:46")
    if outage.state == "resolved":
        act(outages.validate, outage, cast, now, "2026-10-14 09:47")
    send(outage, cast, now, "2026-10-14 09:50")
    assert send_form(client, cast.ana, name, outage.number, **data).status_code == 409


@pytest.mark.parametrize("name", POSTS)
def test_strangers_finance_and_get_do_nothing(client, cast, contract, outage, name):
    data = POSTS[name] or {"tickets": "SR-100001"}
    for who in (cast.kim, cast.robin):
        assert send_form(client, who, name, outage.number, **data).status_code in (403, 404)
    assert send_form(client, cast.fin, name, outage.number, **data).status_code == 403
    assert send_form(client, cast.ana, name, "OUT-9", **data).status_code == 404
    got = client.get(reverse(f"escalations:outage-{name}", args=[outage.number])).status_code
    assert got == (200 if name == "notice" else 405)
    assert not OutageStep.objects.exists()
    assert not Notice.objects.exists()


@pytest.mark.parametrize("name", [*POSTS])
def test_a_form_that_lacks_something_comes_back_with_its_words(client, cast, outage, now, name):
    if name in AFTER_A_RESOLUTION:
        act(outages.resolve, outage, cast, now, "2026-10-14 09:05")
    page = send_form(client, cast.ana, name, outage.number)
    assert page.status_code == 422
    assert (page.context["form"] if name == "notice" else page.context["forms"][name]).errors


def test_a_verb_out_of_its_turn_is_refused(client, cast, outage, now):
    for name in AFTER_A_RESOLUTION:
        page = send_form(client, cast.ana, name, outage.number, **POSTS[name])
        assert page.status_code == 409
        assert "resolved first, then validated" in page.content.decode()
    act(outages.resolve, outage, cast, now, "2026-10-14 09:05")
    act(outages.validate, outage, cast, now, "2026-10-14 09:06")
    for name in ("skip", "resolve"):
        assert send_form(client, cast.ana, name, outage.number, **POSTS[name]).status_code == 409


def test_a_notice_is_previewed_with_the_words_of_the_last_one(client, cast, outage, now):
    page = send_form(client, cast.ana, "notice", outage.number, **NOTICE, preview="1")
    assert (page.status_code, page.context["preview"]["count"], page.context["kind"]) == (
        200,
        2,
        "First notification",
    )
    assert "You hear from us again by Wed 14 Oct 2026, 11:00 (UTC)" in page.context["preview"]["letter"].text
    assert not Notice.objects.exists()
    send(outage, cast, now, "2026-10-14 09:30")
    form = client.get(reverse("escalations:outage-notice", args=[outage.number])).context["form"]
    assert form["details"].value() == "Mailboxes cannot be opened."


def test_the_page_says_what_is_due_late_sent_and_skipped_and_who_received_it(client, cast, outage, now):
    send(outage, cast, now, "2026-10-14 10:20")
    skip(outage, cast, now, "2026-10-14 12:00", reason="The bridge is open.")
    now("2026-10-14 14:50")
    client.force_login(cast.fin)
    html = " ".join(client.get(outage.get_absolute_url()).content.decode().split())
    for words in [
        "20 min late",
        "Skipped 12:00 by Ana",
        "The bridge is open.",
        "due 14:20",
        "30 min late",
        "2 recipients",
        "2 on the way",
    ]:
        assert words in html, words
    assert "Write a notice" not in html  # finance reads
    page = client.get(reverse("escalations:outage-received", args=[outage.number, 1]))
    assert "robin@customer.example" in page.content.decode()
    assert client.get(reverse("escalations:outage-received", args=[outage.number, 9])).status_code == 404


def test_the_number_of_queries_of_an_outage_does_not_grow(
    client, cast, contract, outage, now, django_assert_num_queries
):
    client.force_login(cast.ana)
    client.get(outage.get_absolute_url())
    send(outage, cast, now, "2026-10-14 09:10")
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(outage.get_absolute_url())
    for minute in range(3):
        ticket = raise_ticket(contract, now(f"2026-10-14 09:2{minute}"), priority="A")
        send(outage, cast, now, f"2026-10-14 09:3{minute}")
        outages.link(outage, [ticket], by=Notice.objects.first().actor, at=now("2026-10-14 09:40"))
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(outage.get_absolute_url())


def test_the_list_has_what_owes_first_at_its_head(client, cast, contract, now, django_assert_num_queries):
    over = declare(cast, now, contract, title="over")
    act(outages.resolve, over, cast, now, "2026-10-14 09:10")
    act(outages.validate, over, cast, now, "2026-10-14 09:11")
    send(over, cast, now, "2026-10-14 09:12")
    later = declare(cast, now, contract, title="later", at="2026-10-14 09:20")
    send(later, cast, now, "2026-10-14 09:30")
    declare(cast, now, contract, title="first", at="2026-10-14 09:40")
    client.force_login(cast.fin)
    url = reverse("escalations:outage-list")
    client.get(url)
    with django_assert_num_queries(LIST_QUERIES):
        page = client.get(url)
    assert [row.outage.title for row in page.context["rows"]] == ["first", "later", "over"]
    for query, titles in {
        "state=closed": ["over"],
        "text=late": ["later"],
        "text=northw&state=odd": ["first", "later", "over"],
        "text=nothing": [],
        "notice=overdue": [],
        "notice=soon": ["first", "later"],
    }.items():
        assert [row.outage.title for row in client.get(f"{url}?{query}").context["rows"]] == titles
    for _ in range(3):
        declare(cast, now, contract, at="2026-10-14 09:50")
    with django_assert_num_queries(LIST_QUERIES):
        client.get(url)


def test_two_thousand_are_told_in_as_many_queries_as_two(cast, now, contract, django_assert_max_num_queries):
    many = hit_contract(contacts=0)
    for n in range(60):
        ContactFactory(customer=many.holder, nominated_for_outages=True, email=f"p{n}@many.example")
    few, lots = declare(cast, now, contract), declare(cast, now, contract, many)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        send(few, cast, now, "2026-10-14 09:10")
    with django_assert_max_num_queries(len(asked)):
        row = send(lots, cast, now, "2026-10-14 09:10")
    assert row.recipients == NoticeRecipient.objects.filter(notice=row).count() == 62
