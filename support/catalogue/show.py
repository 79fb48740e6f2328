"""Prints a definition as a page of plain text that a support manager can read and check against its document."""

from collections.abc import Iterator, Mapping

from support.catalogue import show_work
from support.catalogue.calendars import Calendar
from support.catalogue.definition import Definition
from support.catalogue.layout import WIDTH, bullets, heading, paragraph, table
from support.catalogue.marks import HARD_SPACE, Marks
from support.catalogue.promises import Step
from support.catalogue.words import (
    AWAITED,
    CLOCKS,
    FIXES,
    KINDS,
    RESPONSES,
    hours,
    listed,
    objective,
    promised,
)
from support.clocks.terms import ClockKind


def show(definition: Definition, calendars: Mapping[str, Calendar]) -> str:
    """The whole page, ending with a newline; readings, contradictions and the sections of the document come last."""
    marks = Marks(definition)
    used = _used(definition, calendars)
    page = "\n".join(
        [
            *_title(definition),
            *_priorities(definition, marks),
            *_targets(definition, marks),
            *_rules(definition, marks),
            *_calendars(used),
            *_objectives(definition, marks),
            *show_work.lines(definition, marks),
            *_readings(definition, used, marks),
            *_contradictions(definition, marks),
            *_sections(definition, marks),
            "",
        ]
    )
    return page.replace(HARD_SPACE, " ")


def _title(definition: Definition) -> Iterator[str]:
    yield f"{definition.name} ({definition.code})"
    yield "=" * WIDTH
    yield from paragraph(
        f"{KINDS[definition.kind]}; its clocks run on the {definition.subject}. {definition.summary}"
    )
    yield from paragraph(f"Document: {definition.document.title} ({definition.document.code})")
    yield from paragraph(
        "Marks such as [c r2] name a section of the document and a reading; both stand at the end."
    )


def _priorities(definition: Definition, marks: Marks) -> Iterator[str]:
    yield from heading("Priorities, most urgent first")
    rows = [
        [
            step.code,
            step.name,
            step.meaning + marks.of(step.section),
            listed(step.declared_by, "or"),
            listed(step.channels or definition.desk.channels, "or"),
        ]
        for step in _ranked(definition)
    ]
    yield from table(["", "name", "meaning", "declared by", "reported by"], rows)
    for step in _ranked(definition):
        yield from _about(step, marks)


def _about(step: Step, marks: Marks) -> Iterator[str]:
    if step.examples:
        yield from bullets([f"{step.code}, for example: {'; '.join(item.text for item in step.examples)}"])
    if step.not_examples:
        yield from bullets([f"Not {step.code}: {'; '.join(item.text for item in step.not_examples)}"])
    if step.effort:
        more = f"; {step.effort.escalated} once escalated" if step.effort.escalated else ""
        by = f" by {step.effort.calendar}" if step.effort.calendar else ""
        told = f" {step.effort.notified}" if step.effort.notified else ""
        yield from bullets(
            [f"{step.code}, effort: {step.effort.hours}{by}{more}.{told}{marks.of(step.effort.section)}"]
        )
    if step.notified:
        yield from bullets([f"{step.code}, told at once: {step.notified}."])
    if step.customer_duty:
        yield from bullets([f"{step.code}, the customer: {step.customer_duty}"])


def _targets(definition: Definition, marks: Marks) -> Iterator[str]:
    yield from heading("Targets, elapsed time unless a calendar is named")
    kinds = [kind for kind in ClockKind if any(kind in step.targets for step in definition.priorities)]
    alarmed = any(step.management for step in definition.priorities)
    head = ["", *(CLOCKS[kind] for kind in kinds), *(["management after"] if alarmed else [])]
    rows = []
    for step in _ranked(definition):
        row = [step.code, *(_target(step, kind, marks) for kind in kinds)]
        if alarmed:
            alarm = step.management
            row.append(promised(alarm) + marks.of(alarm.section, alarm.reading) if alarm else "–")
        rows.append(row)
    yield from table(head, rows)


def _target(step: Step, kind: ClockKind, marks: Marks) -> str:
    promise = step.targets.get(kind)
    return promised(promise) + marks.of(promise.section, promise.reading) if promise else "–"


def _rules(definition: Definition, marks: Marks) -> Iterator[str]:
    yield from heading("How the clocks run")
    assessment, waits = definition.assessment, marks.of(reading="waits")
    rules = [assessment.decided_by + marks.of(assessment.section)]
    rules.append(f"Until then it is {assessment.default}{marks.of(reading=assessment.reading)}.")
    if assessment.not_agreed:
        rules.append(f"Where the parties do not agree, it is {assessment.not_agreed}.")
    rules.append(f"It may be changed by the {listed(assessment.changed_by, 'or the')}.")
    if assessment.statement:
        rules.append("Whoever asks for another priority gives an updated business impact statement.")
    rules.extend(filter(None, [assessment.urged_by]))
    rules.append(
        f"A new priority replaces the targets of open clocks{marks.of(reading='on_priority_change')}."
    )
    if any(ClockKind.RESPONSE in step.targets for step in definition.priorities):
        ways = listed((RESPONSES[by] for by in definition.response_by), "or")
        rules.append(f"A response is {ways}; never an automatic acknowledgement.")
    if any(ClockKind.FIX in step.targets for step in definition.priorities):
        rules.append(
            f"Fix ends with {listed(('resolution', *(FIXES[by] for by in definition.fix_by)), 'or')}."
        )
    for kind, reasons in definition.waits.items():
        if kind is not ClockKind.COMMITTED and not any(
            kind in step.targets for step in definition.priorities
        ):
            continue
        awaited = listed((AWAITED[reason] for reason in reasons), "or")
        rules.append(f"The {kind} clock stops while waiting for {awaited}{waits}.")
    rules.append("Every other clock stops for nothing.")
    yield from bullets(rules)


def _calendars(used: Mapping[str, Calendar]) -> Iterator[str]:
    if used:
        yield from heading("Calendars")
        rows = [[it.code, hours(it), f"{it.section} ({it.document})"] for it in used.values()]
        yield from table(["", "open", "stated in"], rows)


def _objectives(definition: Definition, marks: Marks) -> Iterator[str]:
    if definition.objectives:
        yield from heading("Objectives of a review period")
        yield from bullets(
            f"{objective(aim)}{marks.of(aim.section, aim.reading)}. {aim.counted}"
            for aim in definition.objectives
        )


def _readings(definition: Definition, used: Mapping[str, Calendar], marks: Marks) -> Iterator[str]:
    yield from heading("Readings: where the document is unclear, what was chosen and why")
    for reading in definition.readings:
        number = marks.readings[reading.key]
        yield from bullets(
            [f"{reading.key}: {reading.chosen} Why: {reading.why}{marks.of(reading.section)}"], mark=number
        )
    for calendar in used.values():
        for reading in calendar.readings:
            yield from bullets(
                [f"calendar {calendar.code}, {reading.key}: {reading.chosen} Why: {reading.why}"]
            )


def _contradictions(definition: Definition, marks: Marks) -> Iterator[str]:
    yield from heading("Contradictions: where the document disagrees with itself")
    found = [
        f"{c.key}: {c.says} Treated: {c.treated}{marks.of(c.section)}" for c in definition.contradictions
    ]
    yield from bullets(found or ["None were found."])


def _sections(definition: Definition, marks: Marks) -> Iterator[str]:
    yield from heading(f"Sections of {definition.document.code}")
    yield from (f"  {mark:>2}  {definition.document.sections[key]}" for key, mark in marks.sections.items())


def _ranked(definition: Definition) -> list[Step]:
    return sorted(definition.priorities, key=lambda step: step.rank)


def _used(definition: Definition, calendars: Mapping[str, Calendar]) -> dict[str, Calendar]:
    return {code: calendars[code] for code in sorted(definition.calendars()) if code in calendars}
