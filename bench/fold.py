"""What does one more event cost on a ticket that has many: its clocks folded anew from all of them and stored?

Through a verb that does nothing beside its event (the agent has connected), against the INSERT of such an event alone.
"""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.database import NOON, own_database
from bench.measuring import Lines, Turns, arguments, seconds, shown
from bench.tickets import customers, multiply
from config.demo import clock
from support.actors import Actor
from support.desk import working
from support.desk.opening import open_ticket
from support.models import Channel, Contract, Event, Message, Ticket, User, Wait

EVENTS = 30  # with the one that is measured
QUERIES = 8


def long_story(contract: Contract, agent: User) -> Ticket:
    """A ticket on which the desk has written and waited, with one event less than is asked for."""
    by, begins = Actor.of(agent), clock.set_to(NOON)
    words = {"title": "One-way audio", "text": "Since noon.", "channel": Channel.PHONE}
    who = {"customer": contract.holder, "contact": contract.holder.contacts.first(), "owner": agent}
    ticket = open_ticket(**words, **who, product=contract.lines.get().product, by=by, at=begins)
    for number in range(1, EVENTS):
        at = clock.set_to(begins + timedelta(minutes=20 * number))
        if EVENTS - ticket.last_seq <= 1:
            break
        if number % 3 == 0 and EVENTS - ticket.last_seq > 2:
            wait = Wait.begin(ticket, reason="customer", by=by, at=at)
            wait.end(by=by, at=clock.set_to(at + timedelta(minutes=5)))
        else:
            Message.reply(ticket, "Still looking.", by=by, at=at)
    assert ticket.last_seq == EVENTS - 1
    return ticket


class Story:
    """Copies of one ticket, each good for one event more."""

    def __init__(self, template: Ticket, copies: int) -> None:
        multiply([template.pk], copies)
        mine = Ticket.objects.filter(customer=template.customer).exclude(pk=template.pk)
        self._left = list(mine.order_by("-pk").values_list("pk", flat=True))
        self._by = Actor.of(template.owner)
        self._at = clock.set_to(template.changed_at + timedelta(minutes=30))

    def one_more(self) -> float:
        ticket = Ticket.objects.get(pk=self._left.pop())
        clock.set_to(self._at)
        return seconds(lambda: self._connected(ticket))

    def insert(self) -> float:
        """The row of the same event and nothing else, by the statement that the door sends, and its commit."""
        [ticket] = Ticket.objects.filter(pk=self._left.pop())
        event = Event(ticket=ticket, seq=EVENTS, kind="session.connected", subject_id=ticket.pk, at=self._at)
        event.actor = self._by
        return seconds(lambda: Event.objects.bulk_create([event]))

    def queries(self) -> int:
        ticket = Ticket.objects.get(pk=self._left.pop())
        with CaptureQueriesContext(connection) as sent:
            self._connected(ticket)
        return sum(query["sql"] not in ("BEGIN", "COMMIT") for query in sent)

    def _connected(self, ticket: Ticket) -> None:
        working.record(ticket, working.Done.CONNECTED, "", by=self._by, at=self._at)


def main() -> None:
    size = arguments(__doc__, rounds=1000)
    lines = Lines("fold")
    with own_database():
        contracts, desk = customers("fold")
        for contract in contracts:
            story = Story(long_story(contract, desk.agents[0]), 2 * size.rounds + 3)
            turns = Turns(size.rounds, {"event": story.one_more, "insert": story.insert})
            code, event, insert = contract.support_service.code, turns.median("event"), turns.median("insert")
            lines.fact(f"{code}: an event {shown(event)}, an INSERT with commit {shown(insert)}")
            lines.at_most(10, f"{code}: event {EVENTS} by that INSERT", turns.ratio("event", "insert"))
            lines.at_most(QUERIES, f"{code}: queries of it", story.queries())
    lines.end()


if __name__ == "__main__":
    main()
