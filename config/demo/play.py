"""Plays the last full month: everything through the verbs, in one transaction, so that a demo is whole or not there."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from config import simulation
from config.demo import book, clock
from config.demo.steps import Steps
from config.demo.tickets import Desk, Story
from support.models import Contact, Contract, Customer, Event, Ticket, User
from support.refusal import Refused

MARK = "demo of "
TICKETS = 14  # a customer's in the month


@dataclass(frozen=True)
class Month:
    """A calendar month; instants are of a customer's zone."""

    first: date

    @classmethod
    def before(cls, today: date) -> "Month":
        return cls((today.replace(day=1) - timedelta(days=1)).replace(day=1))

    @property
    def following(self) -> date:
        return (self.first + timedelta(days=32)).replace(day=1)

    def starts(self, zone: str) -> datetime:
        return datetime(self.first.year, self.first.month, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)

    def ends(self, zone: str) -> datetime:
        return datetime(self.following.year, self.following.month, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


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


@transaction.atomic
def play(month: Month, now: datetime, steps: Steps) -> None:
    """Make the book, play the month, and raise today's tickets, unless that was done."""
    if Customer.objects.filter(code=book.CUSTOMERS[0].code).exists():
        return
    before = clock.set_to(month.starts("UTC") - timedelta(days=20))
    with steps.step("People, customers and contracts"):
        people = book.people(before)
        company = book.entity(before)
        contracts = [book.customer(sketch, company, people["Max"], before) for sketch in book.CUSTOMERS]
    with steps.step("Tickets of the month"):
        _tickets(month, contracts, [people[name] for name in ("Ana", "Noor", "Jun")], steps)
    with steps.step("Tickets of today"):
        _today(contracts, [people[name] for name in ("Ana", "Noor", "Jun")], now)
    clock.back_to_real()


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
    return {
        "customers": len(codes),
        "people of customers": Contact.objects.filter(customer__code__in=codes).count(),
        "contracts": Contract.objects.filter(holder__code__in=codes).count(),
        "tickets": tickets.count(),
        "events": Event.objects.filter(ticket__in=tickets, at__lt=ends).count(),
    }
