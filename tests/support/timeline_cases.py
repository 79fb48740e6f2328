"""A ticket's timeline written the short way: `at("2026-03-02 09:00", "message.sent")`, folded when asked."""

from datetime import datetime

from support.clocks.events import ActorKind, Event, SubjectRef
from support.clocks.fold import fold, folded
from support.clocks.terms import Subject
from tests.support.calendar_cases import utc
from tests.support.terms_cases import BOOK, PINS

TICKET = SubjectRef(Subject.TICKET, 1)
ENGAGEMENT = SubjectRef(Subject.ENGAGEMENT, 7)
FAR = utc("2099-01-01")
CONTACT_SPEAKS = {"message.received", "call.taken"}


class Timeline:
    """Events of one ticket; instants are aware, or texts in UTC."""

    def __init__(self, book=BOOK):
        self.book = book
        self.events = []

    def at(self, when, kind, *, subject=TICKET, actor=None, imported=False, **facts):
        actor = actor or (ActorKind.CONTACT if kind in CONTACT_SPEAKS else ActorKind.STAFF)
        at = when if isinstance(when, datetime) else utc(when)
        self.events.append(Event(len(self.events) + 1, kind, 1, subject, at, facts, actor, imported))
        return self

    def fold(self, until=FAR):
        return fold(self.book, self.events, until)

    def state(self, until=FAR):
        return folded(self.book, self.events, until)

    def clocks(self, kind, subject=TICKET):
        """Every clock of this kind, in the order in which they began."""
        return [clock for clock in self.fold() if clock.kind == kind and clock.subject == subject]

    def clock(self, kind, subject=TICKET):
        """The last clock of this kind."""
        return self.clocks(kind, subject)[-1]

    def opened(self, when, service, priority, **facts):
        """A ticket of this service at version 1, in the cloud."""
        facts = {"deployment": "cloud", "calendars": PINS, **facts}
        return self.at(when, "ticket.opened", service=f"{service.code}@1", priority=priority, **facts)

    def engaged(self, when, service, priority, subject=ENGAGEMENT):
        """A ticket without a service, and an engagement on it."""
        if not self.events:
            self.at(when, "ticket.opened", covered=False)
        facts = {"service": f"{service.code}@1", "calendars": PINS, "priority": priority}
        return self.at(when, "engagement.requested", subject=subject, **facts)

    def waits(self, begin, end=None, reason="customer", wait=None, subject=TICKET, **facts):
        """A wait with its end, in one go."""
        wait = wait or len(self.events)
        self.at(begin, "wait.started", subject=subject, id=wait, reason=reason, **facts)
        return self.at(end, "wait.ended", subject=subject, id=wait) if end else self


def opened(when, service, priority, **facts):
    return Timeline().opened(when, service, priority, **facts)


def engaged(when, service, priority):
    return Timeline().engaged(when, service, priority)
