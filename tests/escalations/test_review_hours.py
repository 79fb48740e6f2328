"""Hours outside the contract: offered, approved, used and invoiced in the month, beside the money."""

from decimal import Decimal
from zoneinfo import ZoneInfo

from billing import invoicing, timing
from billing.models import OfferEnd
from billing.money import Money
from escalations.hours import hours_of
from escalations.months import Month
from escalations.review import review
from support.actors import Actor
from tests.billing.billing_cases import at, offered, requested, set_clock, signed, world
from tests.escalations.review_cases import up_to
from tests.factories import TESTS, CustomerFactory
from tests.ground import standing_on

UTC = ZoneInfo("UTC")
OCTOBER = Month(2026, 10, UTC)
FIRST = OCTOBER.first_day


@standing_on
def w():
    """Four hours offered at 09:00 on 14 October and approved at 10:00, at $250.00 in steps of 15 minutes."""
    return world()


def worked(w, start, stop):
    timing.book(
        w.engagement,
        approval=w.approval,
        person=w.ana,
        started_at=at(start),
        stopped_at=at(stop),
        text="Captures",
        by=Actor.of(w.ana),
        at=at(18),
    )


def figures(customer, month=OCTOBER):
    hours = hours_of(customer, month)
    return hours.offered, hours.approved, hours.used, hours.invoiced, hours.money


def test_each_step_of_an_engagement_is_counted_in_its_month(w):
    customer = w.ticket.customer
    assert figures(customer) == (240, 240, 0, 0, (Money(Decimal(0), "USD"),))
    worked(w, 11, 11.75)
    worked(w, 13, 13.1)  # six minutes are billed as fifteen
    assert figures(customer)[2] == 60
    invoicing.run(w.entity, FIRST, by=TESTS, at=at(18))
    assert figures(customer) == (240, 240, 60, 60, (Money(Decimal("250.00"), "USD"),))
    assert hours_of(customer, OCTOBER.back(-1)).engagements == ()
    assert hours_of(CustomerFactory(), OCTOBER).engagements == ()


def test_a_draft_is_not_invoiced_and_a_credit_note_takes_off(w):
    worked(w, 11, 12)
    invoicing.draft(w.entity, FIRST, by=TESTS, at=at(18))
    assert figures(w.ticket.customer)[3] == 0
    [invoice] = invoicing.run(w.entity, FIRST, by=TESTS, at=at(18))
    invoicing.credit(invoice, reason="Wrong ticket.", by=TESTS, at=at(18))
    assert figures(w.ticket.customer)[2:] == (60, 0, (Money(Decimal(0), "USD"),))


def test_of_a_superseded_approval_what_was_used_stays_approved(w):
    worked(w, 11, 12)
    more = offered(w.engagement, w.robin, when=at(18), cap=120, replaces=w.offer)
    set_clock(at(19))
    signed(more, w.robin, at(19))
    assert figures(w.ticket.customer)[:3] == (360, 60 + 120, 60)


def test_an_offer_that_a_newer_one_replaced_is_offered_no_more(w):
    second = requested(w.contract, ticket=w.ticket)
    offered(second, w.robin, when=at(18), cap=60)
    offered(second, w.robin, when=at(18), cap=90)
    assert OfferEnd.objects.get().why == "replaced"
    assert figures(w.ticket.customer)[0] == 240 + 90


def test_the_review_prints_hours_and_money(w):
    worked(w, 11, 12.75)
    invoicing.run(w.entity, FIRST, by=TESTS, at=at(18))
    told = review(w.ticket.customer, up_to(OCTOBER), at=at(9, day=10, month=11), zone=UTC)
    assert [(row.name, row.hours, row.money) for row in told.outside] == [
        (f"{w.engagement.reference} Rebuild transfer routing", ("4 h", "4 h", "1 h 45", "1 h 45"), "$437.50"),
        ("All", ("4 h", "4 h", "1 h 45", "1 h 45"), "$437.50"),
    ]
    assert (told.figures[-1].name, told.figures[-1].value) == ("Invoiced", "$437.50")
