"""Pages of incident reports: the list, one with its verbs, who was given it, and the customer's own."""

import uuid

import pytest
from django.urls import reverse

from escalations import report_paper, reporting
from escalations.models import IncidentReport, ReportAction, ReportState
from support.actors import Actor
from support.refusal import Refused
from tests.escalations.outage_cases import hit_contract
from tests.escalations.report_cases import WORDS, drafted, issued, over, owed, solved
from tests.factories import ANA, TESTS, granted
from tests.paper import needs_pango
from tests.support.desk_cases import contract_under
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db

LIST_QUERIES, PAGE_QUERIES, OWN_QUERIES = 4, 12, 9
LIST = reverse("escalations:report-list")
OWN = reverse("escalations:own-report-list")
ACT = {"text": "Test the second supply.", "due_on": "2026-11-02"}
VERBS = ["begin", "write", "act", "drop", "issue"]


def send(client, cast, name, report, who=None, **data):
    who = who or (cast.max if name == "issue" else cast.ana)
    client.force_login(who)
    said = {"write": WORDS, "act": {**ACT, "owner": cast.ana.pk}}.get(name, {})
    args = [report.number, 1] if name == "drop" else [report.number]
    draft = reporting.draft_of(report) if report.pk else None
    if draft and name != "begin":
        said = {"seen": reporting.fingerprint(draft), **said}
    return post(client, f"escalations:report-{name}", *args, **{**said, **data})


def before(cast, clock, name):
    """A report on which this verb may be carried out."""
    return owed(cast, clock) if name == "begin" else drafted(cast, clock)


@pytest.mark.parametrize("name", VERBS)
def test_each_verb_works_once_and_is_refused_where_there_is_no_turn_for_it(client, cast, now, name):
    report, key = before(cast, now, name), uuid.uuid4()
    draft = reporting.draft_of(report)
    seen = {"seen": reporting.fingerprint(draft)} if draft else {}
    answers = [send(client, cast, name, report, key=key, **seen) for _ in range(2)]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, report.get_absolute_url())] * 2
    draft = reporting.draft_of(report)
    assert {
        "begin": lambda: draft.position == 1,
        "write": lambda: draft.actor_name == "Ana",
        "act": lambda: draft.actions.count() == 2,
        "drop": lambda: draft.actions.count() == 0,
        "issue": lambda: draft is None and reporting.issued_of(report).actor_name == "Max",
    }[name]()
    if name != "begin" and draft:
        reporting.issue(report, by=Actor.of(cast.max), at=now("2026-10-15 11:00"))
    assert send(client, cast, name, report).status_code == 409


@pytest.mark.parametrize("name", VERBS)
def test_strangers_finance_and_get_do_nothing(client, cast, now, name):
    report = before(cast, now, name)
    for who in (cast.kim, cast.robin):
        assert send(client, cast, name, report, who=who).status_code == 404
    assert send(client, cast, name, report, who=cast.fin).status_code == 403
    unknown = IncidentReport(number="MIR-9")
    assert send(client, cast, name, unknown).status_code == 404
    assert client.get(reverse(f"escalations:report-{name}", args=_args(name, report))).status_code == 405
    assert not report.versions.filter(state=ReportState.ISSUED).exists()


def _args(name, report):
    return [report.number, 1] if name == "drop" else [report.number]


def test_an_agent_writes_it_and_a_manager_issues_it(client, cast, now):
    report = drafted(cast, now)
    assert send(client, cast, "issue", report, who=cast.ana).status_code == 403
    html = client.get(report.get_absolute_url()).text
    assert "A manager issues it." in html
    assert "Issue the report" not in html
    client.force_login(cast.max)
    assert "Issue the report" in client.get(report.get_absolute_url()).text


def test_what_is_missing_is_said_beside_its_field(client, cast, now):
    report = drafted(cast, now)
    page = send(client, cast, "write", report, impact=" ")
    assert (page.status_code, list(page.context["forms"]["write"].errors)) == (422, ["impact"])
    for due_on in ("soon", "0026-11-02", "9999-12-31"):
        page = send(client, cast, "act", report, owner="999999", due_on=due_on)
        assert page.status_code == 422
        assert set(page.context["forms"]["act"].errors) == {"owner", "due_on"}
        assert "Whom you chose is not of the desk any more" in page.text
    assert ReportAction.objects.count() == 1


def test_the_last_to_save_does_not_win_over_words_he_never_saw(client, cast, now):
    report = drafted(cast, now)
    opened = reporting.fingerprint(reporting.draft_of(report))
    client.force_login(cast.ana)
    assert client.get(report.get_absolute_url()).text.count(f'value="{opened}"') == 3  # write, act, drop
    theirs = {"impact": "Ana's long words.", "root_cause": "Ana's cause."}
    assert send(client, cast, "write", report, seen=opened, **theirs).status_code == 302
    mine = {"impact": "Other words.", "root_cause": "Another cause."}
    page = send(client, cast, "write", report, who=cast.max, seen=opened, **mine)
    assert page.status_code == 409
    for words in ["Other words.", "Ana&#x27;s long words.", "has changed since you opened it"]:
        assert words in page.text
    draft = reporting.draft_of(report)
    assert draft.impact == "Ana's long words."
    assert page.context["forms"]["write"]["seen"].value() == reporting.fingerprint(draft)
    for name in ("act", "drop", "issue"):
        assert send(client, cast, name, report, seen=opened).status_code == 409, name
        assert send(client, cast, name, report, seen="").status_code == 409, name
    assert (draft.actions.count(), reporting.issued_of(report)) == (1, None)
    assert send(client, cast, "write", report, **mine).status_code == 302


def test_whoever_changed_an_action_has_written_last(client, cast, now):
    report = drafted(cast, now)
    opened = reporting.fingerprint(reporting.draft_of(report))
    send(client, cast, "act", report, who=cast.max)
    page = send(client, cast, "write", report, seen=opened)
    assert "(last written by Max)" in page.text
    send(client, cast, "drop", report, who=cast.ana)
    page = send(client, cast, "write", report, who=cast.max, seen=opened)
    assert "(last written by Ana)" in page.text


def test_what_a_manager_issues_is_what_he_read_with_its_actions(client, cast, now):
    report = drafted(cast, now)
    read = reporting.fingerprint(reporting.draft_of(report))
    client.force_login(cast.max)
    assert f'name="seen" value="{read}"' in client.get(report.get_absolute_url()).text
    send(client, cast, "act", report)
    page = send(client, cast, "issue", report, seen=read)
    assert (page.status_code, "Read it as it is now" in page.text) == (409, True)
    assert send(client, cast, "issue", report).status_code == 302


def test_the_list_knows_owed_draft_late_and_issued(client, cast, now, django_assert_num_queries):
    first = owed(cast, now, solved(cast, now))
    second = drafted(cast, now)
    third = issued(cast, now, owed(cast, now, over(cast, now))).report
    again = owed(cast, now, solved(cast, now))
    again.ticket.reopen(by=ANA, at=now("2026-10-20 09:00"))
    client.force_login(cast.fin)
    client.get(LIST)
    with django_assert_num_queries(LIST_QUERIES):
        page = client.get(LIST)
    assert [row.report for row in page.context["rows"]] == [second, first, again, third]
    assert [row.state for row in page.context["rows"]] == ["draft", "owed", "reopened", "issued"]
    for state, found in {
        "owed": [first],
        "draft": [second],
        "late": [second],
        "ahead": [first],
        "issued": [third],
        "nonsense": [second, first, again, third],
    }.items():
        rows = client.get(f"{LIST}?state={state}").context["rows"]
        assert [row.report for row in rows] == found, state
    assert len(client.get(f"{LIST}?text=northwind").context["rows"]) == 2
    assert len(client.get(f"{LIST}?text={first.ticket.number}").context["rows"]) == 1
    for _ in range(3):
        owed(cast, now, solved(cast, now))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(LIST)


def test_the_page_asks_no_more_for_more_actions(client, cast, now, django_assert_num_queries):
    report = drafted(cast, now)
    client.force_login(cast.max)
    client.get(report.get_absolute_url())
    for _ in range(2):
        with django_assert_num_queries(PAGE_QUERIES):
            client.get(report.get_absolute_url())
        for _ in range(3):
            send(client, cast, "act", report)
        client.force_login(cast.max)
        client.get(report.get_absolute_url())


def test_who_was_given_it_and_what_it_said(client, cast, now, robin_is_told):
    version = issued(cast, now)
    client.force_login(cast.fin)
    page = client.get(reverse("escalations:report-given", args=[version.report.number, 1]))
    for words in ["robin@customer.example", WORDS["root_cause"], "Give the switch a second supply.", "Ana"]:
        assert words in page.text
    assert client.get(reverse("escalations:report-given", args=[version.report.number, 2])).status_code == 404
    assert "Version 1" in client.get(version.report.get_absolute_url()).text


def test_the_customer_reads_what_was_issued_on_his_own_page(
    client, cast, now, robin_is_told, django_assert_num_queries
):
    report = drafted(cast, now)
    client.force_login(cast.robin)
    own = reverse("escalations:own-report", args=[report.number])
    assert client.get(own).status_code == 404
    assert "No report yet" in client.get(OWN).text
    reporting.issue(report, by=Actor.of(cast.max), at=now("2026-10-15 10:00"))
    with django_assert_num_queries(OWN_QUERIES):
        page = client.get(own)
    for words in [WORDS["impact"], WORDS["root_cause"], "We declared the outage.", "1 Nov 2026"]:
        assert words in page.text
    for words in ["own note", "two others tried", "Severity", "Max"]:
        assert words not in page.text
    assert report.number in client.get(OWN).text


def test_what_was_promised_by_somebody_who_left_stays_promised(client, cast, now):
    report = issued(cast, now).report
    leaving = cast.ana
    leaving.is_active = False
    leaving.by(TESTS).save()
    send(client, cast, "begin", report, who=cast.max)
    assert (
        "Ana left since: what was to be done by them is yours now"
        in client.get(report.get_absolute_url()).text
    )
    draft = reporting.draft_of(report)
    [action] = draft.actions.all()
    assert (action.text, action.owner_name) == ("Give the switch a second supply.", "Max")
    reporting.write(report, **WORDS, correction="All.", by=Actor.of(cast.max), at=now("2026-10-17 09:00"))
    cast.max.is_active = False
    cast.max.by(TESTS).save()
    with pytest.raises(Refused, match="Max has left"):
        reporting.issue(report, by=Actor.of(cast.fin), at=now("2026-10-17 09:00"))


def test_a_draft_of_a_correction_is_not_read_before_it_is_issued(client, cast, now, robin_is_told):
    report = issued(cast, now).report
    by, at = Actor.of(cast.ana), now("2026-10-16 09:00")
    reporting.begin(report, by=by, at=at)
    reporting.write(report, impact="Much worse.", root_cause="A router.", correction="All.", by=by, at=at)
    client.force_login(cast.robin)
    own = reverse("escalations:own-report", args=[report.number])
    assert "Much worse." not in client.get(own).text
    reporting.issue(report, by=Actor.of(cast.max), at=at)
    assert "Much worse." in client.get(own).text
    assert "This report has been corrected." in client.get(own).text


def test_foreign_is_unknown_and_a_partner_reads_by_grant(client, cast, now):
    contract = contract_under("enghouse-standard", holder=cast.northwind)
    report = issued(cast, now, owed(cast, now, solved(cast, now, contract=contract))).report
    for name in ("own-report", "own-report-pdf"):
        client.force_login(cast.kim)
        assert client.get(reverse(f"escalations:{name}", args=[report.number])).status_code == 404
    assert report.number not in client.get(OWN).text
    granted(cast.kim_contact, cast.northwind)
    assert client.get(reverse("escalations:own-report", args=[report.number])).status_code == 200
    for who in (cast.ana, cast.max):
        client.force_login(who)
        assert client.get(OWN).status_code == 403


@needs_pango
def test_each_customer_takes_his_own_pdf_away(client, cast, now, robin_is_told):
    other = hit_contract(cast.tailspin)
    outage = over(cast, now, hit_contract(cast.northwind))
    report = issued(cast, now, owed(cast, now, outage)).report
    assert other.holder == cast.tailspin
    client.force_login(cast.robin)
    own = reverse("escalations:own-report-pdf", args=[report.number])
    assert client.get(own).status_code == 409
    assert report_paper.make_lacking(now("2026-10-15 10:01")) == 1
    answer = client.get(own)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    client.force_login(cast.kim)
    assert client.get(own).status_code == 404
