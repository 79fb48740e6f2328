"""The demo's onsite assistance: a drive that remote hands have replaced, and a carrier who may come tomorrow."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from config.demo import clock
from escalations import onsite
from escalations.models import OnsiteRequest
from support.actors import Actor
from support.desk.opening import open_ticket
from support.models import Channel, Contact, Contract, Message, Ticket, User


@transaction.atomic
def play(contract: Contract, agent: User, now: datetime) -> None:
    """Both, unless they are there; asked for by the customer's first contact, who is marked for it."""
    if OnsiteRequest.objects.filter(ticket__contract=contract).exists():
        return
    start, by = now - timedelta(hours=5), Actor.of(agent)
    contact = contract.holder.contacts.order_by("id").first()
    contact.asks_onsite = True
    contact.by(Actor.system("demo"), clock.set_to(start)).save()
    _hands(_opened(contract, contact, agent, start, "A drive of the archive has failed"), contact, by, start)
    _access(_opened(contract, contact, agent, start, "The second line is down"), contact, by, start)


def _hands(ticket: Ticket, contact: Contact, by: Actor, start: datetime) -> None:
    def at(minutes: int) -> datetime:
        return clock.set_to(start + timedelta(minutes=minutes))

    request = onsite.ask_hands(
        ticket,
        contact=contact,
        task="Replace a failed drive",
        equipment="Rack B07, archive 2, bay 11: the one with the amber light",
        words="The spare lies in the drawer below.",
        by=Actor.of(contact),
        at=at(10),
    )
    onsite.step(request, "accepted", words="The night shift does it.", by=by, at=at(25))
    Message.reply(ticket, "The night shift is on its way to the rack.", by=by, at=at(27))
    said = {"words": "Bay 11 replaced; the light is green.", "by_whom": "Devon Rowe, night shift"}
    onsite.step(request, "done", **said, happened_at=start + timedelta(minutes=85), by=by, at=at(90))


def _access(ticket: Ticket, contact: Contact, by: Actor, start: datetime) -> None:
    zone, soon = ZoneInfo(contact.time_zone), clock.set_to(start + timedelta(minutes=20))
    Message.reply(ticket, "The line ends at the carrier’s panel: let them come and measure.", by=by, at=soon)
    morning = (start.astimezone(zone) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    request = onsite.ask_access(
        ticket,
        contact=contact,
        company="Harbour Fibre",
        visitors="Jamie Doe\nLou Grant",
        equipment="Cage 4, the carrier’s panel",
        zone=contact.time_zone,
        window_from=morning,
        window_until=morning + timedelta(hours=3),
        words="They measure the second line and change its splice.",
        waits=True,
        by=by,
        at=clock.set_to(start + timedelta(minutes=100)),
    )
    told = "Ask for the shift lead at gate 2."
    onsite.step(request, "approved", words=told, by=by, at=clock.set_to(start + timedelta(minutes=130)))


def _opened(contract: Contract, contact: Contact, agent: User, at: datetime, title: str) -> Ticket:
    return open_ticket(
        customer=contract.holder,
        title=title,
        text="Seen by our own monitoring.",
        channel=Channel.PORTAL,
        contact=contact,
        product=contract.lines.get().product,
        priority="C",
        owner=agent,
        by=Actor.of(contact),
        at=clock.set_to(at),
    )
