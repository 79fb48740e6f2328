"""The manager's morning: each number is the length of the list that it leads to, and what is done is in neither."""

from datetime import datetime

import pytest
from django.db import connection
from django.urls import reverse

from escalations import handing, handoff_alarms, managing, vendors
from escalations.models import IncidentReport, Outage
from escalations.morning import page
from escalations.morning.section import SHOWN
from support import jobs
from support.actors import Actor
from support.models import Clock, Ticket
from support.models.clocks import OPEN
from tests.attacks import run
from tests.escalations.handoff_cases import WORDS as HANDED
from tests.escalations.handoff_cases import severe
from tests.escalations.ladder_cases import escalate, ladder_ticket
from tests.escalations.outage_cases import declare, hit_contract, send
from tests.escalations.report_cases import issued, over
from tests.escalations.vendor_cases import open_case, told, vendor_ticket
from tests.factories import ANA, TESTS
from tests.support.desk_cases import contract_under, raise_ticket, utc

pytestmark = pytest.mark.django_db
PAGE = reverse("escalations:morning-page")
QUERIES, LIST_QUERIES = 26, 4
AT = "2026-10-14 12:00"
KEYS = ["late", "soon", "handoffs", "unacknowledged", "updates", "notices", "notices-soon"]
KEYS += ["undriven", "vendors", "reports-late", "reports", "jobs"]
NOT_YET = {"soon", "notices-soon", "reports"}  # on the page, and nobody has to act on it now


def failed_job():
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s",
            [jobs.defer("support.send_mail", mail=1)],
        )


def stalled_job(heard: datetime):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id", [heard])
        (worker,) = cursor.fetchone()
        number = jobs.defer("support.send_mail", mail=1)
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [worker, number]
        )


def owed_elsewhere(cast, now):
    """Two hand-offs that nobody took, two that nobody wrote; outages that were to be told at ten and are by half past twelve; reports, one late."""
    for _ in range(2):
        handing.offer(severe("2026-10-14 09:00"), **HANDED, by=ANA, at=now("2026-10-14 09:30"))
    now("2026-10-14 10:00")
    assert handoff_alarms.sweep() == 4
    hit = hit_contract()
    declare(cast, now, hit, at="2026-10-14 09:00")
    told = declare(cast, now, hit, at="2026-10-14 09:10")
    declare(cast, now, hit, at="2026-10-14 11:30")
    send(told, cast, now, "2026-10-14 11:40")
    for due in ("2026-10-14 11:50", "2026-10-19 11:00"):
        IncidentReport.objects.create(outage=over(cast, now, hit, at="2026-10-14 10:50"), due_at=utc(due))


@pytest.fixture
def night(cast, now):
    """More of some kinds than a section shows, one done ticket of each, at noon of a Wednesday."""
    now("2026-10-14 08:00")
    contract = contract_under("exponential-e-ucc", holder=cast.northwind)
    *late, done = (raise_ticket(contract, utc("2026-10-14 08:00"), priority="High") for _ in range(SHOWN + 2))
    for ticket in [*late[:2], done]:
        escalate(ticket, now, "2026-10-14 09:00")
    enghouse = contract_under("enghouse-standard")
    for _ in range(2):
        raise_ticket(enghouse, utc("2026-10-14 08:30"), priority="P1")
    driven, undriven, over = (vendor_ticket(at="2026-10-14 09:00") for _ in range(3))
    for ticket in [driven, undriven, over]:
        managing.of_severity(ticket, "executives", at=now("2026-10-14 09:10"))
    managing.take(driven, driver=cast.max, by=Actor.of(cast.max), at=now("2026-10-14 09:20"))
    case = open_case(driven, now, "2026-10-14 09:20")
    closed = open_case(case.ticket, now, "2026-10-14 09:21", number="2")
    told(vendors.close, closed, now, "2026-10-14 11:00", text="Over.")
    open_case(case.ticket, now, "2026-10-14 11:30", number="3")
    open_case(over, now, "2026-10-14 11:31", opened_at=utc("2026-10-14 09:25"), number="4")
    for ticket in [done, over]:
        ticket.resolve(outcome="resolved", by=TESTS, at=now("2026-10-14 11:50"))
    owed_elsewhere(cast, now)
    failed_job()
    stalled_job(utc("2026-10-14 11:50"))
    stalled_job(utc("2026-10-14 11:59"))  # at work
    now(AT)
    return late


def sections(client, cast):
    client.force_login(cast.max)
    return {each.key: each for each in client.get(PAGE).context["morning"].sections}


def length(response):
    """How many rows a list has over all its pages."""
    context = response.context
    if "board" in context:
        return len(context["board"].unaccepted)
    return context["cl"].result_count if "cl" in context else context["page"].paginator.count


def test_each_number_is_the_length_of_its_list(client, cast, night):
    found = sections(client, cast)
    assert found.keys() == set(KEYS)
    for key, section in found.items():
        assert section.count > 0, key
        answer = client.get(section.url)
        assert (answer.status_code, length(answer)) == (200, section.count), key
        assert len(section.lines) == min(section.count, SHOWN), key


def test_the_numbers_are_what_was_let_slip_on_tickets_that_are_not_done(client, cast, night):
    found = {key: section.count for key, section in sections(client, cast).items()}
    at = utc(AT)
    ours = Clock.objects.filter(owed_by="provider", state__in=OPEN, due_at__lte=at)
    assert found["late"] == ours.exclude(kind="update").count() >= SHOWN + 1
    assert found["updates"] == ours.filter(kind="update").count() == 2
    assert (found["unacknowledged"], found["undriven"], found["vendors"], found["jobs"]) == (2, 1, 1, 2)
    assert (found["handoffs"], found["notices"], found["notices-soon"]) == (4, 1, 2)
    assert (found["reports-late"], found["reports"]) == (1, 1)


def test_what_is_due_within_two_hours_is_about_to_and_needs_nobody_yet(client, cast, night):
    section = sections(client, cast)["soon"]
    due = Clock.objects.filter(owed_by="provider", state="running", due_at__gt=utc(AT))
    assert section.count == due.filter(due_at__lte=utc("2026-10-14 14:00")).count()
    assert section.says == "breach before 14:00"
    morning = client.get(PAGE).context["morning"]
    assert morning.waiting == sum(each.count for each in morning.sections if each.key not in NOT_YET)
    assert morning.oldest == min(line.since for each in morning.sections for line in each.lines if line.since)


def test_it_says_who_reads_when_and_in_which_zone(client, cast, night):
    cast.max.time_zone = "America/New_York"
    cast.max.by(TESTS, utc(AT)).save()
    client.force_login(cast.max)
    html = client.get(PAGE).text
    assert "Max, as of 08:00 America/New_York." in html
    assert "Wednesday 14 October" in html
    assert "The oldest has waited since 04:30." in html


def test_on_a_quiet_morning_nothing_needs_a_manager(client, cast, now):
    now(AT)
    run("DELETE FROM procrastinate_jobs")
    client.force_login(cast.max)
    html = client.get(PAGE).text
    assert "Nothing needs a manager." in html
    assert all(section.count == 0 for section in page.read(cast.max, utc(AT)).sections)


def test_a_list_that_nobody_knows_is_that_of_what_is_late(client, cast, night):
    client.force_login(cast.max)
    address = reverse("escalations:morning-clocks")
    assert length(client.get(address)) == length(client.get(f"{address}?show=late"))
    assert length(client.get(f"{address}?show=nonsense")) == length(client.get(address))


@pytest.mark.parametrize("name", ["morning-page", "morning-clocks"])
def test_it_is_a_managers(client, cast, name):
    for who, status in [(cast.ana, 403), (cast.fin, 403), (cast.robin, 404)]:
        client.force_login(who)
        assert client.get(reverse(f"escalations:{name}")).status_code == status


def test_it_is_the_first_of_management(client, cast):
    client.force_login(cast.max)
    html = client.get("/profile/").text
    assert html.index(">Management<") < html.index(f'href="{PAGE}"') < html.index('href="/management/"')


def test_more_rows_cost_no_more_queries(client, cast, night, now, django_assert_num_queries):
    client.force_login(cast.max)
    for _ in range(2):
        with django_assert_num_queries(QUERIES):
            client.get(PAGE)
        with django_assert_num_queries(LIST_QUERIES):
            client.get(reverse("escalations:morning-clocks"))
        escalate(ladder_ticket(), now, AT)


def test_what_was_told_handed_over_and_issued_leaves_it(client, cast, night, now):
    for outage in Outage.objects.not_closed():
        send(outage, cast, now, AT)
    for ticket in Ticket.objects.undone().exclude(handoff_alarms=None):
        ticket.resolve(outcome="resolved", by=TESTS, at=now(AT))
    for report in IncidentReport.objects.all():
        issued(cast, now, report)
    now(AT)
    found = {key: section.count for key, section in sections(client, cast).items()}
    assert [found[key] for key in ("handoffs", "notices", "reports-late", "reports")] == [0, 0, 0, 0]


def test_taken_answered_and_driven_things_leave_it(client, cast, night, now):
    before = sections(client, cast)
    for ticket in night[:2]:
        ticket.escalations.get().acknowledge(by=ANA, at=now("2026-10-14 12:05"))
    after = sections(client, cast)
    assert (before["unacknowledged"].count, after["unacknowledged"].count) == (2, 0)
