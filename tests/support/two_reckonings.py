"""One ticket told to the engine and to the oracle alike, under the shipped services and calendars."""

from datetime import datetime

from support.catalogue import holidays
from support.catalogue.calendars import Calendar
from support.clocks.book import Book
from support.clocks.calendar import BusinessCalendar
from support.clocks.events import ActorKind, SubjectRef
from support.clocks.terms import Subject
from tests.support.catalogue_cases import calendars, definition, shipped
from tests.support.clock_oracle import Oracle, Row
from tests.support.timeline_cases import ENGAGEMENT, TICKET, Timeline

CASE = SubjectRef(Subject.CASE, 3)
ESE, VENDOR = "calltower-ese", "microsoft-csp"
SUPPORT = sorted(set(shipped().definitions) - {ESE, VENDOR})
PINS = {code: f"{code}@1" for code in calendars()}
TERMS = {(code, 1): definition(code).terms(1) for code in shipped().definitions}


def stored(calendar: Calendar) -> BusinessCalendar:
    """As a version in the database: with the holidays of some years copied in."""
    region = calendar.holidays
    closed = holidays.between(region.country, region.part, first_year=2025, last_year=2029) if region else ()
    return BusinessCalendar(calendar.zone, calendar.weekly_hours(), holidays=dict(closed))


CALENDARS = {(code, 1): stored(calendar) for code, calendar in calendars().items()}
BOOK = Book(TERMS, CALENDARS)


class Reckoned:
    """A ticket at `now`, which is a whole minute; another `book` is the engine's alone."""

    def __init__(self, at: datetime, book: Book = BOOK) -> None:
        self.now, self.line, self.oracle = at, Timeline(book), Oracle()

    def happens(self, kind, *, on=TICKET, actor=None, **facts):
        self.line.at(self.now, kind, subject=on, actor=actor, **facts)
        self.oracle.hear(kind, self.now, str(on), person=actor is not ActorKind.SYSTEM, **facts)

    def opens(self, service, priority, deployment="cloud"):
        pinned = {"service": f"{service}@1", "calendars": PINS}
        self.happens("ticket.opened", **pinned, priority=priority, deployment=deployment)

    def opens_without_a_service(self):
        self.happens("ticket.opened", covered=False)

    def engages(self, priority):
        pinned = {"service": f"{ESE}@1", "calendars": PINS}
        self.happens("engagement.requested", on=ENGAGEMENT, **pinned, priority=priority)

    def asks_the_vendor(self, severity):
        self.happens("case.opened", on=CASE, service=f"{VENDOR}@1", calendars=PINS, severity=severity)

    def by_the_minute(self) -> list[Row]:
        self.oracle.until(self.now)
        return self.oracle.rows()

    def by_the_engine(self) -> list[Row]:
        return sorted(
            Row(
                str(clock.subject),
                str(clock.kind),
                clock.cycle,
                clock.revision,
                clock.started_at,
                clock.due_at,
                str(clock.state),
                str(clock.verdict),
                clock.attributed_to and str(clock.attributed_to),
                clock.stopped_at,
            )
            for clock in self.line.fold(self.now)
        )
