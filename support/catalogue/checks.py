"""What can be judged only over a whole definition: every name it mentions exists, and every target can be met."""

from collections.abc import Collection, Iterator, Mapping

from support.catalogue.amounts import Span
from support.catalogue.calendars import Calendar
from support.catalogue.definition import Definition
from support.catalogue.plain import words_in
from support.catalogue.problems import Flaw
from support.catalogue.promises import UNCLOCKED
from support.catalogue.shape import Reader
from support.clocks.terms import Base

TEN_YEARS_IN_WEEKS = 520  # holidays are copied in for ten years ahead; a due instant beyond that raises

# Where the names stand that other parts refer to; calendars are files of their own.
SECTION, READING, PRIORITY, CHANNEL = "document.sections", "readings", "priorities", "desk.channels"
CALENDAR = ""

REFERS = {
    "section": (SECTION, "a section of the document"),
    "reading": (READING, "a reading of this definition"),
    "priority": (PRIORITY, "a priority of this service"),
    "priorities": (PRIORITY, "a priority of this service"),
    "default": (PRIORITY, "a priority of this service"),
    "not_agreed": (PRIORITY, "a priority of this service"),
    "channels": (CHANNEL, "a channel of this desk"),
    "calendar": (CALENDAR, "a calendar that is there"),
    "contact_hours": (CALENDAR, "a calendar that is there"),
}


def check(definition: Definition, calendars: Mapping[str, Calendar], reader: Reader) -> None:
    """Tells `reader` all that is wrong; what could not be read is not blamed a second time."""
    for key, reason in _references(definition, calendars, reader):
        reader.refuse(key, reason)
    for key, reason in (*_ranks(definition), *_reach(definition, calendars), *_forms(definition)):
        reader.refuse(key, reason)
    if not reader.lost("priorities"):
        for key, reason in _objectives(definition):
            reader.refuse(key, reason)
    if not reader.lost("levels"):
        for key, reason in _sheet(definition):
            reader.refuse(key, reason)


def _references(definition: Definition, calendars: Mapping[str, Calendar], reader: Reader) -> Iterator[Flaw]:
    known: dict[str, Collection[str]] = {
        SECTION: definition.document.sections,
        READING: [reading.key for reading in definition.readings],
        PRIORITY: [priority.code for priority in definition.priorities],
        CHANNEL: definition.desk.channels,
        CALENDAR: calendars,
    }
    for key, name, word in words_in(definition):
        if name in REFERS:
            where, what = REFERS[name]
            if word not in known[where] and where not in reader.broken:
                yield key, f'"{word}" is not {what}.'


def _ranks(definition: Definition) -> Iterator[Flaw]:
    seen: dict[int, str] = {}
    for priority in definition.priorities:
        if priority.rank in seen:
            reason = f"{seen[priority.rank]} already has rank {priority.rank}."
            yield f"priorities.{priority.code}.rank", reason
        seen.setdefault(priority.rank, priority.code)


def _reach(definition: Definition, calendars: Mapping[str, Calendar]) -> Iterator[Flaw]:
    for priority in definition.priorities:
        for kind, promise in priority.targets.items():
            key = f"priorities.{priority.code}.targets.{kind}.within"
            yield from _span(promise.within, calendars.get(promise.calendar), key)
        if alarm := priority.management:
            key = f"priorities.{priority.code}.management.after"
            yield from _span(alarm.after, calendars.get(alarm.calendar), key)
    if report := definition.report:
        yield from _span(report.within, calendars.get(report.calendar), "report.within")


def _span(span: Span, calendar: Calendar | None, key: str) -> Iterator[Flaw]:
    if span.base is Base.ELAPSED or calendar is None:
        return
    weekly = calendar.days_a_week if span.base is Base.BUSINESS_DAYS else calendar.minutes_a_week
    if not weekly:
        yield key, f'can never be met: the calendar "{calendar.code}" has no open hour.'
    elif span.amount > weekly * TEN_YEARS_IN_WEEKS:
        yield key, f'can never be met: "{calendar.code}" has not that much time in the ten years it covers.'


def _objectives(definition: Definition) -> Iterator[Flaw]:
    promised = {str(kind) for priority in definition.priorities for kind in priority.targets}
    for position, objective in enumerate(definition.objectives, start=1):
        if objective.measure not in UNCLOCKED and objective.measure not in promised:
            yield f"objectives.{position}.measure", f"no priority has a target for {objective.measure}."


def _sheet(definition: Definition) -> Iterator[Flaw]:
    levels = [level.level for level in definition.levels]
    for level in definition.fault_report.going_to if definition.fault_report else ():
        if level not in levels:
            yield "fault_report.going_to", f"there is no support level {level}."
    if definition.engineering and definition.engineering.level not in levels:
        yield "engineering.level", f"there is no support level {definition.engineering.level}."
    for rung in definition.levels:
        if rung.passes_on and definition.fault_report and rung.level + 1 in definition.fault_report.going_to:
            yield (
                f"levels.{rung.level}.passes_on",
                "the next level receives a sheet, which nobody fills then.",
            )
    if definition.levels and definition.levels[-1].passes_on:
        yield f"levels.{levels[-1]}.passes_on", "there is no level above it."


def _forms(definition: Definition) -> Iterator[Flaw]:
    asked = [form.asked for form in definition.intake]
    for position, moment in enumerate(asked, start=1):
        if moment in asked[: position - 1]:
            yield f"intake.{position}.asked", f'"{moment}" has a form already.'
