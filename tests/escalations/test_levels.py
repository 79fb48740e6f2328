"""Support levels: up with what the level must receive, down, to another group; the rules of enghouse-support-sla, section 5."""

import pytest

from escalations import ladder, levels, sheets
from escalations.models import LevelMove, ManagementEscalation
from support.actors import Actor
from support.models import Clock, Mail, Team
from support.refusal import Refused
from tests.escalations.level_cases import WHOLE, a_ticket, at_engineering, filled, up, upload
from tests.factories import ANA, TESTS, ContactFactory
from tests.ground import standing_on
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db
AT = utc("2026-10-12 10:30")


ticket = standing_on(a_ticket)


def test_a_ticket_begins_on_level_1(ticket):
    assert levels.level_of(ticket) == 1


def test_level_2_receives_a_sheet_whose_missing_items_are_listed(ticket, clock):
    with pytest.raises(Refused, match="Level 2 receives a fault report sheet: fill it first"):
        up(ticket, 2, clock)
    sheet = filled(ticket, without=["version", "users"])
    assert sheet.missing == ["version", "users"]
    assert sheets.missing(ladder.definition_of(ticket).fault_report, {**sheet.answers, "users": 0}) == [
        "version"
    ]
    up(ticket, 2, clock)
    assert levels.level_of(ticket) == 2
    text = sheet.file.open().read().decode()
    assert "Missing: Product version, Number of users affected." in text
    assert "Agents cannot log in." in text
    event = ticket.events.get(kind="level.moved")
    assert event.facts == {"old": 1, "new": 2, "sheet": sheet.pk}


def test_level_3_receives_it_complete(ticket, clock):
    filled(ticket, without=["version"])
    up(ticket, 2, clock)
    with pytest.raises(Refused, match=r"Level 3 receives a complete sheet\. Missing: Product version"):
        up(ticket, 3, clock)
    sheet = levels.fill(ticket, {"version": "8.2"}, {}, by=ANA, at=AT)
    assert (sheet.number, sheet.missing, sheet.answers["fault"]) == (2, [], WHOLE["fault"])
    assert up(ticket, 3, clock).sheet == sheet


def test_a_screenshot_goes_with_the_sheet_and_is_invited_only(ticket, clock):
    sheet = levels.fill(ticket, WHOLE, {"screenshots": upload()}, by=ANA, at=AT)
    assert sheet.answers["screenshots"] == ["console.png"]
    assert sorted(ticket.customer.files.values_list("name", "visibility")) == [
        (f"{ticket.number}-fault-report-1.txt", "internal"),
        ("console.png", "internal"),
    ]


def test_one_level_at_a_time_and_down_to_any(ticket, clock):
    filled(ticket)
    with pytest.raises(Refused, match="From level 1 it goes up to the next level, or down"):
        up(ticket, 3, clock)
    for new in (2, 3, 1):
        up(ticket, new, clock)
    assert list(LevelMove.objects.values_list("old", "new")) == [(1, 2), (2, 3), (3, 1)]


def test_another_group_works_and_the_owner_goes_on_talking(ticket, cast):
    ticket.hand_to(cast.ana, by=TESTS, at=utc("2026-10-12 09:10"))
    team = Team(name="Messaging").by(TESTS)
    team.save()
    levels.assign(ticket, team, by=ANA, at=AT)
    ticket.refresh_from_db()
    assert (ticket.team, ticket.owner) == (team, cast.ana)
    assert ticket.events.last().kind == "group.assigned"


@pytest.mark.parametrize(("priority", "beside"), [("P1", True), ("P2", True), ("P3", False), ("P4", False)])
def test_to_engineering_management_goes_along_with_p1_and_p2(clock, priority, beside):
    ticket = a_ticket(priority=priority)
    move = at_engineering(ticket, clock)
    assert move.engineering
    assert ManagementEscalation.objects.filter(move=move, cause="engineering").exists() == beside
    assert Mail.objects.filter(key__startswith="management:").count() == beside


def test_engineering_wants_to_know_what_it_means_for_the_business(ticket, clock):
    filled(ticket)
    for new in (2, 3):
        up(ticket, new, clock)
    with pytest.raises(Refused, match="what it means for the business") as refused:
        up(ticket, 4, clock)
    assert refused.value.field == "impact"


def test_a_review_is_of_what_is_at_engineering(ticket, clock):
    with pytest.raises(Refused, match="is not at engineering"):
        levels.review(ticket, impact=1, words="x", by=ANA, at=AT)
    at_engineering(ticket, clock)
    levels.review(ticket, impact=1, words="A patch is in test.", by=ANA, at=AT)
    assert ticket.events.last().kind == "engineering.reviewed"


def test_neither_a_done_ticket_nor_a_contact_moves(ticket, clock):
    filled(ticket)
    with pytest.raises(Refused, match="The desk moves"):
        up(ticket, 2, clock, by=Actor.of(ContactFactory()))
    ticket.resolve(outcome="resolved", by=ANA, at=AT)
    with pytest.raises(Refused, match="is done: reopen it first"):
        up(ticket, 2, clock)


def test_moves_move_no_clock(ticket, clock):
    before = list(Clock.objects.filter(ticket=ticket).values_list("key", "due_at", "state"))
    at_engineering(ticket, clock)
    assert list(Clock.objects.filter(ticket=ticket).values_list("key", "due_at", "state")) == before
