"""Words and figures of pages that say neither more nor less than what is so."""

from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from escalations import handing, handoff_alarms, handoff_board, report_pages
from escalations.attainment import Terms, attained, lines
from escalations.beside import beside
from escalations.figures import Count
from escalations.models import HandOffAlarm, IncidentReport
from escalations.morning import handoffs, vendors
from support import versions
from support.actors import Actor
from support.desk import priority
from support.explaining import explain
from support.models import Clock, Mail
from tests.attacks import refused
from tests.escalations.handoff_cases import offered, person, region, severe, swept
from tests.escalations.ladder_cases import escalate, ladder_ticket
from tests.escalations.report_cases import issued, over, owed
from tests.escalations.review_cases import october_of
from tests.escalations.vendor_cases import open_case, vendor_ticket
from tests.factories import ANA, TESTS
from tests.support.calendar_moves import another_version
from tests.support.desk_cases import contract_under, raise_ticket, utc

pytestmark = pytest.mark.django_db


def test_the_board_says_that_managers_were_told_once_they_were(client, ticket, cast, now, sol):
    client.force_login(cast.ana)
    for at, told, words in [
        ("2026-10-14 23:20", False, "At 23:30 the managers are told."),
        ("2026-10-14 23:40", False, "The managers were to be told at 23:30, and have not been yet."),
        ("2026-10-14 23:41", True, "The managers have been told."),
    ]:
        now(at)
        if told:
            handoff_alarms.sweep()
        assert HandOffAlarm.objects.count() == told
        assert words in client.get("/handoff/").text
    severe("2026-10-14 20:01", owner=cast.ana)
    assert "were to be told at 23:30, and have not been yet" in client.get("/handoff/").text
    assert handoff_alarms.sweep() == 1
    assert "The managers have been told." in client.get("/handoff/").text


def test_a_loss_of_which_managers_do_not_know_is_not_said_to_be_told(client, ticket, cast, now, sol):
    now("2026-10-14 23:31")
    assert handoff_alarms.sweep() == 1
    row = offered(ticket, now, Actor.of(cast.ana), "2026-10-14 23:32")
    handing.accept(row, by=Actor.of(sol), at=now("2026-10-14 23:33"))
    ticket.refresh_from_db()
    ticket.hand_to(cast.ana, by=ANA, at=now("2026-10-14 23:40"))
    client.force_login(cast.ana)
    assert "were to be told at 23:30, and have not been yet" in client.get("/handoff/").text
    assert handoff_alarms.sweep() == 1
    assert "The managers have been told." in client.get("/handoff/").text


def test_a_day_of_which_other_hours_count_is_one_stretch_where_it_goes_on(ticket, cast):
    another_version("06:00", "22:00", code="us-distributor", days=7, saved=utc("2026-10-12 09:00"))
    with timezone.override("America/New_York"):
        [line] = handoff_board.board(cast.ana, utc("2026-10-13 21:00")).lines
    assert [each.words for each in line.strip if "States" in each.words] == ["United States 06:00 to 22:00"]


@pytest.mark.parametrize(
    ("at", "there"), [("2026-10-14 12:00", "23:00"), ("2026-10-14 14:00", "Thu 15 Oct, 01:00")]
)
def test_a_region_in_which_it_is_another_day_names_it(ticket, cast, at, there):
    au = region("au")
    au.time_zone = "Australia/Sydney"
    au.by(TESTS).save()
    [line] = handoff_board.board(cast.ana, utc(at)).lines
    assert dict(line.places)["Sydney"] == there


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-10-15 00:10", "Offered by Ana to Max; the gap opens Thu 15 Oct, 00:30."),
        ("2026-10-15 00:40", "Offered by Ana to Max; the gap is open since Thu 15 Oct, 00:30."),
    ],
)
def test_the_morning_page_says_whether_the_gap_is_open(ticket, cast, clock, at, words):
    off_at = utc("2026-10-15 00:30")
    offered(ticket, clock, Actor.of(cast.ana), "2026-10-14 21:00", person=cast.max, off_at=off_at)
    [line] = handoffs.unaccepted(cast.max, utc(at)).lines
    assert line.about.endswith(words.replace("Thu 15 Oct, ", ""))


def test_nobody_is_alarmed_about_what_was_given_to_somebody_else(ticket, cast, clock):
    off_at = utc("2026-10-15 00:30")
    row = offered(ticket, clock, Actor.of(cast.ana), "2026-10-14 21:00", person=cast.max, off_at=off_at)
    ticket.refresh_from_db()
    ticket.hand_to(person("Sue"), by=ANA, at=clock(utc("2026-10-14 21:10")))
    [line] = handoffs.unaccepted(cast.max, utc("2026-10-14 21:11")).lines
    assert "was given to Sue since: take this hand-off back." in line.about
    assert swept(clock, "2026-10-14 23:31") == 1  # the region closes, and nobody has taken it
    text = Mail.objects.filter(key__startswith="handoff-alarm:").get().text
    assert "stands in its way. SR-" in text
    assert "accepted or taken back" not in text
    assert swept(clock, "2026-10-15 00:10") == 0
    alarm = HandOffAlarm(ticket=ticket, handoff=row, kind=row.kind, closes_at=row.closes_at)
    with refused("handoff_alarms_for_what_nobody_took"):
        alarm.save(force_insert=True)


def test_a_vendor_has_been_late_since_his_target_and_not_since_the_case_was_opened(cast, clock):
    clock(utc("2026-10-14 09:00"))
    open_case(vendor_ticket(), clock, "2026-10-14 09:10")
    section = vendors.missed(cast.max, utc("2026-10-14 12:00"))
    assert (section.says, section.lines[0].since) == (
        "case where a vendor missed its target",
        utc("2026-10-14 10:10"),
    )


def test_where_we_only_have_to_speak_no_vendor_is_waited_for(cast, clock):
    clock(utc("2026-10-14 09:00"))
    ticket = vendor_ticket()
    case = open_case(ticket, clock, "2026-10-14 09:10")
    told = beside([case], list(Clock.objects.filter(ticket=ticket)), utc("2026-10-14 12:00"))
    assert {row.ours.split(",")[0] for row in told.rows} >= {"First response"}
    assert told.warnings == ()


def test_a_level_that_was_declined_is_not_said_to_wait_in_the_review(cast, clock):
    row = escalate(ladder_ticket(), clock, "2026-10-12 10:20")
    row.decline(item="progressing", by=ANA, at=clock(utc("2026-10-12 10:40")))
    assert october_of(row.ticket.customer).escalations[0].taken == "not accepted, 11:40"


def test_an_outage_and_its_report_end_at_the_same_instant(client, cast, clock):
    outage = over(cast, clock)
    report = owed(cast, clock, outage)
    assert report.ended_at > outage.ended_at  # told later
    [listed] = [
        report_pages.listed(each, utc("2026-10-15 09:00"))
        for each in report_pages.found(utc("2026-10-15 09:00"))
    ]
    assert f"{outage.ended_at:%H:%M}" in listed.ended
    assert IncidentReport.objects.get().over_since == outage.ended_at
    client.force_login(cast.max)
    assert (
        "5 days after its resolution was told, Wed 14 Oct, 11:00"
        in client.get(report.get_absolute_url()).text
    )


def test_on_the_customers_list_a_report_ends_when_its_outage_does(client, cast, clock, robin_is_told):
    row = issued(cast, clock)
    client.force_login(cast.robin)
    listed = client.get("/my/incident-reports/").text
    assert (row.report.over_since, row.report.ended_at) == (utc("2026-10-14 10:30"), utc("2026-10-14 11:00"))
    [(_report, ended)] = client.get("/my/incident-reports/").context["rows"]
    assert ended.endswith(
        f"{timezone.localtime(row.report.over_since, ZoneInfo(cast.robin.time_zone)):%H:%M}"
    ), listed


def test_a_share_with_a_miss_is_never_a_hundred():
    assert [attained(*each) for each in [(1999, 1), (2000, 0), (1, 1)]] == ["99.9 %", "100.0 %", "50.0 %"]


def test_what_ran_under_an_engagement_is_not_named_by_the_contracts_service():
    own = contract_under("enghouse-premium")
    definition = versions.definition(own.support_service)
    other = versions.definition(versions.latest("calltower-ese"))
    terms = [Terms(own.pk, "Premium, C-1", definition), Terms(own.pk + 1, "Premium, C-2", definition)]
    counts = [
        Count(None, "update", "provider", f"{code}@1", "", "met", n, own.pk)
        for code, n in [("enghouse-premium", 1), ("calltower-ese", 14)]
    ]
    found = lines(counts, terms, {each.code: each for each in (definition, other)}, "Northwind")
    assert {line.met: line.service for line in found if line.kind == "update"} == {
        1: "Premium, C-1",
        14: f"{other.name} (Premium, C-1)",
    }
    assert {line.attained for line in found if not line.met} == {"none owed", "no tickets"}


def test_a_promise_that_was_past_at_a_change_of_priority_is_not_done_yet(clock):
    ticket = raise_ticket(contract_under("exponential-e-ucc"), utc("2026-10-12 09:00"), priority="Normal")
    priority.assess(ticket, "High", by=ANA, at=utc("2026-10-14 09:00"))
    fix = ticket.clocks.filter(kind="fix", state="running").get()
    assert fix.verdict == "missed"
    told = explain(fix, ZoneInfo("UTC"), at=utc("2026-10-15 09:00")).sentence
    assert told.endswith("and is not done yet.")
