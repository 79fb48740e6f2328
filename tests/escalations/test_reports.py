"""Major incident reports: owed after what the service says, by when it says, written, issued to all who are told, corrected."""

from datetime import timedelta

import pytest
from django.urls import reverse

from escalations import outages, owing, report_paper, reporting
from escalations.models import IncidentReport, ReportPaper, ReportRecipient, ReportVersion
from support import jobs
from support.actors import Actor
from support.models import Mail, Message, Outcome
from support.refusal import Refused
from tests.attacks import refused, run
from tests.escalations.outage_cases import declare, hit_contract
from tests.escalations.report_cases import WORDS, drafted, issued, over, owed, solved
from tests.factories import ANA, TESTS, ContactFactory
from tests.paper import needs_pango
from tests.support.desk_cases import contract_under, raise_ticket, utc

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("priority", ["1", "A"])
def test_after_an_outage_of_severity_1_or_a_one_is_owed_within_five_days(cast, clock, priority):
    report = owed(cast, clock, over(cast, clock, priority=priority))
    assert report.number.startswith("MIR-")
    assert (report.ended_at, report.due_at) == (utc("2026-10-14 11:00"), utc("2026-10-19 11:00"))
    assert owing.owe(utc("2026-10-14 11:12")) == 0


def test_after_a_p1_it_is_owed_within_five_business_days_of_the_plan(cast, clock):
    standard = owed(cast, clock, solved(cast, clock))
    premium = owed(cast, clock, solved(cast, clock, service="enghouse-premium"))
    assert standard.due_at == utc("2026-10-21 11:00")  # Wednesday to Wednesday
    assert premium.due_at == utc("2026-10-19 11:00")


def test_nothing_is_owed_while_it_goes_on_or_where_the_service_asks_for_none(cast, clock):
    declare(cast, clock, hit_contract(cast.northwind))
    solved(cast, clock, priority="P2")
    solved(cast, clock, service="exponential-e-ucc", priority="Critical")
    solved(cast, clock, service="microsoft-o365-dedicated", priority="A")
    solved(cast, clock, outcome=Outcome.WITHDRAWN)
    solved(cast, clock, channel="import")
    assert owing.owe(utc("2026-10-14 11:01")) == 0


def test_an_outage_speaks_for_the_tickets_that_it_is_behind(cast, clock):
    contract = contract_under("enghouse-standard", holder=cast.northwind)
    ticket = solved(cast, clock, contract=contract)
    outage = declare(cast, clock, contract, at="2026-10-14 11:10", priority="P1")
    outages.link(outage, [ticket], by=Actor.of(cast.ana), at=clock(utc("2026-10-14 11:11")))
    assert owing.owe(clock(utc("2026-10-14 11:12"))) == 0


def test_whoever_raised_a_ticket_behind_it_is_given_the_outages_report(cast, clock, client):
    """Nobody of his company is nominated for outages: without the outage he would have had the ticket's own report."""
    hit, other = (
        hit_contract(service="enghouse-standard"),
        contract_under("enghouse-standard", holder=cast.northwind),
    )
    ticket = raise_ticket(other, clock(utc("2026-10-14 09:00")), priority="P1", contact=cast.robin_contact)
    outage = over(cast, clock, hit, other, priority="P1", tickets=[ticket])
    ticket.resolve(outcome="resolved", by=ANA, at=clock(utc("2026-10-14 11:05")))
    report = owed(cast, clock, outage)
    assert not IncidentReport.objects.exclude(pk=report.pk).exists()
    assert [customer.name for customer in reporting.unheard(report)] == []
    version = issued(cast, clock, report)
    given = {row.contact for row in version.given_to.select_related("contact")}
    assert cast.robin_contact in given
    assert len(given) == version.recipients == 2
    for who, status in ((cast.robin, 200), (cast.kim, 404)):
        client.force_login(who)
        page = client.get(reverse("escalations:own-report", args=[report.number]))
        assert page.status_code == status
    client.force_login(cast.robin)  # the outage's own page is for its audience
    page = client.get(reverse("escalations:own-report", args=[report.number])).text
    assert (outage.number in page, reverse("escalations:own-outage", args=[outage.number]) in page) == (
        True,
        False,
    )


def test_who_would_not_read_it_is_named(cast, clock, client):
    hit, deaf = hit_contract(cast.northwind), contract_under("microsoft-o365-dedicated", holder=cast.tailspin)
    report = drafted(cast, clock, owed(cast, clock, over(cast, clock, hit, deaf)))
    client.force_login(cast.max)
    assert f"Nobody is told at {cast.tailspin.name}." in client.get(report.get_absolute_url()).text


def test_issued_it_goes_to_the_designated_contacts_each_in_his_zone(cast, clock):
    cast.robin_contact.nominated_for_outages = True
    cast.robin_contact.by(TESTS).save()
    version = issued(cast, clock)
    given = ReportRecipient.objects.filter(version=version).select_related("contact", "mail")
    assert version.recipients == given.count() == 2
    texts = {row.contact.time_zone: row.mail.text for row in given}
    assert "06:30 (America/New_York)" in texts["America/New_York"]  # as the outage says it
    assert WORDS["root_cause"] in texts["America/New_York"]
    assert f"/my/incident-reports/{version.report.number}/" in texts["America/New_York"]
    assert (version.state, version.issued_at, version.actor_name) == (
        "issued",
        utc("2026-10-15 10:00"),
        "Max",
    )


def test_that_of_a_ticket_goes_to_who_is_nominated_and_who_raised_it(cast, clock):
    nominated = ContactFactory(customer=cast.northwind, nominated_for_outages=True)
    ContactFactory(customer=cast.northwind)
    ContactFactory(customer=cast.northwind, nominated_for_outages=True, active=False)
    ContactFactory(customer=cast.tailspin, nominated_for_outages=True)
    contract = contract_under("enghouse-standard", holder=cast.northwind)
    ticket = solved(cast, clock, contract=contract, contact=cast.robin_contact)
    version = issued(cast, clock, owed(cast, clock, ticket))
    assert {row.contact for row in version.given_to.all()} == {nominated, cast.robin_contact}


def test_what_happened_is_what_the_customer_was_told_and_nothing_of_the_desks(cast, clock):
    version = issued(cast, clock)
    told = " ".join(each["text"] for each in version.story)
    assert [each["at"] for each in version.story] == sorted(each["at"] for each in version.story)
    for words in ["We declared the outage.", "Mailboxes cannot be opened.", "It was over.", "It was tried"]:
        assert words in told
    for words in ["own note", "Robin and two others", "Ana"]:
        assert words not in told


def test_the_story_of_a_ticket_leaves_notes_out(cast, clock):
    contract = contract_under("enghouse-standard", holder=cast.northwind)
    ticket = solved(cast, clock, contract=contract)
    ticket.reopen(by=ANA, at=clock(utc("2026-10-14 11:05")))
    Message.note(ticket, "Secret of the desk.", by=ANA, at=clock(utc("2026-10-14 11:06")))
    Message.reply(ticket, "It is back.", by=ANA, at=clock(utc("2026-10-14 11:07")))
    ticket.resolve(outcome="workaround", by=ANA, at=clock(utc("2026-10-14 11:10")))
    version = issued(cast, clock, owed(cast, clock, ticket))
    told = [each["text"] for each in version.story]
    assert told[0] == "It was reported to us."
    assert told[-3:] == ["It came back.", "We wrote to you.", "It ended: workaround."]
    assert "Secret" not in f"{version.story}"


def test_it_is_not_issued_without_impact_and_cause_or_while_the_ticket_is_open_again(cast, clock):
    ticket = solved(cast, clock)
    report = drafted(cast, clock, owed(cast, clock, ticket), root_cause=" ")
    by, at = Actor.of(cast.max), clock(utc("2026-10-15 10:00"))
    with pytest.raises(Refused, match="root cause first"):
        reporting.issue(report, by=by, at=at)
    reporting.write(report, **WORDS, by=by, at=at)
    ticket.reopen(by=ANA, at=at)
    with pytest.raises(Refused, match="open again"):
        reporting.issue(report, by=by, at=at)
    assert report not in IncidentReport.objects.late(report.due_at + timedelta(days=1))
    assert not Mail.objects.filter(key__startswith="report:").exists()


def came_back(cast, clock, ticket):
    ticket.reopen(by=ANA, at=clock(utc("2026-10-20 09:00")))
    ticket.resolve(outcome="resolved", by=ANA, at=clock(utc("2026-10-25 12:00")))


def test_of_a_ticket_that_came_back_it_is_dated_by_the_last_end(cast, clock):
    ticket = solved(cast, clock, service="enghouse-premium")
    report = owed(cast, clock, ticket)
    came_back(cast, clock, ticket)
    assert [owing.owe(clock(utc(f"2026-10-25 12:0{n}"))) for n in (1, 2)] == [1, 0]
    report.refresh_from_db()
    assert (report.ended_at, report.due_at) == (utc("2026-10-25 12:00"), utc("2026-10-30 12:00"))
    assert report not in IncidentReport.objects.late(utc("2026-10-26 09:00"))
    drafted(cast, clock, report)


def test_issued_before_the_job_has_run_it_says_the_last_end_too(cast, clock):
    contract = contract_under("enghouse-premium", holder=cast.northwind)
    ticket = solved(cast, clock, contract=contract, contact=cast.robin_contact)
    report = drafted(cast, clock, owed(cast, clock, ticket))
    came_back(cast, clock, ticket)
    reporting.issue(report, by=Actor.of(cast.max), at=clock(utc("2026-10-25 12:00")))
    assert report.ended_at == utc("2026-10-25 12:00")
    assert "was over on Sun 25 Oct 2026" in Mail.objects.get(key__startswith="report:").text
    ticket.reopen(by=ANA, at=clock(utc("2026-10-26 09:00")))
    ticket.resolve(outcome="resolved", by=ANA, at=clock(utc("2026-10-26 12:00")))
    assert owing.owe(clock(utc("2026-10-26 12:01"))) == 0  # what was issued keeps its date


def test_a_correction_is_a_further_version_that_says_what_it_corrects(cast, clock):
    first = issued(cast, clock)
    report, by, at = first.report, Actor.of(cast.ana), clock(utc("2026-10-16 09:00"))
    with pytest.raises(Refused, match="is issued: begin a further version"):
        reporting.write(report, **WORDS, by=by, at=at)
    second = reporting.begin(report, by=by, at=at)
    assert (second.position, second.impact) == (2, first.impact)
    assert second.actions.get().text == first.actions.get().text
    with pytest.raises(Refused, match="what is corrected"):
        reporting.issue(report, by=by, at=at)
    reporting.write(report, **WORDS, correction="It was a router.", by=by, at=at)
    reporting.issue(report, by=Actor.of(cast.max), at=at)
    assert reporting.issued_of(report).position == 2
    mail = Mail.objects.filter(key__startswith=f"report:{second.pk}:").get()
    assert "Corrected report" in mail.subject
    assert "It was a router." in mail.text


def test_an_action_is_taken_out_of_a_draft(cast, clock):
    report = drafted(cast, clock)
    by, at = Actor.of(cast.ana), clock(utc("2026-10-15 09:10"))
    reporting.drop_action(report, 1, by=by, at=at)
    with pytest.raises(Refused, match="not there any more"):
        reporting.drop_action(report, 1, by=by, at=at)
    assert not reporting.draft_of(report).actions.exists()


@needs_pango
def test_the_mail_takes_the_pdf_along_made_once_for_each_customer(cast, clock, mailoutbox, settings):
    version = issued(cast, clock)
    for mail in Mail.objects.filter(key__startswith="report:"):
        jobs.app.tasks["support.send_mail"].func(mail=mail.pk)
    (name, content, kind) = mailoutbox[0].attachments[0]
    assert (name, kind) == (f"{version.report.number}-1.pdf", "application/pdf")
    assert content == ReportPaper.objects.get().content()
    assert content.startswith(b"%PDF")
    assert report_paper.make_lacking(clock(utc("2026-10-15 11:00"))) == 0


@needs_pango
def test_where_nobody_is_nominated_the_paper_is_made_all_the_same(cast, clock):
    report = owed(cast, clock)
    nominated = cast.northwind.contacts.get(nominated_for_outages=True)
    nominated.nominated_for_outages = False
    nominated.by(TESTS).save()
    version = issued(cast, clock, report)
    assert version.recipients == 0
    assert report_paper.make_lacking(clock(utc("2026-10-15 11:00"))) == 1
    assert ReportPaper.objects.get().version == version
    assert ReportVersion.objects.get() == version


def test_a_manager_issues_it_and_nobody_else(cast, clock):
    report = drafted(cast, clock)
    at = clock(utc("2026-10-15 10:00"))
    with pytest.raises(Refused, match="Only a support manager issues a report"):
        reporting.issue(report, by=Actor.of(cast.ana), at=at)
    with refused("reports_are_issued_by_managers"):
        run(
            "UPDATE escalations_reportversion SET state = 'issued', story = '[{}]' WHERE id = %s",
            reporting.draft_of(report).pk,
        )
    assert reporting.issue(report, by=Actor.of(cast.max), at=at).state == "issued"
