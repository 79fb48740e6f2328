"""The figures of a review, against a small month worked out by hand."""

from zoneinfo import ZoneInfo

import pytest

from escalations.review import review
from support import timeline
from support.models import Message, Wait
from tests.escalations.ladder_cases import escalate
from tests.escalations.review_cases import LONDON, OCTOBER, kept, october_of, small_october, ticket, up_to
from tests.factories import ANA, CustomerFactory
from tests.support.desk_cases import contract_under, utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def october(db):
    return small_october()


def test_tickets_by_the_priority_that_they_had(october):
    told = october_of(october[0].customer)
    assert (told.opened, told.closed, told.open) == (4, 4, 1)
    [table] = told.tickets
    assert table.columns == ("Critical", "High", "Normal", "Low", "All")
    assert table.rows == (
        ("Opened", (1, 3, 0, 0, 4)),
        ("Closed", (0, 3, 1, 0, 4)),
        ("Open at the end", (1, 0, 0, 0, 1)),
    )
    assert told.figures[0].note == "1 in September 2026"


def test_promises_fall_into_the_month_in_which_they_were_kept_or_due(october):
    told = october_of(october[0].customer)
    assert kept(told, "First response") == (2, 1, 1, 0, 0, "66.7 %")
    assert kept(told, "Troubleshooting") == (3, 1, 0, 0, 0, "75.0 %")
    assert kept(told, "Fix") == (3, 1, 0, 1, 0, "75.0 %")
    assert {line.verdict for line in told.attainment} == {"not judged"}  # this service sets no objective


def test_the_month_after_has_the_rest(october):
    told = review(october[0].customer, up_to(OCTOBER.back(-1)), at=utc("2026-12-01 09:00"), zone=LONDON)
    assert (told.opened, told.closed, told.open) == (0, 1, 0)
    assert kept(told, "Fix") == (0, 1, 0, 0, 0, "0.0 %")  # due 1 November 03:00


def test_a_review_of_long_ago_says_what_it_said_then(october):
    customer = october[0].customer
    before = october_of(customer)
    october[1].reopen(by=ANA, at=utc("2026-11-12 09:00"))
    after = october_of(customer, at="2027-03-01 09:00")
    assert (after.opened, after.closed, after.open) == (before.opened, before.closed, before.open)
    assert after.attainment == before.attainment


def test_every_miss_is_explained_and_somebodys(october):
    told = october_of(october[0].customer)
    assert [(miss.ticket, miss.clock, miss.late_by, miss.whose) for miss in told.misses] == [
        (october[0].number, "Fix, 48 business hours", "17 h 30", "Your company"),
        (october[3].number, "First response, 30 min", "counted apart", "Change of priority"),
        (october[4].number, "First response, 30 min", "15 min", "Your company"),
        (october[4].number, "Troubleshooting, 1 h", "not done in the month", "Your company"),
    ]
    assert told.missed == "3 misses: Your company 3. 1 came from a change of priority and is counted apart."
    assert "due Tue 6 Oct, 16:30 and done Wed 7 Oct, 10:00, 17 h 30 late." in told.misses[0].why
    assert sum(row.minutes for row in told.misses[0].rows) == 48 * 60


def test_while_the_month_goes_on_what_is_due_later_is_not_missed(october):
    customer = october[0].customer
    told = october_of(customer, at="2026-10-06 15:00")
    assert kept(told, "Fix")[:4] == (2, 0, 0, 1)  # due at 15:30
    assert told.until == "Tue 6 Oct, 16:00"


def test_a_late_clock_that_still_runs_is_missed_already():
    contract = contract_under("exponential-e-ucc")
    ticket(contract, "2026-10-05 09:00", "High")
    told = october_of(contract.holder)
    assert kept(told, "First response") == (0, 1, 0, 0, 0, "0.0 %")
    assert told.misses[0].late_by == "not done in the month"
    assert "It was due Mon 5 Oct, 10:30 and was not done by Sun 1 Nov, 00:00." in told.misses[0].why
    told = october_of(contract.holder, at="2026-10-06 09:00")
    assert told.misses[0].late_by == "not done yet"
    assert "It was due Mon 5 Oct, 10:30 and is not done yet." in told.misses[0].why


def test_no_tickets_is_never_a_percentage():
    contract = contract_under("enghouse-standard")
    told = october_of(contract.holder)
    assert [(line.name, line.aim, line.attained, line.verdict) for line in told.attainment] == [
        ("First response", "95 %", "no tickets", "not judged"),
        ("Fix", "95 %", "no tickets", "not judged"),
    ]
    assert (told.tickets, told.misses, told.silence) == ((), (), "")
    assert told.lead[0] == "No ticket was opened and none was closed."
    assert not any(bar for bar in told.trend.bands)


def test_a_customer_without_anything_has_a_review_too():
    assert october_of(CustomerFactory()).attainment == ()


def test_an_objective_is_held_or_not():
    contract = contract_under("enghouse-standard")
    for day in range(19):
        row = ticket(contract, f"2026-10-{day + 5:02} 09:00", "P3")
        Message.call(
            row, "Connected.", made=True, connected=True, by=ANA, at=utc(f"2026-10-{day + 5:02} 09:05")
        )
    late = ticket(contract, "2026-10-05 09:00", "P3")
    assert kept(october_of(contract.holder), "First response")[:2] == (19, 1)
    [line, _] = october_of(contract.holder).attainment[:2]
    assert (line.attained, line.verdict) == ("95.0 %", "held")
    second = ticket(contract, "2026-10-06 09:00", "P3")
    [line, _] = october_of(contract.holder).attainment[:2]
    assert (line.attained, line.verdict) == ("90.5 %", "not held")
    assert late.number != second.number


def test_the_longest_silence_stands_beside_what_was_promised():
    contract = contract_under("microsoft-o365-dedicated")
    row = ticket(contract, "2026-10-05 09:00", "A", replied="2026-10-05 09:30")
    Message.reply(row, "Still looking.", by=ANA, at=utc("2026-10-06 11:40"))
    row.resolve(outcome="restored", by=ANA, at=utc("2026-10-06 12:00"))
    told = october_of(contract.holder)
    assert told.silence == (
        f"The longest silence was 26 h 10: {row.number}, priority A, Mon 5 Oct, 10:30 to Tue 6 Oct, 12:40. "
        "Promised was an update every 2 h."
    )
    assert kept(told, "Progress update") == (2, 1, 0, 0, 0, "66.7 %")
    assert kept(told, f"Customer’s update, owed by {contract.holder}")[1] == 1
    assert {miss.whose for miss in told.misses} == {"Your company", contract.holder.name}


def test_a_miss_in_a_wait_for_the_customer_is_his():
    contract = contract_under("exponential-e-ucc")
    row = ticket(contract, "2026-10-05 09:00", "High", replied="2026-10-05 09:10")
    Wait.begin(row, reason="vendor", awaited="the carrier", by=ANA, at=utc("2026-10-05 10:00"))
    row.resolve(outcome="resolved", by=ANA, at=utc("2026-10-06 09:00"))
    whose = {miss.clock: miss.whose for miss in october_of(contract.holder).misses}
    assert whose == {"Troubleshooting, 1 h": "Vendor", "Fix, 10 h": "Vendor"}


def test_what_was_merged_or_declined_before_its_time_is_not_judged():
    contract = contract_under("exponential-e-ucc")
    row = ticket(contract, "2026-10-05 09:00", "High")
    timeline.record(row, "ticket.declined", by=ANA, at=utc("2026-10-05 09:10"), reason="duplicate")
    assert kept(october_of(contract.holder), "First response") == (0, 0, 0, 0, 1, "none judged")


def test_a_ticket_that_came_back_is_open_and_counted_closed_once(october):
    contract = contract_under("exponential-e-ucc")
    row = ticket(contract, "2026-10-05 09:00", "High", resolved="2026-10-05 10:00")
    row.reopen(by=ANA, at=utc("2026-10-08 10:00"))
    assert (october_of(contract.holder).closed, october_of(contract.holder).open) == (0, 1)
    row.resolve(outcome="resolved", by=ANA, at=utc("2026-10-09 10:00"))
    row.close(by=ANA, at=utc("2026-11-03 10:00"), reason="agreed")
    assert (october_of(contract.holder).closed, october_of(contract.holder).open) == (1, 0)
    november = review(contract.holder, up_to(OCTOBER.back(-1)), at=utc("2026-12-01 09:00"), zone=LONDON)
    assert november.closed == 0


def test_escalations_of_the_month_are_there_without_the_desks_own_words(clock, cast):
    row = ticket(contract_under("exponential-e-ucc"), "2026-10-05 09:00", "High")
    first = escalate(row, clock, "2026-10-05 10:20", contact=row.raised_by, reason="They are furious.")
    first.acknowledge(by=ANA, at=clock(utc("2026-10-05 10:26")))
    [raised] = october_of(row.customer).escalations
    assert (raised.ticket, raised.level) == (row.number, "1 of 4, Service Desk")
    assert raised.raised == f"Mon 5 Oct, 11:20 by {row.raised_by.name}"
    assert (raised.ground, raised.taken) == ("The ticket is not progressing", "11:26")
    assert (
        review(row.customer, up_to(OCTOBER.back(1)), at=utc("2026-11-01 09:00"), zone=LONDON).escalations
        == ()
    )


def test_one_that_was_acknowledged_in_the_next_month_was_not_in_its_own(clock, cast):
    row = ticket(contract_under("exponential-e-ucc"), "2026-10-30 09:00", "High")
    raised = escalate(row, clock, "2026-10-31 23:20", contact=row.raised_by)
    before = october_of(row.customer).escalations
    raised.acknowledge(by=ANA, at=clock(utc("2026-11-01 08:00")))
    assert october_of(row.customer).escalations == before
    assert before[0].taken == "not acknowledged"


def test_six_months_of_met_and_missed_with_none_where_nothing_was_judged(october):
    trend = october_of(october[0].customer).trend
    assert [name for name, _ in trend.months] == ["May", "Jun", "Jul", "Aug", "Sep", "Oct"]
    cells = {band.name: band.cells for band in trend.bands}
    assert cells["First response"] == (None, None, None, None, (1, 0), (2, 1))
    assert cells["Fix"] == (None, None, None, None, None, (3, 1))
    assert "Fix: May none; Jun none; Jul none; Aug none; Sep none; Oct 3 met, 1 missed." in trend.text


def test_the_month_is_the_customers_and_the_times_the_readers(october):
    told = october_of(october[0].customer, zone=ZoneInfo("America/Denver"))
    assert told.times == "Times are those of Denver; the month is that of London."
    assert "due Tue 6 Oct, 09:30 and done Wed 7 Oct, 03:00" in told.misses[0].why


def test_the_number_of_queries_does_not_follow_the_tickets(october, django_assert_num_queries):
    contract = october[0].contract
    customer = october[0].customer
    assert customer.legal_entity
    october_of(customer)
    with django_assert_num_queries(16):
        october_of(customer)
    for day in range(6, 12):
        ticket(contract, f"2026-10-{day:02} 09:00", "High", resolved=f"2026-10-{day + 2:02} 09:00")
    with django_assert_num_queries(16):
        october_of(customer)
