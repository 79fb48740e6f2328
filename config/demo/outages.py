"""The demo's outage: of the past month, told in time, once late and once not at all, resolved, validated and told."""

from datetime import datetime, timedelta

from django.db import transaction

from config.demo import clock
from config.demo.month import Month
from escalations import notices, outages
from escalations.models import Outage
from support.actors import Actor
from support.desk.opening import open_ticket
from support.models import Channel, Contract, Outcome, Ticket, User

TITLE = "Mailboxes cannot be opened"


def play(contract: Contract, agent: User, month: Month) -> None:
    """Where it is not there yet."""
    if not Outage.objects.filter(title=TITLE).exists():
        _play(
            contract,
            agent,
            Actor.of(agent),
            month.starts(contract.holder.time_zone) + timedelta(days=20, hours=8),
        )


@transaction.atomic
def _play(contract: Contract, agent: User, by: Actor, start: datetime) -> None:
    def at(minutes: int) -> datetime:
        return clock.set_to(start + timedelta(minutes=minutes))

    ticket = _ticket(contract, agent, by, at(0))
    said = {"product": None, "priority": "A", "title": TITLE, "began_at": start - timedelta(minutes=10)}
    outage = outages.declare([contract], **said, tickets=[ticket], by=by, at=at(20))
    outages.open_bridge(outage, phone="+1 555 0170", code="4711 02#", by=by, at=at(30))

    def notice(minutes: int, details: str, impact: str, expected: int | None = None) -> None:
        due = start + timedelta(minutes=expected) if expected else None
        notices.send(outage, details=details, impact=impact, expected_at=due, by=by, at=at(minutes))

    nobody = "Nobody can open a mailbox; mail that comes in is kept."
    notice(50, "A storage array in the first data centre does not answer.", nobody)
    notice(165, "The array has been replaced and is being filled.", nobody, expected=420)
    notice(300, "Half of the mailboxes are back.", "Every second mailbox cannot be opened.", expected=420)
    reason = "Nothing has changed since, and all of the audience is on the bridge."
    due = outage.dues.get(notice=None).position
    notices.skip(outage, due=due, reason=reason, by=by, at=at(415))
    outages.resolve(
        outage, ended_at=start + timedelta(minutes=430), text="All mailboxes are back.", by=by, at=at(440)
    )
    tried = "Alex opened his mailbox, and forty were opened by script."
    outages.validate(outage, text=tried, by=by, at=at(455))
    notice(460, "The array was replaced, and all mailboxes are open.", "None any more.")
    ticket.refresh_from_db()
    ticket.resolve(outcome=Outcome.RESOLVED, by=by, at=at(470))


def _ticket(contract: Contract, agent: User, by: Actor, at: datetime) -> Ticket:
    return open_ticket(
        customer=contract.holder,
        title="No mailbox opens since this morning",
        text="It concerns everybody.",
        channel=Channel.PHONE,
        contact=contract.holder.contacts.order_by("id").first(),
        product=contract.lines.get().product,
        priority="A",
        owner=agent,
        by=by,
        at=at,
    )
