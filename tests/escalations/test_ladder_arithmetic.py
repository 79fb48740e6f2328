"""When the next level may be raised: elapsed hours, business hours, business days, or no time at all."""

from zoneinfo import ZoneInfo

import pytest

from escalations import ladder
from escalations.models import Escalation
from support import versions
from support.catalogue.amounts import Span
from support.catalogue.notes import Item
from support.catalogue.upward import Ladder, Rung
from support.clocks.calendar import BusinessCalendar
from support.refusal import Refused
from tests.attacks import refused
from tests.escalations.ladder_cases import GROUND, escalate
from tests.factories import ANA, ServiceVersionFactory
from tests.support.calendar_cases import utc
from tests.support.desk_cases import contract_under, raise_ticket

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
PLAN = BusinessCalendar("UTC", {day: [("09:00", "18:00")] for day in WEEKDAYS})
UTC = ZoneInfo("UTC")


def rung(level, before_next=""):
    calendar = "plan" if "business" in before_next else ""
    return Rung(level, f"Level {level}", "s", Span.parse(before_next) if before_next else None, calendar)


@pytest.mark.parametrize(
    ("before_next", "raised", "not_before"),
    [
        ("4 h", "2026-03-06 16:30", "2026-03-06 20:30"),
        ("1 day", "2026-03-28 12:00", "2026-03-29 12:00"),  # 24 hours, though London's clocks go forward
        ("4 business hours", "2026-03-06 15:00", "2026-03-09 10:00"),
        ("1 business day", "2026-03-06 15:00", "2026-03-09 15:00"),
        ("1 business day", "2026-03-07 15:00", "2026-03-10 09:00"),
    ],
)
def test_the_time_before_the_next_level(before_next, raised, not_before):
    assert ladder.next_from(rung(1, before_next), utc(raised), {"plan": PLAN}) == utc(not_before)


def test_where_no_time_is_named_the_last_level_is_raised_once():
    one = Ladder("s", (Item("x", "X"),), (rung(1),))
    standing = ladder.Standing(one, ladder.Raised(1, utc("2026-03-02 09:00"), None))
    assert standing.is_early(utc("2099-01-01 00:00"))
    assert standing.why_not(utc("2026-03-02 10:00"), UTC) == (
        "Level 1 is the last one and began at 09:00; no time is named after which to raise it again"
    )


def a_ticket(before_next):
    """Under a service whose ladder counts in business time, and is otherwise the shipped one."""
    contract, shipped = contract_under("exponential-e-ucc"), versions.latest("exponential-e-ucc")
    first = {
        "level": 1,
        "name": "Desk",
        "section": "ladder",
        "before_next": before_next,
        "calendar": "uk-business",
    }
    levels = [first, {"level": 2, "name": "Manager", "section": "ladder"}]
    data = {**shipped.data, "ladder": {**shipped.data["ladder"], "levels": levels}}
    contract.support_service = ServiceVersionFactory(code="own", data=data)
    contract.save()
    return raise_ticket(contract, utc("2026-10-16 09:00"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before_next", "not_before"),
    [("4 business hours", "2026-10-19 11:00"), ("1 business day", "2026-10-19 15:30")],
)
def test_business_time_runs_in_the_calendar_that_the_ticket_pins(clock, before_next, not_before):
    ticket = a_ticket(before_next)
    assert escalate(ticket, clock, "2026-10-16 15:30").not_before == utc(not_before)  # a Friday
    with pytest.raises(Refused, match="Level 2 not before Mon 19 Oct"):
        escalate(ticket, clock, "2026-10-17 15:30")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before_next", "too_soon"),
    [("4 business hours", "2026-10-16 19:29"), ("2 business days", "2026-10-18 13:29")],
)
def test_the_database_knows_the_least_that_business_time_can_last(clock, before_next, too_soon):
    ticket = a_ticket(before_next)
    clock(utc("2026-10-16 15:30"))
    row = Escalation(
        ticket=ticket,
        channel="desk",
        position=0,
        level=1,
        levels=0,
        ground=GROUND,
        reason="Third day.",
        not_before=utc(too_soon),
    )
    row.actor = ANA
    with refused("ladder_keeps_its_time"):
        row.save(force_insert=True)
