"""A case with a vendor: its clocks are the vendor's, under its own definition, and the customer's answer to its questions."""

from support.clocks.events import SubjectRef
from support.clocks.terms import Subject
from tests.support.calendar_cases import utc
from tests.support.terms_cases import PINS, UCC, VENDOR
from tests.support.timeline_cases import opened

CASE = SubjectRef(Subject.CASE, 3)


def case(severity, when="2026-03-02 10:00"):
    line = opened("2026-03-02 09:00", UCC, "High")
    return line.at(
        when, "case.opened", subject=CASE, service=f"{VENDOR.code}@1", calendars=PINS, severity=severity
    )


def test_the_vendor_answers_within_its_own_time():
    clock = case("A").clock("vendor_response", CASE)
    assert (clock.due_at, clock.owed_by) == (utc("2026-03-02 11:00"), "vendor")
    assert case("B").clock("vendor_response", CASE).due_at == utc("2026-03-02 12:00")
    assert case("C", "2026-03-02 16:00").clock("vendor_response", CASE).due_at == utc("2026-03-03 12:00")


def test_somebody_comes_after_four_hours_on_severity_a_alone():
    assert case("A").clock("dispatch", CASE).due_at == utc("2026-03-02 14:00")
    assert case("B").clocks("dispatch", CASE) == []


def test_an_answer_and_a_dispatch_stop_what_they_answer():
    line = case("A").at("2026-03-02 11:30", "case.answered", subject=CASE)
    line.at("2026-03-02 13:59", "case.dispatched", subject=CASE)
    answer, sent = line.clock("vendor_response", CASE), line.clock("dispatch", CASE)
    assert (answer.verdict, answer.attributed_to, sent.verdict) == ("missed", "vendor", "met")


def test_another_severity_counts_from_the_old_start():
    line = case("C").at("2026-03-02 10:30", "case.severity", subject=CASE, severity="A")
    assert line.clock("vendor_response", CASE).due_at == utc("2026-03-02 11:00")
    assert line.clock("dispatch", CASE).due_at == utc("2026-03-02 14:00")


def test_the_customer_answers_each_question_within_a_day():
    line = case("C").at("2026-03-02 11:00", "case.asked_customer", subject=CASE)
    asked = line.clock("customer_answer", CASE)
    assert (asked.due_at, asked.owed_by) == (utc("2026-03-03 11:00"), "customer")
    line.at("2026-03-03 12:00", "message.received")
    answered = line.clock("customer_answer", CASE)
    assert (answered.verdict, answered.attributed_to) == ("missed", "customer_wait")
    line.at("2026-03-03 13:00", "case.asked_customer", subject=CASE)
    assert [clock.cycle for clock in line.clocks("customer_answer", CASE)] == [1, 2]


def test_our_clocks_run_on_and_the_vendors_outlive_the_ticket():
    line = case("A")
    assert line.clock("fix").due_at == utc("2026-03-02 19:00")
    line.at("2026-03-02 10:30", "ticket.resolved")
    assert line.clock("vendor_response", CASE).state == "running"
    line.at("2026-03-02 10:40", "case.closed", subject=CASE)
    assert [clock.state for clock in line.fold() if clock.subject == CASE] == ["cancelled", "cancelled"]


def test_a_wait_on_the_ticket_stops_nothing_of_the_vendors():
    line = case("A").waits("2026-03-02 10:10", "2026-03-02 10:50", "customer")
    assert line.clock("vendor_response", CASE).due_at == utc("2026-03-02 11:00")


def test_a_case_with_a_vendor_that_promises_nothing_has_no_clocks():
    line = opened("2026-03-02 09:00", UCC, "High").at(
        "2026-03-02 10:00", "case.opened", subject=CASE, vendor="carrier"
    )
    assert [clock for clock in line.fold() if clock.subject == CASE] == []
