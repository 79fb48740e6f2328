"""The demo's tickets: drawn from a seeded generator, played through the verbs that people use."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from config.demo import clock
from support import versions
from support.actors import Actor
from support.clocks.terms import Base, ClockKind
from support.desk import priority, working
from support.desk.opening import open_ticket
from support.models import Channel, Contract, Message, Outcome, Ticket, User, Visibility, Wait

TROUBLES = {
    "Hosted voice": [
        (
            "No inbound calls on the main number",
            "Callers hear three tones and are cut off. Outgoing calls work.",
        ),
        (
            "One-way audio after a transfer",
            "Reception answers, passes the call on, and the caller hears nothing.",
        ),
        (
            "Voicemail greeting plays the old message",
            "The greeting recorded yesterday is not the one that callers hear.",
        ),
        ("Two new starters need extensions", "They begin on Monday and sit in the Leeds office."),
        ("Handsets restart every evening", "All phones on the second floor restart between 18:00 and 18:10."),
    ],
    "Office 365 Dedicated": [
        (
            "Mail not leaving the EU forest",
            "Transport queues are growing; about four hundred messages are held.",
        ),
        ("Free/busy missing for one department", "The scheduling assistant shows hatching for all of Legal."),
        ("Archive mailbox will not open", "Outlook says that the set of folders cannot be opened."),
        ("Shared calendar shows the wrong zone", "Meetings appear one hour late since the weekend."),
    ],
    "Microsoft 365": [
        ("Licences not assigned after renewal", "Twenty-three users lost their plan this morning."),
        ("Mailbox full although archiving is on", "The rule runs, yet nothing moves."),
        ("Invoice shows a subscription twice", "The same subscription id stands on two lines."),
        ("Teams meetings drop after ten minutes", "Only for guests, only since the last update."),
    ],
    "Contact centre": [
        ("Agents cannot log in", "The console says that the service is not available."),
        ("Wallboard figures stand still", "Calls waiting has shown 4 since noon."),
        (
            "Recordings of one queue are missing",
            "Sales has none since Tuesday; the other queues have theirs.",
        ),
        ("Typing error in the closing announcement", "It says Wendesday."),
    ],
}
ANSWERS = [
    "Thank you, we have it and are looking.",
    "We can see it happen here too.",
    "This is with our second line now.",
]
UPDATES = [
    "Still working on it; the trace shows where it stops.",
    "No change yet. Next word before the hour is over.",
    "The engineer is testing a change.",
]


@dataclass
class Desk:
    """Who answers, in turn, and the draw that decides what happens."""

    agents: list[User]
    draw: random.Random

    def somebody(self) -> User:
        return self.draw.choice(self.agents)


class Story:
    """One ticket's life as acts at instants; each act may plan later ones. Ends when nothing is planned."""

    def __init__(self, contract: Contract, desk: Desk, start: datetime, until: datetime) -> None:
        self.contract, self.desk, self.draw, self.until = contract, desk, desk.draw, until
        self.definition = versions.definition(contract.support_service)
        self.agent = desk.somebody()
        self.by = Actor.of(self.agent)
        self.planned: list[tuple[datetime, int, Callable]] = []
        self.order = count()
        self.ticket: Ticket
        self._plan(start, self._open)

    def play(self) -> Ticket:
        while self.planned:
            at, _order, act = heappop(self.planned)
            if at >= self.until:
                break  # still open when the month's story ends
            act(clock.set_to(at))
        return self.ticket

    def _plan(self, at: datetime, act: Callable) -> None:
        heappush(self.planned, (at.replace(second=0, microsecond=0), next(self.order), act))

    def _minutes(self, kind: ClockKind, otherwise: int) -> int:
        """About how long the promise is, in minutes; days are taken as eight hours."""
        promise = self.definition.step(self.ticket.priority).targets.get(kind)
        if promise is None:
            return otherwise
        return (
            promise.within.amount * 480
            if promise.within.base is Base.BUSINESS_DAYS
            else promise.within.amount
        )

    def _open(self, at: datetime) -> None:
        product = self.contract.lines.get().product
        title, text = self.draw.choice(TROUBLES[product.name])
        steps = sorted(self.definition.priorities, key=lambda step: step.rank)
        level = self.draw.choices(steps, weights=[1, 3, 5, 4, 2][: len(steps)])[0]
        contact = self.contract.holder.contacts.order_by("id").first()
        channel = (
            level.channels[0]
            if level.channels
            else self.draw.choice([Channel.PHONE, Channel.EMAIL, Channel.PORTAL])
        )
        self.ticket = open_ticket(
            customer=self.contract.holder,
            title=title,
            text=text,
            channel=Channel(channel),
            contact=contact,
            product=product,
            priority=level.code,
            owner=self.agent,
            by=self.by,
            at=at,
        )
        late = self.draw.random() < 0.12
        share = self.draw.uniform(1.1, 1.8) if late else self.draw.uniform(0.1, 0.8)
        self._plan(at + timedelta(minutes=share * self._minutes(ClockKind.RESPONSE, 120)), self._answer)

    def _answer(self, at: datetime) -> None:
        if "message" in self.definition.response_by:
            Message.reply(self.ticket, self.draw.choice(ANSWERS), by=self.by, at=at)
        else:
            Message.call(
                self.ticket,
                "Connected; the fault was seen.",
                made=True,
                connected=True,
                minutes=12,
                visibility=Visibility.CUSTOMER,
                by=self.by,
                at=at,
            )
        if ClockKind.TROUBLESHOOT in self.definition.step(self.ticket.priority).targets:
            self._plan(at + timedelta(minutes=self.draw.choice([15, 25, 40, 50, 75])), self._diagnose)
        fix = self._minutes(ClockKind.FIX, self.draw.choice([240, 600, 1500, 2800]))
        share = self.draw.uniform(1.05, 1.5) if self.draw.random() < 0.12 else self.draw.uniform(0.2, 0.85)
        self._plan(at + timedelta(minutes=max(30, share * fix)), self._resolve)
        self._plan_update(at)
        if self.draw.random() < 0.35:
            self._plan(at + timedelta(minutes=0.1 * fix + 5), self._wait)
        if self.draw.random() < 0.1:
            self._plan(at + timedelta(minutes=0.15 * fix + 7), self._change_priority)

    def _diagnose(self, at: datetime) -> None:
        if self.ticket.undone:
            working.record(
                self.ticket, working.Done.DIAGNOSED, "The trace shows where it stops.", by=self.by, at=at
            )

    def _plan_update(self, at: datetime) -> None:
        every = self._minutes(ClockKind.UPDATE, 0)
        if every:
            late = self.draw.random() < 0.08
            share = self.draw.uniform(1.05, 1.3) if late else self.draw.uniform(0.6, 0.97)
            self._plan(at + timedelta(minutes=share * every), self._update)
        if self._minutes(ClockKind.CUSTOMER_UPDATE, 0):
            self._plan(at + timedelta(minutes=self.draw.uniform(20, 75)), self._customer_says)

    def _update(self, at: datetime) -> None:
        if self.ticket.undone:
            Message.reply(self.ticket, self.draw.choice(UPDATES), by=self.by, at=at)
            self._plan_update(at)

    def _customer_says(self, at: datetime) -> None:
        if self.ticket.undone:
            contact = self.ticket.raised_by
            Message.receive(
                self.ticket, "Nothing has changed on our side.", contact=contact, by=Actor.of(contact), at=at
            )

    def _wait(self, at: datetime) -> None:
        if self.ticket.state == "open":
            Wait.begin(
                self.ticket,
                reason="customer",
                awaited="logs and the time of the last failure",
                by=self.by,
                at=at,
            )
            self._plan(at + timedelta(minutes=self.draw.uniform(30, 400)), self._customer_answers)

    def _customer_answers(self, at: datetime) -> None:
        if self.ticket.undone:
            contact = self.ticket.raised_by
            Message.receive(self.ticket, "Here they are.", contact=contact, by=Actor.of(contact), at=at)

    def _change_priority(self, at: datetime) -> None:
        steps = [step.code for step in self.definition.priorities if not step.channels]
        others = [code for code in steps if code != self.ticket.priority]
        if self.ticket.undone and others:
            priority.assess(self.ticket, self.draw.choice(others), by=self.by, at=at)

    def _resolve(self, at: datetime) -> None:
        if not self.ticket.undone:
            return
        Message.reply(self.ticket, "It works again; please tell us if it comes back.", by=self.by, at=at)
        self.ticket.resolve(
            outcome=self.draw.choice([Outcome.RESOLVED, Outcome.RESOLVED, Outcome.WORKAROUND]),
            by=self.by,
            at=at,
        )
        if self.draw.random() < 0.06:
            self._plan(at + timedelta(minutes=self.draw.uniform(60, 900)), self._comes_back)
        else:
            self._plan(at + timedelta(days=2), self._close)

    def _comes_back(self, at: datetime) -> None:
        contact = self.ticket.raised_by
        Message.receive(self.ticket, "It is back.", contact=contact, by=Actor.of(contact), at=at)
        self._plan(at + timedelta(minutes=self.draw.uniform(60, 300)), self._resolve)

    def _close(self, at: datetime) -> None:
        if self.ticket.state == "resolved":
            self.ticket.close(by=self.by, at=at, reason="confirmed")
