"""What other systems get wrong about clocks, one test for each, named after it, on stored tickets."""

import shutil
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from support import alarms, timeline, versions
from support.catalogue.folder import SHIPPED
from support.catalogue.problems import DefinitionRefused
from support.clocks.calendar import BusinessCalendar
from support.desk import priority
from support.models import CalendarVersion, Contract, Message, ServiceVersion, Wait
from support.refusal import Refused
from tests.factories import ANA, TESTS, ContractFactory
from tests.support.calendar_cases import WORKDAYS
from tests.support.desk_cases import contract_under, due, raise_ticket, utc
from tests.support.terms_cases import ENGHOUSE
from tests.support.timeline_cases import opened

pytestmark = pytest.mark.django_db


def says(ticket, text, at):
    return Message.reply(ticket, text, by=ANA, at=utc(at))


def verdicts(ticket, kind):
    return [clock.verdict for clock in ticket.clocks.filter(kind=kind).order_by("position")]


def test_paused_friday_16_00_resumed_monday_09_00_with_a_4_h_target_9_to_17():
    line = opened("2026-03-06 15:00", ENGHOUSE, "P1").waits("2026-03-06 16:00", "2026-03-09 09:00")
    assert line.clock("fix").due_at == utc("2026-03-09 12:00")  # one hour had run before the pause


def test_policy_or_calendar_edited_while_tickets_are_open():
    contract = contract_under("enghouse-standard")
    answered = raise_ticket(contract, utc("2026-10-12 09:00"), priority="P2")
    Message.call(answered, "Connected.", made=True, connected=True, by=ANA, at=utc("2026-10-12 09:30"))
    still_open = raise_ticket(contract, utc("2026-10-12 10:00"), priority="P2")
    before = [
        (due(each, kind), verdicts(each, kind))
        for each in (answered, still_open)
        for kind in ("response", "fix")
    ]
    newest = ServiceVersion.objects.filter(code="enghouse-standard").latest("version")
    ServiceVersion.objects.bulk_create([_edited(newest)])
    calendar = CalendarVersion.objects.get(name="enghouse-standard")
    CalendarVersion.objects.bulk_create([_edited(calendar)])
    for ticket in (answered, still_open):
        says(ticket, "Still looking.", "2026-10-12 10:30")
    after = [
        (due(each, kind), verdicts(each, kind))
        for each in (answered, still_open)
        for kind in ("response", "fix")
    ]
    assert after == before


def _edited(row):
    row.pk, row.version, row.sha256 = None, row.version + 1, "f" * 64
    return row


def test_priority_raised_mid_life_after_a_pause():
    ticket = raise_ticket(contract_under("exponential-e-ucc"), utc("2026-10-12 09:00"), priority="High")
    Wait.begin(ticket, reason="customer", by=TESTS, at=utc("2026-10-12 10:00")).end(
        by=TESTS, at=utc("2026-10-12 12:00")
    )
    priority.assess(ticket, "Critical", by=TESTS, at=utc("2026-10-12 12:30"))
    assert due(ticket, "fix") == "2026-10-12 16:00"  # 5 h from 09:00, and the 2 h of the pause


def test_reopened_after_a_miss():
    ticket = raise_ticket(contract_under("exponential-e-ucc"), utc("2026-10-12 09:00"), priority="Critical")
    ticket.resolve(outcome="resolved", by=ANA, at=utc("2026-10-12 18:00"))
    ticket.reopen(by=ANA, at=utc("2026-10-13 09:00"))
    ticket.resolve(outcome="resolved", by=ANA, at=utc("2026-10-13 10:00"))
    assert verdicts(ticket, "fix") == ["missed", "met"]


def test_five_updates_due_the_third_late():
    ticket = raise_ticket(contract_under("enghouse-premium"), utc("2026-10-12 00:00"), priority="P2")
    for at in ("03:00", "06:00", "11:00", "14:00", "17:00"):  # every 4 h; the third came after five
        says(ticket, "An update.", f"2026-10-12 {at}")
    assert verdicts(ticket, "update")[:5] == ["met", "met", "missed", "met", "met"]


@pytest.mark.parametrize(
    ("code", "level", "stops"),
    [
        ("exponential-e-ucc", "High", True),
        ("enghouse-premium", "P2", False),  # "connects": a message alone is no response
    ],
)
def test_an_update_also_counts_as_first_response_where_the_service_says_so(code, level, stops):
    ticket = raise_ticket(contract_under(code), utc("2026-10-12 09:00"), priority=level)
    says(ticket, "We are looking.", "2026-10-12 09:10")
    assert (verdicts(ticket, "response") == ["met"]) is stops


def test_a_first_response_also_counts_as_an_update():
    ticket = raise_ticket(contract_under("enghouse-premium"), utc("2026-10-12 09:00"), priority="P2")
    Message.call(ticket, "Connected.", made=True, connected=True, by=ANA, at=utc("2026-10-12 09:10"))
    assert verdicts(ticket, "update") == ["met", "pending"]


def test_breach_while_no_worker_runs(clock):
    ticket = raise_ticket(contract_under("exponential-e-ucc"), utc("2026-10-12 09:00"), priority="High")
    clock(utc("2026-10-14 09:00"))
    assert alarms.sweep("support") > 0
    assert alarms.sweep("support") == 0  # exactly one notice
    response = ticket.clocks.get(kind="response")
    assert response.due_at == utc("2026-10-12 09:30")  # the instant of the breach, whenever it is noticed
    assert response in type(response).objects.breached(utc("2026-10-12 09:30"))


def test_agent_in_another_zone_opens_a_fresh_ticket(client, cast):
    cast.ana.time_zone = "Pacific/Auckland"
    cast.ana.by(TESTS).save()
    ticket = raise_ticket(contract_under("exponential-e-ucc"), timezone.now(), priority="Low")
    client.force_login(cast.ana)
    shown = client.get(ticket.get_absolute_url()).text
    local = ticket.clocks.get(kind="response").due_at.astimezone(ZoneInfo("Pacific/Auckland"))
    assert f"{local:%H:%M}" in shown
    assert "late" not in client.get(reverse("support:ticket-list")).text.partition("<tbody>")[2]


def test_two_contracts_one_expired():
    contract = contract_under("enghouse-standard")
    ContractFactory(
        holder=contract.holder,
        starts_on=contract.starts_on - timedelta(days=900),
        ends_on=contract.starts_on,
        support_service=versions.latest("enghouse-premium"),  # the shorter targets
    )
    ticket = raise_ticket(contract, utc("2026-10-12 09:00"), priority="P2")
    assert (ticket.contract, ticket.contract_reason) == (
        contract,
        "The only one in force on 12 October 2026.",
    )
    second = ContractFactory(holder=contract.holder, starts_on=contract.starts_on)
    with pytest.raises(Refused, match="Several contracts are in force"):
        raise_ticket(contract, utc("2026-10-12 09:00"))
    assert Contract.objects.in_force(contract.starts_on).filter(pk=second.pk).exists()


def test_calendar_that_can_never_satisfy_the_target(tmp_path):
    copy = shutil.copytree(SHIPPED, tmp_path / "definitions")
    file = copy / "calendars" / "uk-business.toml"
    kept = [line for line in file.read_text().splitlines() if '["09:00-17:30"]' not in line]
    file.write_text("\n".join(kept))
    with pytest.raises(DefinitionRefused, match="uk-business"):
        versions.load(copy, by=TESTS, at=utc("2026-10-12 09:00"))


def test_two_windows_a_day_with_lunch():
    lunch = BusinessCalendar("UTC", {day: [("08:00", "12:00"), ("13:00", "17:00")] for day in WORKDAYS})
    assert lunch.due(utc("2026-10-12 11:00"), 120) == utc("2026-10-12 14:00")


def test_merged_tickets_leave_nothing_behind_and_move_nothing():
    ticket = raise_ticket(contract_under("exponential-e-ucc"), utc("2026-10-12 09:00"), priority="High")
    survivor = raise_ticket(ticket.contract, utc("2026-10-12 08:00"), priority="High")
    says(ticket, "Looking.", "2026-10-12 09:40")
    before = due(survivor, "fix")
    timeline.record(
        ticket, "ticket.merged", by=ANA, at=utc("2026-10-12 10:00"), other=survivor.pk, survives=False
    )
    assert verdicts(ticket, "response") == ["missed"]  # the first result stays
    assert [clock.state for clock in ticket.clocks.filter(kind="fix")] == ["cancelled"]
    assert due(survivor, "fix") == before  # no promise gets longer
