"""Plays the last full month: everything through the verbs; a run that was interrupted goes on where it stopped."""

import random
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Sum

from billing import invoicing
from billing.models import Approval, Engagement, Invoice, Offer, TimeEntry
from config import simulation
from config.demo import (
    book,
    calls,
    clock,
    engagements,
    handoffs,
    mail,
    maintenance,
    onsite,
    outages,
    papers,
    reports,
    upward,
    vendors,
)
from config.demo.month import Month
from config.demo.steps import Steps
from config.demo.tickets import Desk, Story
from support.actors import Actor
from support.models import (
    CallRecord,
    Contact,
    Contract,
    Customer,
    Event,
    InboundMail,
    LegalEntity,
    Ticket,
    User,
)
from support.refusal import Refused

MARK = "demo of "
TICKETS = 14  # a customer's in the month
AGENTS = ("Ana", "Noor", "Jun")
NUMBERS = [f"C-{sketch.code}" for sketch in book.CUSTOMERS]


def month_of_the_demo(today: date) -> Month:
    """The month that the first run chose; it marks the database then, if nobody lives in it. Raises Refused otherwise."""
    why = simulation.why()
    if why.startswith(MARK):
        return Month(date.fromisoformat(f"{why.removeprefix(MARK)}-01"))
    if why:
        raise Refused(
            f"This database is a simulation already ({why}): name another in DATABASE_URL, or run make reset."
        )
    if any(model.objects.exists() for model in (User, Customer, Contact, Contract, Ticket)):
        raise Refused(
            "This database holds records and is not a demo, so it is left alone: name an empty one in DATABASE_URL, "
            "or empty the embedded one with make reset."
        )
    month = Month.before(today)
    simulation.mark(f"{MARK}{month}")
    return month


def play(month: Month, now: datetime, steps: Steps) -> None:
    """Make the book, play the month and its engagements, invoice it: whatever of it is not there yet."""
    try:
        if not Customer.objects.filter(code=book.CUSTOMERS[0].code).exists():
            _book_and_tickets(month, now, steps)
        with steps.step("Engagements, approvals and time"):
            _engagements(month, steps)
            _asked_today(now)
        with steps.step("Cases with Microsoft"):
            contract = Contract.objects.get(number="C-fabrikam")
            vendors.play(contract, User.objects.get(email="noor@countersign.example"), month, now)
        with steps.step("Onsite assistance"):
            contract = Contract.objects.get(number="C-contoso")
            onsite.play(contract, User.objects.get(email="noor@countersign.example"), now)
        with steps.step("Hand-offs to the next region"):
            handoffs.play(Contract.objects.get(number="C-fabrikam"), now)
        with steps.step("An outage"):
            noor = User.objects.get(email="noor@countersign.example")
            outages.play(Contract.objects.get(number="C-contoso"), noor, month)
        with steps.step("A major incident report"):
            reports.play(noor, User.objects.get(email="max@countersign.example"))
        with steps.step("Maintenance"):
            ana = User.objects.get(email="ana@countersign.example")
            maintenance.play(Contract.objects.get(number="C-wide-world"), ana, month, now)
        with steps.step("Mail of today"):
            if not InboundMail.objects.exists():
                mail.play(Contact.objects.get(email=f"robin@{book.CUSTOMERS[0].code}.example"), now)
        with steps.step("Invoices"):
            _invoices(month)
        with steps.step("Papers"):
            papers.write(month, now)
    finally:
        clock.back_to_real()


@transaction.atomic
def _book_and_tickets(month: Month, now: datetime, steps: Steps) -> None:
    before = clock.set_to(month.starts("UTC") - timedelta(days=20))
    with steps.step("People, customers and contracts"):
        people = book.people(before)
        company = book.entity(before)
        contracts = [book.customer(sketch, company, people["Max"], before) for sketch in book.CUSTOMERS]
        rates = engagements.card(before)
        for contract in contracts:
            if contract.engagement_service:
                engagements.rate(contract, rates, before)
    agents = [people[name] for name in AGENTS]
    with steps.step("Tickets of the month"):
        _tickets(month, contracts, agents, steps)
    with steps.step("Tickets of today"):
        _today(contracts, agents, now)
    with steps.step("Escalations of today"):
        upward.play(contracts, people, now)
    with steps.step("Calls and chats"):
        for contract in contracts:
            calls.play(contract, month, now)


def _engagements(month: Month, steps: Steps) -> None:
    """One for each customer that engages, a week's mornings each for its agent; and one more for the first."""
    contracts = sorted(
        Contract.objects.filter(rate__isnull=False, number__in=NUMBERS), key=lambda c: NUMBERS.index(c.number)
    )
    agents = [User.objects.get(name=name, email__endswith="@countersign.example") for name in AGENTS]
    manager = User.objects.get(email="max@countersign.example")
    for place, sketch in enumerate(engagements.SKETCHES):
        agent, contract = agents[place % len(agents)], contracts[place % len(contracts)]
        day = 5 + 9 * (place // len(agents))  # nobody works on two at once
        morning = month.starts(agent.time_zone) + timedelta(days=day, hours=9)
        engagements.play(sketch, contract, agent, manager, morning)
        steps.progress(place + 1, len(engagements.SKETCHES), "engagements played")


def _asked_today(now: datetime) -> None:
    """An offer that waits for its answer: whoever tries the demo finds its link in the mail."""
    agent = User.objects.get(email="ana@countersign.example")
    contract = Contract.objects.get(number=NUMBERS[0])
    engagements.play(engagements.ASKED_TODAY, contract, agent, agent, now - timedelta(hours=2))


def _invoices(month: Month) -> None:
    """Finance drafts and issues the month on the second day of the next one, and closes it."""
    entity = LegalEntity.objects.get(customers__code=book.CUSTOMERS[0].code)
    at = clock.set_to(month.ends(entity.time_zone) + timedelta(days=1, hours=10))
    book.finance(entity, at)
    by = Actor.of(User.objects.get(email="fin@countersign.example"))
    if Invoice.objects.issued().filter(legal_entity=entity, month=month.first).exists():
        return
    invoicing.run(entity, month.first, by=by, at=at)


def _tickets(month: Month, contracts: list[Contract], agents: list[User], steps: Steps) -> None:
    desk = Desk(agents, random.Random(f"countersign {month}"))  # noqa: S311  the same month gives the same story
    for place, contract in enumerate(contracts):
        zone = contract.holder.time_zone
        start, end = month.starts(zone), month.ends(zone)
        for number in range(TICKETS):
            opens = start + timedelta(minutes=desk.draw.uniform(0, (end - start).total_seconds() / 60 - 2000))
            Story(contract, desk, opens, until=end).play()
            steps.progress(place * TICKETS + number + 1, len(contracts) * TICKETS, "tickets played")


def _today(contracts: list[Contract], agents: list[User], now: datetime) -> None:
    """Tickets that came in during the last hours before the first run, so that the queue shows a day at work."""
    desk = Desk(agents, random.Random("countersign today"))  # noqa: S311
    for contract in contracts * 2:
        opened = now - timedelta(minutes=desk.draw.uniform(5, 500))
        Story(contract, desk, opened, until=now).play()


def counts(month: Month) -> dict[str, int]:
    """What the demo made, whatever was imported or typed since: its own customers, up to the end of its month."""
    codes = [sketch.code for sketch in book.CUSTOMERS]
    ends = max(month.ends(sketch.zone) for sketch in book.CUSTOMERS)
    tickets = Ticket.objects.filter(customer__code__in=codes, opened_at__lt=ends)
    asked = Engagement.objects.filter(ticket__in=tickets, requested_at__lt=ends)
    entries = TimeEntry.objects.approved().filter(engagement__in=asked, started_at__lt=ends)
    invoices = Invoice.objects.issued().filter(bill_to__code__in=codes, month=month.first, credits=None)
    return {
        "customers": len(codes),
        "people of customers": Contact.objects.filter(customer__code__in=codes).count(),
        "contracts": Contract.objects.filter(number__in=NUMBERS).count(),
        "tickets": tickets.count(),
        "events": Event.objects.filter(ticket__in=tickets, at__lt=ends).count(),
        "calls and chats": CallRecord.objects.filter(
            contract__number__in=NUMBERS, offered_at__lt=ends
        ).count(),
        "engagements": asked.count(),
        "offers": Offer.objects.filter(engagement__in=asked, sent_at__lt=ends).count(),
        "approvals": Approval.objects.filter(engagement__in=asked, decided_at__lt=ends).count(),
        "approved time entries": entries.count(),
        "billed minutes": entries.aggregate(sum=Sum("billed_minutes"))["sum"] or 0,
        "invoices": invoices.count(),
        "service reviews": len(codes),
    }
