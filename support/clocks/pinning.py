"""The terms that a subject is under: pinned when it is opened, moved only by events."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from support.clocks import facts
from support.clocks.events import FoldError
from support.clocks.terms import ClockKind
from support.clocks.track import Condition, Track
from support.clocks.vocabulary import KINDS
from support.clocks.work import Work


def pin(work: Work) -> None:
    """Takes from the event what its subject is, before its effects on clocks. FoldError; NotInBook."""
    if change := CHANGES.get(work.event.kind):
        change(work)


def open_ticket(work: Work) -> None:
    said = work.said(facts.TicketOpened)
    track = Track(
        work.event.subject, said.covered, said.priority, said.deployment, unjudged=frozenset(said.unjudged)
    )
    _open(work, track, said.service, said.calendars)


def open_engagement(work: Work) -> None:
    said = work.said(facts.EngagementRequested)
    track = Track(work.event.subject, True, said.priority, None, unjudged=frozenset(said.unjudged))
    _open(work, track, said.service, said.calendars)


def open_case(work: Work) -> None:
    """Without a service nothing is known of what the vendor owes, and its case has no clocks."""
    said = work.said(facts.Case)
    _open(
        work,
        Track(work.event.subject, bool(said.service), said.severity, None, frozenset()),
        said.service,
        said.calendars,
    )


def set_severity(work: Work) -> None:
    track = work.own()
    work.level_before = track.priority
    track.priority = work.said(facts.Case).severity


def end_engagement(work: Work) -> None:
    work.own().ended = True


def set_level(work: Work) -> None:
    track = work.own()
    work.level_before = track.priority
    track.priority = work.said(facts.Level).level


def switch_effort(work: Work) -> None:
    track = work.own()
    around_the_clock = work.said(facts.EffortSwitched).effort is facts.Effort.AROUND_THE_CLOCK
    kinds = EFFORT if around_the_clock else frozenset[ClockKind]()
    _move(work, track, replace(track.now, around_the_clock=kinds))


def move_service(work: Work) -> None:
    track, said = work.own(), work.said(facts.ServiceMoved)
    _check(work, said.new, said.calendars)
    work.level_before, work.newly_covered = track.priority, not track.covered
    track.priority, track.covered = said.priority or track.priority, True
    calendars = {**track.now.calendars, **said.calendars}
    # A clock that gets a new target from its old start needs the new names for the time before the move as well.
    track.conditions = tuple(replace(c, calendars={**calendars, **c.calendars}) for c in track.conditions)
    _move(work, track, replace(track.now, service=said.new, calendars=calendars))


def move_calendar(work: Work) -> None:
    track, said = work.own(), work.said(facts.CalendarMoved)
    if said.calendar not in track.now.calendars:
        raise FoldError(f"{work.event.subject}: calendar {said.calendar!r} is not pinned")
    calendars = {**track.now.calendars, said.calendar: said.new}
    _check(work, track.now.service, calendars)
    _move(work, track, replace(track.now, calendars=calendars))


def _open(work: Work, track: Track, service: str, calendars: Mapping[str, str]) -> None:
    if track.subject in work.tracks:
        raise FoldError(f"{work.event.kind}: {track.subject} is open already")
    if track.covered:
        _check(work, service, calendars)
    track.conditions = (Condition(work.at, service, calendars, frozenset(), work.cause),)
    work.tracks[track.subject] = track


def _check(work: Work, service: str, calendars: Mapping[str, str]) -> None:
    work.book.service(service)
    for ref in calendars.values():
        work.book.calendar(ref)


def _move(work: Work, track: Track, condition: Condition) -> None:
    track.conditions = (*track.conditions, replace(condition, since=work.at, cause=work.cause))


EFFORT = KINDS["effort.switched"].effects[0].kinds
CHANGES: Mapping[str, Callable[[Work], None]] = {
    "ticket.opened": open_ticket,
    "engagement.requested": open_engagement,
    "engagement.ended": end_engagement,
    "case.opened": open_case,
    "case.severity": set_severity,
    "priority.assessed": set_level,
    "priority.agreed": set_level,
    "effort.switched": switch_effort,
    "service.moved": move_service,
    "calendar.moved": move_calendar,
}
