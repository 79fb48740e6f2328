"""The demo's night desk: a rota of both regions, and of today's two tickets that cross one hand-off accepted, one offered."""

from datetime import datetime, timedelta
from itertools import pairwise

from django.db import transaction

from config.demo import book, clock
from escalations import handing, rota
from escalations.models import Duty, HandOff, Region
from escalations.relay import crossings
from escalations.rota import Relay
from support.actors import Actor
from support.desk.opening import open_ticket
from support.models import Channel, Contract, Message, Ticket, User, UserKind
from support.roles import Role

NIGHT = ("Sol", "Australia/Sydney")
BEFORE, AHEAD = timedelta(days=2), timedelta(days=14)
TAKEN = {
    "standing": "Orders wait in a queue; nothing is lost.",
    "tried": "A restart of the connector, and a second sender.",
    "next_action": "Drain the queue once the certificate is replaced.",
    "expected": "A call to Kit Lowe when the queue is empty.",
}
OPEN = {
    "standing": "A workaround runs for two of three sites.",
    "tried": "Another profile, another network; traces are attached.",
    "next_action": "The third site, as soon as somebody is there.",
    "expected": "A call to Kit Lowe from whoever is on then.",
}


@transaction.atomic
def play(contract: Contract, now: datetime) -> None:
    """All of it, or nothing where it is there already."""
    if HandOff.objects.exists():
        return
    [relay] = [each for each in rota.relays() if contract.support_service_id in each.services]
    _regions(now)
    _rota(relay, now)
    start = now - timedelta(minutes=50)
    if (last := relay.last(now)) and last.at > start:
        start = last.at  # whoever is on now has had them from the beginning
    step = (now - start) / 50
    taken = _ticket(contract, relay, start, step, "Orders from the shop arrive hours late")
    left = _ticket(contract, relay, start + 4 * step, step, "Calls drop after thirty seconds")
    given = _offered(taken, TAKEN, start + 25 * step)
    _offered(left, OPEN, start + 30 * step)
    person = handing.receivers(given, now)[0]
    handing.accept(given, by=Actor.of(person), at=clock.set_to(start + 36 * step))


def _regions(now: datetime) -> None:
    """The Australian people sit in Sydney, which the document of the service does not say."""
    clock.set_to(now - BEFORE)
    region = Region.objects.get(code="au")
    region.time_zone = NIGHT[1]
    region.by(book.DEMO, now - BEFORE).save()


def _rota(relay: Relay, now: datetime) -> None:
    people = {"us": User.objects.get(email="noor@countersign.example"), "au": _night(now - BEFORE)}
    closings = crossings(relay.desks, now - BEFORE, now + AHEAD)
    for one, following in pairwise(closings):
        row = Duty(person=people[one.taking], region=relay.region(one.taking))
        row.from_at, row.until_at = one.opens_at, following.at
        row.by(book.DEMO, now - BEFORE).save()


def _night(at: datetime) -> User:
    name, zone = NIGHT
    facts = {"name": name, "kind": UserKind.STAFF, "time_zone": zone}
    email = f"{name.lower()}@countersign.example"
    user = User.objects.create_user(email, book.PASSWORD, by=book.DEMO, at=at, **facts)
    user.give_roles([Role.AGENT], by=book.DEMO, at=at)
    return user


def _ticket(contract: Contract, relay: Relay, at: datetime, step: timedelta, title: str) -> Ticket:
    """Owned by whoever is on duty then."""
    owner = Duty.objects.filter(region__in=relay.regions).at(at)[0].person
    by = Actor.of(owner)
    ticket = open_ticket(
        customer=contract.holder,
        title=title,
        text="It began an hour ago, for everybody.",
        channel=Channel.PHONE,
        contact=contract.holder.contacts.order_by("id").first(),
        product=contract.lines.get().product,
        priority="A",
        owner=owner,
        by=by,
        at=clock.set_to(at),
    )
    words = "We see it too and are on it."
    Message.reply(ticket, words, by=by, at=clock.set_to(at + 3 * step))
    return ticket


def _offered(ticket: Ticket, words: dict[str, str], at: datetime) -> HandOff:
    return handing.offer(ticket, by=Actor.of(ticket.owner), at=clock.set_to(at), **words)
