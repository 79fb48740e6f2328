"""Update cycles: the provider speaks in every interval, and each silence is kept."""

from datetime import timedelta

from tests.support.calendar_cases import utc
from tests.support.terms_cases import DEDICATED, ENGHOUSE, UCC
from tests.support.timeline_cases import opened


def severe():
    return opened("2026-03-02 09:00", DEDICATED, "A")


def test_the_first_cycle_starts_at_opening():
    clock = severe().clock("update")
    assert (clock.cycle, clock.started_at) == (1, utc("2026-03-02 09:00"))
    assert clock.due_at == utc("2026-03-02 11:00")


def test_each_update_starts_the_next_full_interval():
    line = severe().at("2026-03-02 09:30", "message.sent").at("2026-03-02 11:15", "call.made", connected=True)
    assert [clock.due_at for clock in line.clocks("update")] == [
        utc("2026-03-02 11:00"),
        utc("2026-03-02 11:30"),
        utc("2026-03-02 13:15"),
    ]


def test_five_updates_due_the_third_late_are_five_rows_one_missed():
    line = severe()
    for when in ("10:30", "12:00", "14:30", "16:00", "17:59"):
        line.at(f"2026-03-02 {when}", "message.sent")
    verdicts = [clock.verdict for clock in line.clocks("update")]
    assert verdicts == ["met", "met", "missed", "met", "met", "pending"]


def test_silence_is_one_missed_cycle_whose_length_is_kept():
    line = severe().at("2026-03-04 09:00", "message.sent")
    silent, _ = line.clocks("update")
    assert silent.verdict == "missed"
    assert silent.stopped_at - silent.started_at == timedelta(days=2)
    assert silent.attributed_to == "provider"


def test_an_automatic_message_is_no_update():
    assert len(severe().at("2026-03-02 10:00", "message.sent", automatic=True).clocks("update")) == 1


def test_a_call_taken_is_the_customers_word_not_an_update():
    line = severe().at("2026-03-02 10:00", "call.taken", connected=True)
    assert len(line.clocks("update")) == 1
    assert len(line.clocks("customer_update")) == 2


def test_a_notice_about_a_linked_outage_is_an_update_of_the_ticket():
    line = severe().at("2026-03-02 10:00", "notice.sent", outage=3)
    assert [clock.state for clock in line.clocks("update")] == ["stopped", "running"]
    assert line.clock("response").state == "running"


def test_the_customer_owes_updates_too():
    line = severe().at("2026-03-02 10:59", "message.received").at("2026-03-02 13:00", "message.received")
    first, second, third = line.clocks("customer_update")
    assert [first.owed_by, first.verdict, second.verdict] == ["customer", "met", "missed"]
    assert second.attributed_to == "customer_wait"
    assert third.due_at == utc("2026-03-02 15:00")


def test_an_out_of_office_reply_is_not_the_customers_word():
    assert (
        len(severe().at("2026-03-02 10:00", "message.received", automatic=True).clocks("customer_update"))
        == 1
    )


def test_waiting_stops_neither_sides_updates():
    line = severe().waits("2026-03-02 09:10")
    assert line.clock("update").due_at == utc("2026-03-02 11:00")
    assert line.clock("customer_update").due_at == utc("2026-03-02 11:00")


def test_a_workaround_ends_the_updates_for_good():
    line = opened("2026-03-02 09:00", ENGHOUSE, "P1").at("2026-03-02 10:00", "workaround.given")
    line.at("2026-03-02 12:00", "message.sent")
    assert [clock.state for clock in line.clocks("update")] == ["stopped"]


def test_a_plan_ends_restoration_but_not_the_updates():
    line = opened("2026-03-02 09:00", ENGHOUSE, "P1").at("2026-03-02 10:00", "plan.given")
    assert line.clock("fix").verdict == "met"
    assert line.clock("update").state == "running"


def test_a_workaround_does_not_end_a_fix_where_the_service_does_not_name_it():
    line = opened("2026-03-02 09:00", UCC, "Critical").at("2026-03-02 10:00", "workaround.given")
    assert line.clock("fix").state == "running"


def test_a_workaround_that_the_customer_refused_ends_nothing():
    line = opened("2026-03-02 09:00", ENGHOUSE, "P1").at(
        "2026-03-02 10:00", "workaround.given", accepted=False
    )
    assert [line.clock("fix").state, line.clock("update").state] == ["running", "running"]
