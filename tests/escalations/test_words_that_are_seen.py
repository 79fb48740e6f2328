"""Words that nobody sees are no words: wherever something has to be written down, the verb says so beside the field."""

import uuid
from itertools import cycle

import pytest

from escalations import handing, levels, managing, onsite, vendors
from escalations.models import Outage
from support.actors import Actor
from support.refusal import Refused
from tests.escalations import (
    handoff_cases,
    ladder_cases,
    level_cases,
    onsite_cases,
    outage_cases,
    vendor_cases,
)
from tests.escalations.handoff_cases import WORDS, on_duty, person
from tests.escalations.test_handoff_pages import send
from tests.escalations.test_outage_pages import declaring
from tests.factories import ANA
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db
UNSEEN = ["\u200b", " \u2060\n", "\u3164", "\u034f\ufe0f", ""]  # the fourth: marks without a letter
unseen = pytest.mark.parametrize("nothing", UNSEEN)


def refused(field, act, **said):
    with pytest.raises(Refused, match="nothing can be read here") as caught:
        act(**said)
    assert caught.value.field == field


@pytest.fixture
def crossing(cast, clock):
    clock(utc("2026-10-14 20:00"))
    on_duty(sol := person("Sol"))
    return handoff_cases.severe(owner=cast.ana), Actor.of(sol)


@unseen
def test_of_a_hand_off(crossing, cast, clock, nothing):
    ticket, sol = crossing
    who = {"by": Actor.of(cast.ana), "at": clock(utc("2026-10-14 23:00"))}
    for field in WORDS:
        refused(field, handing.offer, ticket=ticket, **{**WORDS, field: nothing}, **who)
    row = handing.offer(ticket, **WORDS, **who)
    refused("text", handing.take_back, handoff=row, text=nothing, **who)
    refused("text", handing.ask_back, handoff=row, text=nothing, **{**who, "by": sol})
    handing.ask_back(row, text="Why?", **{**who, "by": sol})
    refused("text", handing.answer, handoff=row, text=nothing, **who)


def test_on_the_page_of_a_hand_off_it_stands_beside_the_field(crossing, client, cast, clock):
    ticket, _sol = crossing
    clock(utc("2026-10-14 23:00"))
    said = {"receiver": "region", **WORDS, "tried": "\u200b"}
    response = send(client, cast.ana, "write", ticket.number, key=uuid.uuid4(), **said)
    assert response.status_code == 422
    assert list(response.context["forms"]["write"].errors) == ["tried"]


@unseen
def test_of_a_vendor_case(clock, nothing):
    ticket = vendor_cases.vendor_ticket()
    case = vendor_cases.open_case(ticket, clock)
    at = clock(utc("2026-10-14 09:10"))
    said = {"case": case, "text": nothing, "claimed_at": at, "how": "phone", "by": ANA, "at": at}
    for verb in (vendors.asked, vendors.noted, vendors.close):
        refused("text", verb, **said)
    refused("text", vendors.change_severity, **said, severity="B")
    with pytest.raises(Refused, match="selectively"):
        vendors.escalate(case, reason=nothing, by=ANA, at=at)


@unseen
def test_of_the_ladder(cast, clock, nothing):
    clock(utc("2026-10-12 09:00"))
    ticket = ladder_cases.ladder_ticket(holder=cast.northwind)
    ladder_cases.escalate(ticket, clock, "2026-10-12 10:20")
    row = ladder_cases.escalate(ticket, clock, "2026-10-12 14:20")
    who = {"by": Actor.of(cast.ana), "at": utc("2026-10-12 14:30")}
    row.acknowledge(**who)
    refused("words", row.act, words=nothing, **who)
    refused("reason", row.step_down, reason=nothing, **who)
    refused("reason", row.close, reason=nothing, **who)


@unseen
def test_of_a_level_of_engineering_and_of_management(cast, clock, nothing):
    clock(utc("2026-10-12 10:00"))
    ticket = level_cases.a_ticket(priority="P1")
    who = {"by": Actor.of(cast.max), "at": utc("2026-10-12 11:00")}
    refused("reason", levels.move, ticket=ticket, new=2, reason=nothing, **who)
    level_cases.at_engineering(ticket, clock)
    clock(utc("2026-10-12 11:00"))
    refused("words", levels.review, ticket=ticket, impact=1, words=nothing, **who)
    refused("words", managing.update, ticket=ticket, words=nothing, **who)
    refused("reason", managing.close, ticket=ticket, reason=nothing, **who)


@unseen
def test_of_onsite_assistance(cast, clock, nothing):
    clock(utc("2026-10-14 09:00"))
    robin = onsite_cases.authorise(cast.robin_contact)
    ticket = onsite_cases.onsite_ticket(cast.northwind)
    asked = {"ticket": ticket, "contact": robin, "clock": clock}
    refused("equipment", onsite_cases.ask_hands, **asked, equipment=nothing)
    for field in ("company", "visitors", "equipment"):
        refused(field, onsite_cases.ask_access, **asked, **{field: nothing})
    hands, visit = onsite_cases.ask_hands(**asked), onsite_cases.ask_access(**asked)
    at = "2026-10-14 13:30"
    refused("words", onsite_cases.step, request=hands, kind="declined", clock=clock, at=at, words=nothing)
    onsite_cases.step(hands, "accepted", clock, at)
    done = {"request": hands, "kind": "done", "clock": clock, "at": at}
    refused("words", onsite_cases.step, **done, words=nothing, by_whom="Sasha")
    refused("by_whom", onsite_cases.step, **done, words="Swapped.", by_whom=nothing)
    onsite.step(visit, "approved", by=ANA, at=clock(utc("2026-10-14 13:31")))
    arrival = {"request": visit, "clock": clock, "at": "2026-10-14 13:32"}
    unseen = onsite_cases.let_in(by_whom=nothing)
    refused("by_whom_1", onsite_cases.arrive, **arrival, visitors=unseen)
    away = [*onsite_cases.let_in("passport"), onsite_cases.turned_away(2, why=nothing)]
    refused("turned_away_2", onsite_cases.arrive, **arrival, visitors=away)


@pytest.mark.parametrize(
    ("typed", "status", "kept"),
    [("Mail\tis down", 302, "Mail is down"), ("a\nb\x0b", 302, "a b"), ("\x1f\x7f", 422, None)],
)
def test_a_title_of_an_outage_is_one_line_however_it_was_typed(client, cast, now, typed, status, kept):
    now("2026-10-14 09:00")
    contract = outage_cases.hit_contract(cast.northwind)
    page = declaring(client, cast.ana, contract, title=typed, details="Nobody gets mail.")
    assert page.status_code == status
    assert list(Outage.objects.values_list("title", flat=True)) == ([kept] if kept else [])
    assert status == 302 or "Nobody gets mail." in page.text


def test_of_a_fault_report_what_nobody_sees_is_missing(cast, now):
    now("2026-10-12 10:00")
    ticket = level_cases.a_ticket()
    unseen = dict(zip(level_cases.WHOLE, cycle(UNSEEN), strict=False))
    number = {"users": level_cases.WHOLE["users"]}
    sheet = levels.fill(ticket, {**unseen, **number}, {}, by=ANA, at=utc("2026-10-12 10:00"))
    assert set(sheet.missing) >= level_cases.WHOLE.keys() - {"users"} - {"recent-changes"}
    assert sheet.answers == {**dict.fromkeys(level_cases.WHOLE, ""), **number}
