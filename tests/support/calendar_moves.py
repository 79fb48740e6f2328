"""A newer version of uk-business, and what is told of tickets that were moved to it."""

from dataclasses import replace
from datetime import timedelta

from support import versions
from support.calendars import editing, plan
from support.catalogue.calendars import Window
from support.clocks.facts import Effort
from support.desk import effort
from support.models import Alarm, CalendarVersion, Clock, Message, Ticket, Wait
from tests.factories import ANA, TESTS
from tests.support.desk_cases import contract_under, raise_ticket, utc

CODE = "uk-business"
SAVED = utc("2026-10-13 08:00")
OPENED, AT = utc("2026-10-12 09:00"), utc("2026-10-14 11:00")


def newest(code=CODE) -> CalendarVersion:
    return CalendarVersion.objects.filter(name=code).order_by("-version").first()


def another_version(*hours, code=CODE, days=5, saved=SAVED) -> CalendarVersion:
    """The newest version with other hours from Monday to Friday, saved as the next one; `hours` are when it opens and closes, by turns."""
    versions._business_calendar.cache_clear()
    last = newest(code)
    said = plan.plan_of(last.data)
    hours = hours or ("10:00", "15:00")
    windows = tuple(Window(*pair) for pair in zip(hours[::2], hours[1::2], strict=True))
    week = dict.fromkeys(list(said.calendar.hours)[:days], windows)
    wanted = replace(said, calendar=replace(said.calendar, hours=week))
    return editing.save(code, plan.data_of(wanted, 2026), after=last.version, by=TESTS, at=saved)


def stories(code="exponential-e-ucc") -> list[Ticket]:
    """Tickets in every situation that decides how a move reaches a clock."""
    contract = contract_under(code)
    level = "Normal" if code == "exponential-e-ucc" else "P1"
    tickets = [raise_ticket(contract, OPENED + timedelta(hours=n), priority=level, by=ANA) for n in range(8)]
    _plain, answered, waiting, waited, around, back, done, late = tickets
    later = OPENED + timedelta(hours=9)
    Message.reply(answered, "Looking.", by=ANA, at=later)
    Wait.begin(waiting, reason="customer", by=ANA, at=later)
    Wait.begin(waited, reason="customer", by=ANA, at=later).end(by=ANA, at=later + timedelta(hours=20))
    for ticket in (around, back):
        if effort.is_switchable(ticket):
            effort.switch(ticket, Effort.AROUND_THE_CLOCK, reason="Agreed.", by=ANA, at=later)
    if effort.is_switchable(back):
        effort.switch(back, Effort.BUSINESS, reason="Agreed.", by=ANA, at=later + timedelta(hours=3))
    done.resolve(outcome="resolved", by=ANA, at=later)
    Message.reply(late, "Right at the move.", by=ANA, at=AT)
    return tickets


def told(ticket: Ticket) -> dict:
    """Everything that the timeline decides about a ticket, ids of rows aside."""
    clocks = Clock.objects.filter(ticket=ticket).order_by("position")
    alarms = Alarm.objects.filter(ticket=ticket).order_by("key", "threshold")
    row = Ticket.objects.get(pk=ticket.pk)
    events = ticket.events.order_by("seq").values("seq", "kind", "at", "facts", "subject_kind", "subject_id")
    return {
        "clocks": [{name: getattr(c, name) for name in FIELDS} for c in clocks],
        "alarms": list(alarms.values("key", "threshold", "app", "action", "due_at", "fired_at")),
        "ticket": (row.last_seq, row.changed_at, row.next_due_at, row.state),
        "events": list(events),
    }


FIELDS = [field.name for field in Clock._meta.fields if field.name != "id"]
