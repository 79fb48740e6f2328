"""Cases with a vendor: the claimed times stand beside the clocks, which count from what was written down."""

import pytest

from escalations import vendors
from escalations.models import VendorCase, VendorEscalation, VendorStep
from support.models import Clock, Event, Wait
from support.refusal import Refused
from tests.escalations.vendor_cases import escalate, open_case, told, vendor_ticket
from tests.factories import ANA
from tests.support.desk_cases import contract_under, due, raise_ticket, utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(clock):
    clock(utc("2026-10-14 09:00"))
    return vendor_ticket()


@pytest.fixture
def case(ticket, clock):
    return open_case(ticket, clock)


def clock_of(case, kind):
    return (
        Clock.objects.filter(ticket=case.ticket_id, subject_id=case.pk, kind=kind).order_by("position").last()
    )


@pytest.mark.parametrize(
    ("severity", "response", "dispatch"),
    [
        ("A", "2026-10-14 10:00", "2026-10-14 13:00"),  # responds in 1 h, day and night; onsite after 4 h
        ("B", "2026-10-14 11:00", None),  # responds in 2 h
        ("C", "2026-10-14 17:00", None),  # responds in 4 business hours: New York opens at 13:00 UTC
    ],
)
def test_each_severity_of_microsofts_table_has_its_clocks(ticket, clock, severity, response, dispatch):
    open_case(ticket, clock, severity=severity)
    assert (due(ticket, "vendor_response"), due(ticket, "dispatch")) == (response, dispatch)


@pytest.mark.parametrize(("severity", "answer"), [("A", None), ("B", None), ("C", "2026-10-15 10:00")])
def test_under_c_a_question_is_answered_within_24_hours(ticket, clock, severity, answer):
    case = open_case(ticket, clock, severity=severity)
    told(vendors.asked, case, clock, "2026-10-14 10:00", text="Which domains?")
    assert due(ticket, "customer_answer") == answer


def test_the_claimed_time_and_its_source_stand_beside_the_clock(ticket, clock):
    case = open_case(ticket, clock, "2026-10-14 09:40", opened_at=utc("2026-10-14 09:10"), opened_how="mail")
    assert (case.opened_at, case.opened_how) == (utc("2026-10-14 09:10"), "mail")
    assert due(ticket, "vendor_response") == "2026-10-14 10:40"
    event = Event.objects.get(ticket=ticket, kind="case.opened")
    assert (event.subject_kind, event.subject_id) == ("case", case.pk)
    assert event.facts["claimed_at"] == "2026-10-14T09:10:00+00:00"
    assert (event.facts["source"], event.source) == ("mail", "")


def test_an_answer_stops_the_vendors_clock_and_not_ours(case, ticket, clock):
    told(vendors.answered, case, clock, "2026-10-14 09:50", claimed_at=utc("2026-10-14 09:45"))
    assert clock_of(case, "vendor_response").verdict == "met"
    assert clock_of(case, "dispatch").state == "running"
    assert ticket.clocks.get(kind="response").state == "running"
    assert VendorCase.objects.get().state == "answered"


def test_somebody_on_site_stops_the_dispatch_clock_once(case, clock):
    told(vendors.dispatched, case, clock, "2026-10-14 12:00")
    assert clock_of(case, "dispatch").verdict == "met"
    with pytest.raises(Refused, match="stands already"):
        told(vendors.dispatched, case, clock, "2026-10-14 12:10")


def test_another_severity_counts_from_the_old_start(ticket, clock):
    case = open_case(ticket, clock, severity="B")
    told(vendors.change_severity, case, clock, "2026-10-14 09:30", severity="A", text="All sites now.")
    assert clock_of(case, "vendor_response").due_at == utc("2026-10-14 10:00")
    assert clock_of(case, "dispatch").due_at == utc("2026-10-14 13:00")
    assert VendorCase.objects.get().severity == "A"
    with pytest.raises(Refused, match="not another severity"):
        told(vendors.change_severity, case, clock, "2026-10-14 09:40", severity="A", text="Again.")


def test_closing_cancels_what_runs_and_ends_the_wait_that_names_the_case(ticket, clock):
    case = open_case(ticket, clock, waits=True)
    assert Wait.objects.get().awaited == f"Microsoft, case {case.number}"
    assert ticket.state == "waiting"
    told(vendors.close, case, clock, "2026-10-14 09:20", text="Their outage is over.")
    assert clock_of(case, "vendor_response").state == "cancelled"
    assert Wait.objects.get().ended_at is not None
    with pytest.raises(Refused, match="closed"):
        told(vendors.noted, case, clock, "2026-10-14 09:30", text="x")


def test_a_wait_goes_on_while_another_case_hangs_on_it(ticket, clock):
    first = open_case(ticket, clock, waits=True)
    second = open_case(ticket, clock, number="2", waits=True)
    assert first.wait == second.wait
    told(vendors.close, first, clock, "2026-10-14 09:20", text="Merged.")
    assert Wait.objects.get().ended_at is None


def test_a_distributor_has_no_clocks_and_no_severity(ticket, clock):
    case = open_case(ticket, clock, party="distributor", severity="", number="ING-77")
    assert case.service is None
    assert not Clock.objects.filter(subject_kind="case").exists()
    with pytest.raises(Refused, match="leave it empty"):
        open_case(ticket, clock, party="distributor", number="ING-78")


def test_a_case_without_a_known_severity_is_refused(ticket, clock):
    for severity in ["", "D"]:
        with pytest.raises(Refused, match="severities"):
            open_case(ticket, clock, severity=severity)


def test_the_same_number_is_recorded_once(case, ticket, clock):
    with pytest.raises(Refused, match="stands on the ticket already"):
        open_case(ticket, clock)


def test_a_ticket_that_is_done_gets_no_case(ticket, clock):
    ticket.resolve(outcome="resolved", by=ANA, at=utc("2026-10-14 09:30"))
    with pytest.raises(Refused, match="done"):
        open_case(ticket, clock, "2026-10-14 09:40")


def test_what_is_claimed_is_past_and_after_the_opening(case, clock):
    with pytest.raises(Refused, match="past"):
        told(vendors.noted, case, clock, "2026-10-14 09:30", text="x", claimed_at=utc("2026-10-14 09:45"))
    with pytest.raises(Refused, match="before the case was opened"):
        told(vendors.noted, case, clock, "2026-10-14 09:30", text="x", claimed_at=utc("2026-10-14 08:45"))


def test_a_case_is_escalated_only_after_the_vendor_missed_a_target(case, clock):
    with pytest.raises(Refused, match="has missed no target"):
        escalate(case, clock, "2026-10-14 10:00")
    row = escalate(case, clock, "2026-10-14 10:01")
    assert (row.kind, row.severity, row.at) == ("vendor_response", "A", utc("2026-10-14 10:01"))
    with pytest.raises(Refused, match="Write why"):
        escalate(case, clock, "2026-10-14 10:02", reason=" ")
    told(vendors.answered, case, clock, "2026-10-14 10:30")
    assert escalate(case, clock, "2026-10-14 10:31").kind == "vendor_response"  # late is late
    assert VendorEscalation.objects.count() == 2


def test_a_target_missed_by_another_severity_is_not_the_vendors(ticket, clock):
    case = open_case(ticket, clock, severity="C")
    told(vendors.change_severity, case, clock, "2026-10-14 10:30", severity="A", text="All sites now.")
    assert clock_of(case, "vendor_response").attributed_to == "reclassification"
    with pytest.raises(Refused, match="has missed no target"):
        escalate(case, clock, "2026-10-14 10:31")
    assert escalate(case, clock, "2026-10-14 13:01").kind == "dispatch"


def test_facts_hold_no_text_and_no_address(case, clock):
    told(vendors.noted, case, clock, "2026-10-14 09:10", text="Call Jo, jo@microsoft.example")
    vendors.change_contact(
        case,
        contact_name="Jo",
        contact_email="jo@microsoft.example",
        contact_phone="1",
        by=ANA,
        at=utc("2026-10-14 09:11"),
    )
    facts = f"{list(Event.objects.filter(subject_kind='case').values_list('facts', flat=True))}"
    assert "Jo" not in facts
    assert "@microsoft" not in facts
    assert VendorCase.objects.get().contact_email == "jo@microsoft.example"
    assert VendorStep.objects.filter(kind="contact").count() == 1


def test_where_no_service_names_the_vendors_clocks_there_are_none(clock):
    clock(utc("2026-10-14 09:00"))
    ticket = raise_ticket(contract_under("exponential-e-ucc"), utc("2026-10-14 09:00"), priority="High")
    case = open_case(ticket, clock, severity="")
    assert not Clock.objects.filter(subject_kind="case").exists()
    assert VendorCase.objects.get() == case


def test_a_case_that_is_answered_rings_no_alarm_and_one_that_is_not_does(case, ticket, clock):
    armed = ticket.alarms.filter(key__startswith="case:", fired_at=None)
    assert {(row.threshold, row.due_at) for row in armed if "vendor_response" in row.key} == {
        ("75", utc("2026-10-14 09:45")),
        ("100", utc("2026-10-14 10:00")),
    }
    told(vendors.answered, case, clock, "2026-10-14 09:40")
    assert not [row for row in armed.all() if "vendor_response" in row.key]
