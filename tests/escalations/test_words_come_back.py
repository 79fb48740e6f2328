"""Whoever writes while somebody else ends what he writes about reads why, and his words: on the form, or to be copied."""

import re
import uuid

import pytest

from escalations import handing, outages, reporting, vendors
from escalations.views import handoffs as handoff_views
from escalations.views import outages as outage_views
from escalations.views import reports
from support.actors import Actor
from support.models import Outcome
from tests.escalations import maintenance_cases, onsite_cases, outage_cases, vendor_cases
from tests.escalations.handoff_cases import deferred, offered, sol_at_midnight
from tests.escalations.ladder_cases import escalate, ladder_ticket
from tests.escalations.level_cases import a_ticket, filled, up
from tests.escalations.report_cases import drafted
from tests.factories import ANA, TESTS
from tests.support.desk_cases import utc
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db
WORDS = "Zebra stripes <b>of</b> Tuesday"
SHOWN = "Zebra stripes &lt;b&gt;of&lt;/b&gt; Tuesday"


def sent(client, who, name, *args, query="", **data):
    client.force_login(who)
    return post(client, f"escalations:{name}", *args, query=query, **data)


def lost_nothing(page, status, sentence):
    said = re.sub(r"\s+", " ", page.text)
    assert (page.status_code, SHOWN in said, sentence in said) == (status, True, True)


def resolve(ticket, now, at):
    ticket.refresh_from_db()
    ticket.resolve(outcome=Outcome.RESOLVED, by=ANA, at=now(at))


LADDER = {
    "escalation-decline": {"item": "progressing", "words": WORDS},
    "escalation-act": {"words": WORDS},
    "escalation-step-down": {"reason": WORDS},
    "escalation-close": {"reason": WORDS},
}


@pytest.mark.parametrize("name", LADDER)
def test_about_a_ladder_that_was_left(client, cast, now, name):
    ticket = ladder_ticket(holder=cast.northwind)
    escalate(ticket, now, "2026-10-12 10:20").close(reason="x", by=ANA, at=now("2026-10-12 11:00"))
    page = sent(client, cast.ana, name, ticket.number, about=1, **LADDER[name])
    lost_nothing(page, 409, f"Ticket {ticket.number} is not escalated.")


@pytest.mark.parametrize("name", LADDER)
def test_about_a_level_that_is_over_on_a_ticket_that_is_done(client, cast, now, name):
    ticket = ladder_ticket(holder=cast.northwind)
    first = escalate(ticket, now, "2026-10-12 10:20")
    first.acknowledge(by=ANA, at=now("2026-10-12 10:30"))
    escalate(ticket, now, "2026-10-12 14:20")
    resolve(ticket, now, "2026-10-12 14:30")
    page = sent(client, cast.ana, name, ticket.number, about=1, **LADDER[name])
    lost_nothing(page, 409, "Level 1 is over: the ticket stands on level 2.")


@pytest.mark.parametrize("name", ["level-raise", "level-lower"])
def test_about_the_support_level_of_a_ticket_that_is_done(client, cast, now, name):
    now("2026-10-12 10:00")
    ticket = a_ticket(holder=cast.northwind)
    filled(ticket)
    up(ticket, 2, now, "2026-10-12 10:05")
    resolve(ticket, now, "2026-10-12 10:21")
    page = sent(client, cast.ana, name, ticket.number, about=2, level=1, reason=WORDS)
    lost_nothing(page, 422, "is done")


@pytest.mark.parametrize(("name", "end"), [("ask", "accepted it already"), ("withdraw", "taken it back")])
def test_about_a_hand_off_that_is_over(client, cast, now, name, end):
    sol, ticket = sol_at_midnight(now), deferred(cast)
    row = offered(ticket, now, Actor.of(cast.ana), "2026-10-14 23:00")
    if name == "ask":
        handing.accept(row, by=Actor.of(sol), at=now("2026-10-14 23:02"))
    else:
        handing.take_back(row, text="No.", by=Actor.of(cast.max), at=now("2026-10-14 23:02"))
    page = sent(client, cast.ana, f"handoff-{name}", ticket.number, about=1, text=WORDS)
    lost_nothing(page, 409, end)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("notice", {"details": WORDS, "impact": "x", "shown": "first"}),
        ("validate", {"text": WORDS, "resolution": 1}),
        ("close", {"reason": WORDS}),
    ],
)
def test_about_an_outage_that_is_closed(client, cast, now, name, said):
    outage = outage_cases.declare(cast, now, outage_cases.hit_contract(cast.northwind))
    outage_cases.act(outages.resolve, outage, cast, now, "2026-10-14 09:40")
    outage_cases.act(outages.validate, outage, cast, now, "2026-10-14 09:41")
    outage_cases.send(outage, cast, now, "2026-10-14 09:42")
    page = sent(client, cast.max, f"outage-{name}", outage.number, **said)
    lost_nothing(page, 409, "is closed: its resolution notification has gone out.")


CLAIM = {"claimed_at": "2026-10-14T09:05", "how": "phone", "text": WORDS}


def test_about_a_vendors_case_that_was_answered_or_closed(client, cast, now):
    now("2026-10-14 09:00")
    ticket = vendor_cases.vendor_ticket(holder=cast.northwind)
    case = vendor_cases.open_case(ticket, now)
    vendor_cases.told(vendors.answered, case, now, "2026-10-14 09:10")
    page = sent(client, cast.ana, "vendor-answer", ticket.number, 1, **CLAIM)
    lost_nothing(page, 422, "The first answer stands already")
    page = sent(client, cast.ana, "vendor-escalate", ticket.number, 1, reason=WORDS)
    assert (page.status_code, SHOWN in page.text) == (422, True)
    vendor_cases.told(vendors.close, case, now, "2026-10-14 09:20", text="x")
    for name in ("note", "ask", "close"):
        page = sent(client, cast.ana, f"vendor-{name}", ticket.number, 1, **CLAIM)
        lost_nothing(page, 409, "closed")


def test_about_a_window_that_was_withdrawn_or_has_nobody_left(client, cast, now):
    contract = maintenance_cases.kept_contract(cast.northwind)
    window = maintenance_cases.announce(cast.ana, now, contract)
    maintenance_cases.withdraw(window, cast.ana, now, "2026-10-14 10:00")
    page = sent(client, cast.ana, "maintenance-withdraw", window.number, text=WORDS)
    lost_nothing(page, 409, "withdrawn")
    contract.ends_on = utc("2026-10-13 12:00").date()
    contract.by(TESTS).save()
    for name, query in [("maintenance-announce", "enghouse-premium"), ("outage-declare", "enghouse-premium")]:
        said = {"title": WORDS, "details": WORDS, "contracts": [contract.number]}
        page = sent(client, cast.ana, name, query=f"?for={query}", **said)
        lost_nothing(page, 409, "No contract in force is left of what you chose")


def test_about_a_report_that_was_issued(client, cast, now):
    report = drafted(cast, now)
    seen = reporting.fingerprint(reporting.draft_of(report))
    reporting.issue(report, by=Actor.of(cast.max), at=now("2026-10-15 10:00"))
    page = sent(client, cast.ana, "report-write", report.number, impact=WORDS, root_cause="A fan.", seen=seen)
    lost_nothing(page, 409, f"{report.number} is issued: begin a further version")
    assert seen not in page.text


def test_about_a_report_that_is_issued_in_this_very_moment(client, cast, now, monkeypatch):
    report = drafted(cast, now)
    seen, attempted = reporting.fingerprint(reporting.draft_of(report)), reports.attempted

    def issued_first(*args):
        reporting.issue(report, by=Actor.of(cast.max), at=now("2026-10-15 10:00"))
        return attempted(*args)

    monkeypatch.setattr(reports, "attempted", issued_first)
    page = sent(client, cast.ana, "report-write", report.number, impact=WORDS, root_cause="A fan.", seen=seen)
    assert (page.status_code, SHOWN in page.text) == (409, True)


def test_about_an_outage_that_is_closed_in_this_very_moment(client, cast, now, monkeypatch):
    outage = outage_cases.declare(cast, now, outage_cases.hit_contract(cast.northwind))
    attempted = outage_views.attempted

    def closed_first(*args):
        for act, at in [(outages.resolve, "09:40"), (outages.validate, "09:41")]:
            outage_cases.act(act, outage, cast, now, f"2026-10-14 {at}")
        outage_cases.send(outage, cast, now, "2026-10-14 09:42")
        return attempted(*args)

    monkeypatch.setattr(outage_views, "attempted", closed_first)
    page = sent(client, cast.max, "outage-bridge", outage.number, phone=WORDS, code="1")
    lost_nothing(page, 409, "is closed: its resolution notification has gone out.")


def test_about_a_hand_off_that_is_accepted_in_this_very_moment(client, cast, now, monkeypatch):
    sol, ticket = sol_at_midnight(now), deferred(cast)
    row = offered(ticket, now, Actor.of(cast.ana), "2026-10-14 23:00")
    carried_out = handoff_views.carried_out

    def accepted_first(*args):
        handing.accept(row, by=Actor.of(sol), at=now("2026-10-14 23:02"))
        return carried_out(*args)

    monkeypatch.setattr(handoff_views, "carried_out", accepted_first)
    page = sent(client, sol, "handoff-ask", ticket.number, about=1, text=WORDS)
    lost_nothing(page, 409, "accepted it already")


def test_about_onsite_assistance_that_was_cancelled(client, cast, now):
    now("2026-10-14 09:00")
    robin = onsite_cases.authorise(cast.robin_contact)
    ticket = onsite_cases.onsite_ticket(cast.northwind)
    row = onsite_cases.ask_hands(ticket, robin, now)
    onsite_cases.step(row, "cancelled", now, "2026-10-14 13:10", words="x")
    page = sent(client, cast.ana, "onsite-step", ticket.number, 1, "declined", words=WORDS)
    lost_nothing(page, 409, "The request stands at “Cancelled”")
    page = sent(client, cast.robin, "own-onsite-cancel", ticket.number, 1, words=WORDS)
    lost_nothing(page, 409, "The request stands at “Cancelled”")


def test_sent_again_with_other_words(client, cast, now):
    outage = outage_cases.declare(cast, now, outage_cases.hit_contract(cast.northwind))
    now("2026-10-14 09:10")
    said = {"impact": "x", "shown": "first", "key": uuid.uuid4()}
    assert sent(client, cast.ana, "outage-notice", outage.number, details="One", **said).status_code == 302
    page = sent(client, cast.ana, "outage-notice", outage.number, details=WORDS, **said)
    lost_nothing(page, 409, "sent already, with other words in it")
    assert f"{said['key']}" not in page.text


@pytest.mark.parametrize(
    "referer",
    [
        "http://testserver/outages/OUT-1/?x=1",
        "http://testserver//evil.example/",
        "https://evil.example/x",
        "//[",
        "",
    ],
)
def test_the_way_back_is_to_a_page_of_ours(client, cast, now, referer):
    outage = outage_cases.declare(cast, now, outage_cases.hit_contract(cast.northwind))
    client.force_login(cast.ana)
    page = client.post(f"/outages/{outage.number}/notice/", {"details": WORDS}, headers={"Referer": referer})
    lost_nothing(page, 409, "This form has no key")
    ours = 'href="/outages/OUT-1/?x=1">See what can be done now' in page.text
    assert (ours, "evil.example" in page.text) == (referer.endswith("?x=1"), False)
