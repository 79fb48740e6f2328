"""The demo's cases with Microsoft: one of the month that came too late, one of today that runs."""

from datetime import datetime, timedelta

from django.db import transaction

from config.demo import clock
from config.demo.month import Month
from escalations import vendors
from escalations.models import VendorCase
from support.actors import Actor
from support.desk import promising
from support.desk.opening import open_ticket
from support.models import Channel, Contract, Message, Outcome, Ticket, User

LATE, RUNNING = "2610120040003117", "2611190040000742"  # numbers as Microsoft gives them


def play(contract: Contract, agent: User, month: Month, now: datetime) -> None:
    """Whatever of the two is not there yet."""
    by = Actor.of(agent)
    if not VendorCase.objects.filter(number=LATE).exists():
        _late(contract, agent, by, month.starts(contract.holder.time_zone) + timedelta(days=13, hours=14))
    if not VendorCase.objects.filter(number=RUNNING).exists():
        _running(contract, agent, by, now - timedelta(minutes=70))


@transaction.atomic
def _late(contract: Contract, agent: User, by: Actor, start: datetime) -> None:
    """Promised for four hours later; Microsoft answers after five instead of one, and the promise falls."""

    def at(minutes: int) -> datetime:
        return clock.set_to(start + timedelta(minutes=minutes))

    ticket = _ticket(contract, agent, by, at(0), "Outbound mail is deferred for two domains")
    Message.reply(ticket, "We see it too and take it to Microsoft.", by=by, at=at(8))
    case = _case(ticket, LATE, by, at(12), claimed=start + timedelta(minutes=10))
    promising.promise(ticket, start + timedelta(hours=4), "You hear from us again by then.", by=by, at=at(15))
    vendors.escalate(
        case,
        reason="Six hundred messages are held, and their hour is over by half of one.",
        by=by,
        at=at(102),
    )
    said = {"how": "phone", "text": "A transport rule of theirs; it is being rolled back."}
    vendors.answered(case, claimed_at=at(300), by=by, at=at(304), **said)
    vendors.close(case, claimed_at=at(330), how="portal", text="The rule is gone.", by=by, at=at(332))
    Message.reply(ticket, "Mail flows again since Microsoft took a rule back.", by=by, at=at(335))
    ticket.resolve(outcome=Outcome.RESOLVED, by=by, at=at(336))


@transaction.atomic
def _running(contract: Contract, agent: User, by: Actor, start: datetime) -> None:
    """Severity A, answered in time; somebody on site is owed after what we promised."""

    def at(minutes: int) -> datetime:
        return clock.set_to(start + timedelta(minutes=minutes))

    ticket = _ticket(contract, agent, by, at(0), "Nobody can join a Teams meeting")
    claimed = start + timedelta(minutes=16)
    case = _case(ticket, RUNNING, by, at(20), claimed=claimed, waits=True)
    Message.reply(ticket, "Microsoft has it at its highest severity.", by=by, at=at(24))
    promising.promise(ticket, start + timedelta(hours=3), "You hear from us again by then.", by=by, at=at(26))
    said = {"how": "phone", "text": "An engineer is on it and asks for the time of the last failure."}
    vendors.answered(case, claimed_at=at(55), by=by, at=at(58), **said)
    said = {"how": "phone", "text": "Which users, and when did it last fail?"}
    vendors.asked(case, claimed_at=at(60), by=by, at=at(61), **said)


def _ticket(contract: Contract, agent: User, by: Actor, at: datetime, title: str) -> Ticket:
    return open_ticket(
        customer=contract.holder,
        title=title,
        text="It began this morning, for everybody.",
        channel=Channel.PHONE,
        contact=contract.holder.contacts.order_by("id").first(),
        product=contract.lines.get().product,
        priority="A",
        owner=agent,
        by=by,
        at=at,
    )


def _case(
    ticket: Ticket, number: str, by: Actor, at: datetime, *, claimed: datetime, **options
) -> VendorCase:
    return vendors.open_case(
        ticket,
        party="microsoft",
        number=number,
        severity="A",
        opened_at=claimed,
        opened_how="portal",
        contact_name="Jamie Doe",
        contact_phone="+1 555 0142",
        by=by,
        at=at,
        **options,
    )
