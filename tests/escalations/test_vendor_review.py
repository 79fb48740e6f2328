"""Whose the misses were, in the service review and on the ticket: Microsoft's lateness explains a promise that fell."""

import pytest

from escalations import vendors
from support.desk import promising
from support.models import Message, Wait
from tests.escalations.review_cases import october_of
from tests.escalations.vendor_cases import open_case, told, vendor_ticket
from tests.factories import ANA
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(clock):
    """Answered at once, and promised for noon."""
    clock(utc("2026-10-14 09:00"))
    made = vendor_ticket()
    Message.reply(made, "We see it.", by=ANA, at=utc("2026-10-14 09:01"))
    promising.promise(made, utc("2026-10-14 12:00"), "", by=ANA, at=utc("2026-10-14 09:02"))
    return made


def resolve(ticket, at):
    ticket.refresh_from_db()
    ticket.resolve(outcome="resolved", by=ANA, at=utc(at))


def misses(ticket):
    return {(miss.kind, miss.whose): miss.whose_why for miss in october_of(ticket.customer).misses}


def test_a_promise_that_fell_because_microsoft_was_late_is_microsofts(ticket, clock):
    case = open_case(ticket, clock, "2026-10-14 09:10")  # an answer owed by 10:10, somebody on site by 13:10
    told(vendors.answered, case, clock, "2026-10-14 13:10", claimed_at=utc("2026-10-14 13:05"))
    resolve(ticket, "2026-10-14 13:30")
    review = october_of(ticket.customer)
    why = misses(ticket)["Committed time", "Microsoft"]
    assert why == "Microsoft was late from Wed 14 Oct, 11:10, for 3 h 15 while this ran; it is 1 h 30 late."
    assert ("Vendor’s response", "Microsoft") in misses(ticket)
    [share] = review.shares
    assert (share.whose, share.n) == ("Microsoft", 3)  # somebody on site, too
    assert "Microsoft 3" in review.missed


@pytest.mark.parametrize(
    ("pressed", "late"),
    [
        ([], "2 h"),
        ([("11:20", "A"), ("11:30", "B")], "2 h"),
        ([("11:20", "A")], "2 h 30"),  # at A somebody on site by 13:10, too
    ],
)
def test_a_vendor_who_is_late_is_late_until_he_comes_whatever_its_severity_is_then(
    ticket, clock, pressed, late
):
    case = open_case(ticket, clock, "2026-10-14 09:10", severity="B")  # an answer owed by 11:10
    for at, severity in pressed:
        told(vendors.change_severity, case, clock, f"2026-10-14 {at}", severity=severity, text="Worse.")
    told(vendors.answered, case, clock, "2026-10-14 13:10")
    resolve(ticket, "2026-10-14 13:40")
    assert misses(ticket)["Committed time", "Microsoft"] == (
        f"Microsoft was late from Wed 14 Oct, 12:10, for {late} while this ran; it is 1 h 40 late."
    )


def test_a_severity_that_is_raised_again_moves_no_blame_of_a_month_that_is_over(ticket, clock):
    """Somebody on site was owed by 13:10, until at 14:30 the case was one of B; that it is one of A again changes nothing."""
    promising.promise(ticket, utc("2026-10-14 14:00"), "", by=ANA, at=utc("2026-10-14 09:05"))
    case = open_case(ticket, clock, "2026-10-14 09:10")
    told(vendors.answered, case, clock, "2026-10-14 09:30")
    told(vendors.change_severity, case, clock, "2026-10-14 14:30", severity="B", text="Less.")
    resolve(ticket, "2026-10-14 17:00")
    clock(utc("2026-11-01 09:00"))
    before = misses(ticket)
    told(vendors.change_severity, case, clock, "2026-11-03 09:00", severity="A", text="Again.")
    assert misses(ticket) == before
    assert ("Committed time", ticket.customer.legal_entity.name) in before


def test_what_nobody_ever_did_is_not_said_to_be_done_late(ticket, clock):
    case = open_case(ticket, clock, "2026-10-14 09:10")
    told(vendors.answered, case, clock, "2026-10-14 09:30")
    told(vendors.close, case, clock, "2026-10-14 14:30", text="Done by phone.")
    resolve(ticket, "2026-10-14 15:00")
    late = {miss.kind: miss.late_by for miss in october_of(ticket.customer).misses}
    assert late == {"Committed time": "3 h", "Vendor on site": "not done, over after 1 h 20"}


def test_where_microsoft_kept_its_time_the_miss_is_ours(ticket, clock):
    case = open_case(ticket, clock, "2026-10-14 09:10")
    told(vendors.answered, case, clock, "2026-10-14 10:00")
    told(vendors.close, case, clock, "2026-10-14 10:30", text="Done.")
    resolve(ticket, "2026-10-14 13:30")
    provider = ticket.customer.legal_entity.name
    why = misses(ticket)["Committed time", provider]
    assert why == "Nobody was awaited when it fell due, and no vendor was late while it ran."
    assert october_of(ticket.customer).shares[0].whose == provider


def test_a_vendor_who_says_that_he_came_in_time_is_believed_for_our_miss(ticket, clock):
    case = open_case(ticket, clock, "2026-10-14 09:10")
    told(vendors.answered, case, clock, "2026-10-14 12:50", claimed_at=utc("2026-10-14 10:05"))
    told(vendors.close, case, clock, "2026-10-14 12:55", text="Done.")
    resolve(ticket, "2026-10-14 13:00")
    provider = ticket.customer.legal_entity.name
    assert ("Committed time", provider) in misses(ticket)


def test_a_wait_for_the_customer_that_is_over_when_it_falls_due_excuses_nobody(ticket, clock):
    open_case(ticket, clock, "2026-10-14 09:10")
    ticket.refresh_from_db()
    wait = Wait.begin(ticket, reason="customer", by=ANA, at=clock(utc("2026-10-14 11:00")))
    wait.end(by=ANA, at=clock(utc("2026-10-14 11:30")))  # moves the promise to 12:30
    resolve(ticket, "2026-10-14 12:40")
    assert ("Committed time", "Microsoft") in misses(ticket)  # the wait was over when it fell due


def test_what_happens_after_the_month_alters_no_miss_of_it(ticket, clock):
    case = open_case(ticket, clock, "2026-10-14 09:10")
    resolve(ticket, "2026-10-14 13:30")
    before = misses(ticket)["Committed time", "Microsoft"]
    told(vendors.answered, case, clock, "2026-11-03 09:00")
    told(vendors.close, case, clock, "2026-11-03 10:00", text="Done.")
    assert misses(ticket)["Committed time", "Microsoft"] == before


def test_the_ticket_says_it_too_and_names_no_vendor_where_none_was_late(ticket, clock, client, cast, now):
    now("2026-10-14 12:20")
    client.force_login(cast.ana)
    html = client.get(ticket.get_absolute_url()).content.decode()
    assert "Whose the misses are" in html
    assert "Nobody was awaited when it fell due" in html


def test_the_review_as_a_file_shows_it(ticket, clock):
    from escalations.review import render_html

    open_case(ticket, clock, "2026-10-14 09:10")
    resolve(ticket, "2026-10-14 13:30")
    html = render_html(ticket.customer, "2026-10")
    assert "Whose it was: Microsoft." in html
    assert "Whose the misses were" in html
