"""The demo's escalations: who answers on a ladder, one level that was accepted, one ticket at engineering with its sheet."""

from datetime import datetime, timedelta

from config.demo import clock
from escalations import levels
from escalations.models import Escalation, Impact, LadderContact
from support.actors import Actor
from support.desk import promising, working
from support.desk.opening import open_ticket
from support.models import Channel, Contract, Message, Ticket, User

LADDER, LEVELLED = "exponential-e-ucc", "enghouse-"
DUTY = [
    (1, "Duty desk lead", "+44 20 7946 0101", True),
    (2, "Duty service desk manager", "+44 20 7946 0102", False),
    (3, "Duty support leader", "+44 20 7946 0103", False),
    (4, "Duty director", "+44 20 7946 0104", False),
]
SHEET = {
    "contact-name": "Sam Reyes",
    "contact-number": "+44 161 496 0115",
    "version": "11.1",
    "fault": "The wallboard stands still as soon as a second queue is shown.",
    "happened-at": "Each morning since the update",
    "users": 35,
    "operating-system": "Windows Server 2022",
    "recent-changes": "Update to 11.1 on the weekend.",
}


def play(contracts: list[Contract], people: dict[str, User], now: datetime) -> None:
    """On two tickets of their own, opened a day before the first run."""
    by, manager = Actor.of(people["Ana"]), Actor.of(people["Max"])
    at = now - timedelta(hours=26)
    _name_contacts(manager, clock.set_to(at))
    ladder = next(c for c in contracts if c.support_service.code == LADDER)
    levelled = next(c for c in contracts if c.support_service.code.startswith(LEVELLED))
    _accepted(
        _opened(ladder, "Crackling on every call of the day shift", "Normal", by, people["Ana"], at),
        by,
        manager,
        at,
    )
    _at_engineering(
        _opened(levelled, "Wallboard stands still with two queues", "P3", by, people["Noor"], at), by, at
    )
    clock.set_to(now)


def _name_contacts(by: Actor, at: datetime) -> None:
    for level, role, phone, published in DUTY:
        row = LadderContact(service=LADDER, level=level, duty_role=role, phone=phone, published=published)
        row.email = f"level{level}@countersign.example"
        row.by(by, at).save()


def _opened(contract: Contract, title: str, priority: str, by: Actor, owner: User, at: datetime) -> Ticket:
    return open_ticket(
        customer=contract.holder,
        title=title,
        text="It began yesterday, and it is the same on every desk.",
        channel=Channel.EMAIL,
        contact=contract.holder.contacts.order_by("id").first(),
        product=contract.lines.get().product,
        priority=priority,
        owner=owner,
        by=by,
        at=clock.set_to(at),
    )


def _accepted(ticket: Ticket, by: Actor, manager: Actor, at: datetime) -> None:
    """The customer raised level 1 in the evening; the duty manager has taken it and rung the carrier."""
    contact = ticket.raised_by
    assert contact is not None
    soon = clock.set_to(at + timedelta(minutes=25))
    Message.reply(ticket, "We hear it too, and look at both ends of the line.", by=by, at=soon)
    later = clock.set_to(at + timedelta(minutes=70))
    working.record(ticket, working.Done.DIAGNOSED, "The carrier's side adds it.", by=by, at=later)
    raised = clock.set_to(at + timedelta(hours=24, minutes=10))
    row = Escalation.escalate(
        ticket,
        ground="not-progressing",
        reason="Nobody has told us since yesterday what comes next.",
        by=Actor.of(contact),
        at=raised,
    )
    row.accept(by=by, at=clock.set_to(raised + timedelta(minutes=9)))
    row.acknowledge(by=manager, at=clock.set_to(raised + timedelta(minutes=14)))
    words = "Rang the carrier: captures of both directions are on their way."
    row.act(words=words, by=manager, at=clock.set_to(raised + timedelta(minutes=40)))


def _at_engineering(ticket: Ticket, by: Actor, at: datetime) -> None:
    """With a whole sheet, step by step; a patch is promised."""
    sheet = levels.fill(ticket, SHEET, {}, by=by, at=clock.set_to(at + timedelta(hours=2)))
    for hours, new, reason in [
        (3, 2, "Seen on their system; a restart does not help."),
        (5, 3, "The same with a fresh profile."),
        (20, 4, "It can be made to happen on ours too, with any two queues."),
    ]:
        impact = Impact.LIMITED if new == 4 else None
        moved = clock.set_to(at + timedelta(hours=hours))
        levels.move(ticket, new, reason=reason, sheet=sheet, impact=impact, by=by, at=moved)
    found = clock.set_to(at + timedelta(hours=25))
    levels.review(ticket, impact=Impact.SERIOUS, words="Found: a patch is in test.", by=by, at=found)
    promised = (found + timedelta(days=6)).replace(hour=16, minute=0, second=0, microsecond=0)
    words = "The cause is found. A patch is in test, and we promise it for the time below."
    promising.promise(ticket, promised, words, by=by, at=found)
