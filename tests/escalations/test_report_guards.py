"""Rules of reports in the database: scripts and SQL as the serving role get no further than the pages do."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from escalations import notices, outages, owing, reporting
from escalations.models import IncidentReport, ReportAction, ReportRecipient, ReportVersion
from support.actors import Actor
from support.mail import outbox
from tests.attacks import refused, run
from tests.cases import Cast
from tests.escalations.outage_cases import SAID, declare, hit_contract
from tests.escalations.report_cases import drafted, issued, over, owed, solved
from tests.factories import ANA, ContactFactory
from tests.support.desk_cases import contract_under, utc

REPORT = "INSERT INTO escalations_incidentreport (number, {what}_id, ended_at, due_at) VALUES ('MIR-1', %s, %s, %s) RETURNING id"
VERSION = (
    "INSERT INTO escalations_reportversion (report_id, position, state, impact, root_cause, correction, story, recipients, issued_at, "
    "actor_kind, actor_id, actor_name) VALUES (%s, 7, 'issued', 'i', 'c', '', '[]', 9, now(), %s, %s, 'x') RETURNING id"
)
ACTION = (
    "INSERT INTO escalations_reportaction (version_id, position, text, owner_id, owner_name, due_on) "
    "VALUES (%s, 9, 'More', %s, 'Somebody', '2026-11-01')"
)
ISSUE = (
    "UPDATE escalations_reportversion SET state = 'issued', story = '[{}]', actor_id = (SELECT id FROM support_user WHERE name = 'Max') "
    "WHERE id = %s"
)
PAPER = "INSERT INTO escalations_reportpaper (version_id, customer_id, file_id, sha256) VALUES (%s, %s, %s, ''::bytea)"


def sql_report(subject):
    what = subject._meta.model_name
    return run(REPORT.format(what=what), subject.pk, "2020-01-01 00:00+00", "2026-12-01 00:00+00")


@pytest.mark.django_db
def test_one_is_owed_after_what_the_service_says_and_once_it_is_over(cast, clock):
    for subject in [
        solved(cast, clock, priority="P2"),
        solved(cast, clock, service="exponential-e-ucc", priority="Critical"),
    ]:
        with refused("report_as_the_service_says"):
            sql_report(subject)
    open_again = solved(cast, clock)
    open_again.reopen(by=ANA, at=clock(utc("2026-10-14 11:05")))
    for subject in [open_again, declare(cast, clock, hit_contract(cast.northwind))]:
        with refused("report_follows_the_end"):
            sql_report(subject)
    contract = contract_under("enghouse-standard")
    behind = solved(cast, clock, contract=contract)
    outage = declare(cast, clock, contract, at="2026-10-14 11:10", priority="P1")
    outages.link(outage, [behind], by=Actor.of(cast.ana), at=clock(utc("2026-10-14 11:11")))
    with refused("one_report_of_one_incident"):
        sql_report(behind)


@pytest.mark.django_db
def test_number_and_end_are_the_databases_and_there_is_one(cast, clock):
    outage = over(cast, clock)
    sql_report(outage)
    report = IncidentReport.objects.get()
    assert report.number != "MIR-1"
    assert report.ended_at == utc("2026-10-14 11:00")
    with refused("outage_id"):
        sql_report(outage)


@pytest.mark.django_db
def test_a_version_begins_as_a_draft_by_the_desk_one_at_a_time(cast, clock):
    report = owed(cast, clock)
    for kind, who in [("contact", cast.robin_contact.pk), ("staff", cast.robin.pk), ("system", None)]:
        with refused("reports_are_the_providers"):
            run(VERSION, report.pk, kind, who)
    run(VERSION, report.pk, "staff", cast.ana.pk)
    row = ReportVersion.objects.get()
    assert (row.state, row.position, row.recipients, row.issued_at) == ("draft", 1, 0, None)
    with refused("one_draft_of_a_report"):
        run(VERSION, report.pk, "staff", cast.ana.pk)


@pytest.mark.django_db
def test_an_issued_version_is_whole_and_reaches_everybody(cast, clock):
    report = drafted(cast, clock)
    draft = reporting.draft_of(report)
    with refused("report_reaches_its_audience"):
        run(ISSUE, draft.pk)
    for column in ("impact", "root_cause"):
        with refused("an_issued_report_is_whole"):
            run(ISSUE.replace("SET", f"SET {column} = ' ',"), draft.pk)
    with refused("an_issued_report_is_whole"):
        run(ISSUE.replace("[{}]", "[]"), draft.pk)


@pytest.mark.django_db
def test_an_issued_version_never_changes_nor_does_anything_of_it(cast, clock):
    version = issued(cast, clock)
    for change in [
        "impact = 'x'",
        "story = '[]'",
        "state = 'draft'",
        "issued_at = now()",
        "actor_name = 'x'",
    ]:
        with refused("an_issued_report_never_changes"):
            run(f"UPDATE escalations_reportversion SET {change} WHERE id = %s", version.pk)
    with refused("an_issued_report_never_changes"):
        run(ACTION, version.pk, cast.ana.pk)
    with refused("an_issued_report_never_changes"):
        ReportAction.objects.filter(version=version).delete()
    for sql in [
        "DELETE FROM escalations_reportversion",
        "TRUNCATE escalations_reportversion CASCADE",
        "UPDATE escalations_reportversion SET position = 2",
        "UPDATE escalations_reportaction SET due_on = '2030-01-01'",
        "TRUNCATE escalations_reportaction",
        "UPDATE escalations_incidentreport SET ended_at = '2020-01-01'",
        "UPDATE escalations_incidentreport SET number = 'MIR-1'",
        "DELETE FROM escalations_incidentreport",
        "TRUNCATE escalations_incidentreport CASCADE",
        "DELETE FROM escalations_reportrecipient",
        "UPDATE escalations_reportrecipient SET contact_id = 1",
        "DELETE FROM escalations_reportpaper",
        "ALTER TABLE escalations_reportversion DISABLE TRIGGER guard",
    ]:
        with refused(""), transaction.atomic():
            run(sql)


@pytest.mark.django_db
def test_without_its_guard_an_issued_version_would_change(cast, clock):
    version = issued(cast, clock)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET ROLE NONE")
        cursor.execute("ALTER TABLE escalations_reportversion DISABLE TRIGGER guard")
        cursor.execute("SET ROLE countersign_app")
    run("UPDATE escalations_reportversion SET impact = 'None at all.' WHERE id = %s", version.pk)
    version.refresh_from_db()
    assert version.impact == "None at all."


@pytest.mark.django_db
def test_a_report_goes_to_its_audience_once_by_each_ones_own_mail(cast, clock):
    version = issued(cast, clock)
    stranger = ContactFactory(customer=cast.tailspin, nominated_for_outages=True)
    at = utc("2026-10-15 10:00")
    mail = outbox.queue(
        f"report:{version.pk}:{stranger.pk}", to=[stranger.email], subject="s", text="t", at=at
    )
    with refused("only_the_audience_is_given_it"):
        ReportRecipient.objects.create(version=version, contact=stranger, mail=mail)
    late = ContactFactory(customer=cast.northwind, nominated_for_outages=True)
    mail = outbox.queue(f"report:{version.pk}:{late.pk}", to=[late.email], subject="s", text="t", at=at)
    with refused("report_reaches_its_audience"):
        ReportRecipient.objects.create(version=version, contact=late, mail=mail)


@pytest.mark.django_db
def test_an_actions_owner_is_of_the_desk_and_named_as_he_is(cast, clock):
    draft = reporting.draft_of(drafted(cast, clock))
    with refused("an_actions_owner_is_of_the_desk"):
        run(ACTION, draft.pk, cast.robin.pk)
    run(ACTION, draft.pk, cast.max.pk)
    assert draft.actions.get(position=2).owner_name == "Max"


@pytest.mark.django_db
def test_a_paper_is_of_an_issued_version(cast, clock):
    draft = reporting.draft_of(drafted(cast, clock))
    with refused("only_issued_reports_leave"):
        run(PAPER, draft.pk, cast.northwind.pk, 1)


@pytest.mark.parametrize("guarded", [True, pytest.param(False, marks=pytest.mark.broken_on_purpose)])
def test_an_action_added_while_it_is_issued_is_in_it_or_refused(own_database, guarded):
    """Sixteen add while one issues: what is in the report was there as it was issued."""
    report, cast = _made()
    if not guarded:
        with connection.as_owner():
            run("ALTER TABLE escalations_reportaction DISABLE TRIGGER guard")
            run("ALTER TABLE escalations_reportaction ALTER COLUMN position DROP NOT NULL")
    draft, barrier, seen = reporting.draft_of(report), threading.Barrier(17), []

    def issue():
        barrier.wait()
        with transaction.atomic():
            reporting.issue(report, by=Actor.of(cast.max), at=utc("2026-10-15 10:00"))
            barrier_of_adding.wait()
            seen.extend(ReportAction.objects.filter(version=draft).values_list("pk", flat=True))

    def add(n):
        barrier.wait()
        barrier_of_adding.wait()
        run(ACTION.replace("9,", f"{n + 10},", 1), draft.pk, cast.ana.pk)

    barrier_of_adding = threading.Barrier(17)

    def worked(act, *args):
        try:
            act(*args)
        except Exception as error:
            return f"{error}"
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(17) as pool:
        done = pool.submit(worked, issue)
        answers = [each.result() for each in [pool.submit(worked, add, n) for n in range(16)]]
    assert done.result() == ""
    after = set(ReportAction.objects.filter(version=draft).values_list("pk", flat=True))
    if guarded:
        assert after == set(seen)
        assert all("has been issued" in answer for answer in answers)
    else:
        assert len(after) > len(seen)


@pytest.mark.parametrize("guarded", [True, pytest.param(False, marks=pytest.mark.broken_on_purpose)])
def test_two_who_begin_at_once_have_one_draft(own_database, guarded):
    report, cast = _made(begun=False)
    if not guarded:
        with connection.as_owner():
            run("ALTER TABLE escalations_reportversion DISABLE TRIGGER guard")
            run("DROP INDEX one_draft_of_a_report")
            run("ALTER TABLE escalations_reportversion DROP CONSTRAINT report_version_once")
    barrier = threading.Barrier(2)

    def begin(_):
        barrier.wait()
        try:
            with transaction.atomic():
                reporting.begin(report, by=Actor.of(cast.ana), at=utc("2026-10-15 09:00"))
        except Exception as error:
            return f"{error}"
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(begin, range(2)))
    assert ReportVersion.objects.count() == (1 if guarded else 2)
    assert answers[0] == ""
    assert not guarded or "is there already" in answers[1]


def _made(begun=True):
    at = utc("2026-10-14 09:00")
    with transaction.atomic():
        cast = Cast.made()
        by = Actor.of(cast.ana)
        outage = outages.declare(
            [hit_contract(cast.northwind)],
            product=None,
            priority="A",
            title="Down",
            began_at=at,
            by=by,
            at=at,
        )
    outages.resolve(outage, ended_at=at, text="Over.", by=by, at=at)
    outages.validate(outage, text="Tried.", by=by, at=at)
    notices.send(outage, **SAID, by=by, at=at)
    owing.owe(timezone.now())
    report = IncidentReport.objects.get()
    if begun:
        reporting.begin(report, by=by, at=at)
        reporting.write(report, impact="i", root_cause="c", by=by, at=at)
    return report, cast
