"""A clock's story in a few sentences: the promise, a change of priority, where it stood still, how it ended."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from support import saying
from support.clocks.book import AROUND_THE_CLOCK
from support.clocks.terms import Base, ClockKind
from support.clocks.verdicts import Attribution, ClockState, Verdict, Why
from support.explaining.background import Background, ends_of
from support.explaining.words import KINDS, REPEATED, awaited, calendar_in_words, holiday
from support.models.clocks import Clock


def sentences(
    clock: Clock, zone: tzinfo, known: Background, at: datetime | None = None, past: bool = False
) -> Iterator[str]:
    """In this order; `at` is now, or an instant that is `past`, where somebody asks whether a running clock is late."""
    yield _promise(clock, zone, known)
    seq, kind = clock.detail["opened_by"]
    if kind.startswith("priority."):
        yield _reclassified(clock, seq, zone, known)
    yield from _stood_still(clock, known)
    yield _ending(clock, zone, known, at, past)


def _promise(clock: Clock, zone: tzinfo, known: Background) -> str:
    target = clock.detail["target"]
    if promised := target.get("promised_at"):
        said = {
            "when": saying.instant(datetime.fromisoformat(promised), zone, since=clock.started_at),
            "start": saying.instant(clock.started_at, zone),
        }
        return _("It was promised on %(start)s for %(when)s.") % said
    facts = {
        "kind": f"{KINDS[ClockKind(clock.kind)]}",
        "span": saying.span(target["amount"], target["base"]),
        "calendar": _hours(clock, known),
        "priority": clock.priority,
        "start": saying.instant(clock.started_at, zone),
    }
    if clock.kind in REPEATED:
        return _("%(kind)s every %(span)s (%(calendar)s), priority %(priority)s, from %(start)s.") % facts
    return _("%(kind)s within %(span)s (%(calendar)s), priority %(priority)s, from %(start)s.") % facts


def _hours(clock: Clock, known: Background) -> str:
    """In which its first piece counted; one that ended as it began has none."""
    pieces = clock.detail["segments"]
    if calendar := known.calendars.get(pieces[0]["calendar"]) if pieces else None:
        return calendar_in_words(calendar)
    elapsed = pieces or clock.detail["target"]["base"] == Base.ELAPSED
    return _("around the clock") if elapsed else _("in business hours")


def _reclassified(clock: Clock, seq: int, zone: tzinfo, known: Background) -> str:
    """To the level that was said then: the clock goes on under a later one with the same target."""
    event = clock.ticket_id, seq
    when = saying.instant(known.instants[event], zone, since=clock.started_at)
    facts = {"priority": known.levels.get(event, clock.priority), "at": when}
    if clock.attributed_to == Attribution.RECLASSIFICATION:
        return (
            _("The priority was changed to %(priority)s on %(at)s, when that time had passed: counted apart.")
            % facts
        )
    if clock.kind in REPEATED:
        return _("The priority was changed to %(priority)s on %(at)s, and updates count anew.") % facts
    return (
        _("The priority was changed to %(priority)s on %(at)s; its time counts from the old start.") % facts
    )


def _stood_still(clock: Clock, known: Background) -> Iterator[str]:
    pieces = [piece for piece in clock.detail["segments"] if piece["why"] == Why.WAIT and piece["to"]]
    minutes = sum((end - begin).total_seconds() / 60 for begin, end in map(ends_of, pieces) if end)
    if minutes >= 1:
        whom = dict.fromkeys(awaited(piece, known) for piece in pieces)
        yield (
            _("It stood still for %(long)s, waiting for %(whom)s.")
            % {"long": _measured(minutes, pieces), "whom": "; ".join(whom)}
        )
    days = dict.fromkeys(holiday(*day) for piece in clock.detail["segments"] for day in piece["holidays"])
    if days:
        yield _("Holidays did not count: %(days)s.") % {"days": "; ".join(days)}


def _ending(clock: Clock, zone: tzinfo, known: Background, now: datetime | None, past: bool) -> str:
    due, stopped = clock.due_at, clock.stopped_at
    facts = {
        "due": saying.instant(due, zone, since=clock.started_at) if due else "",
        "at": saying.instant(stopped, zone, beside=due) if stopped else "",
        "on": saying.instant(stopped, zone, since=clock.started_at) if stopped else "",
        "long": saying.duration((stopped - due).total_seconds() / 60) if due and stopped else "",
        "spare": spare(clock),
        "whom": _awaited_now(clock, known),
        "then": saying.instant(now, zone, beside=due) if now and due else "",
    }
    match clock.verdict, clock.state:
        case Verdict.MISSED, ClockState.STOPPED if due and stopped and due < stopped:
            return _("It was due %(due)s and done %(at)s, %(long)s late.") % facts
        case Verdict.MISSED, state if state != ClockState.RUNNING or not now:
            return _("It was due %(due)s and was missed.") % facts
        case Verdict.MET, _ if due and stopped and stopped < due and facts["spare"]:
            return _("It was due %(due)s and done %(at)s, with %(spare)s to spare.") % facts
        case Verdict.MET, _ if due and stopped:
            return _("It was due %(due)s and done %(at)s.") % facts
        case Verdict.MET, _:
            return _("It was done in time, on %(on)s.") % facts
        case _, ClockState.RUNNING if now and due and due <= now and past:
            return _("It was due %(due)s and was not done by %(then)s.") % facts
        case _, ClockState.RUNNING if now and due and due <= now:
            return _("It was due %(due)s and is not done yet.") % facts
        case _, ClockState.RUNNING:
            return _("It is due %(due)s.") % facts
        case _, ClockState.PAUSED:
            return (
                _(
                    "It stands still, waiting for %(whom)s; it is due once that is over and the rest has counted."
                )
                % facts
            )
        case _, ClockState.REPLACED:
            return _("A change ended it on %(on)s, before its time was up.") % facts
    return _("It ended on %(on)s, before its time was up, and is not judged.") % facts


def spare(clock: Clock) -> str:
    """What was left of the promise when it was kept, in the promise's own measure; empty for nothing, and for one in days or by an instant."""
    target = clock.detail["target"]
    if target["base"] == Base.BUSINESS_DAYS or target.get("promised_at"):
        return ""
    counted = [piece for piece in clock.detail["segments"] if piece["why"] == Why.RUNNING]
    used = sum((end - begin).total_seconds() / 60 for begin, end in map(ends_of, counted) if end)
    if used >= target["amount"]:
        return ""
    return _measured(target["amount"] - used, clock.detail["segments"][-1:] or [target])


def _measured(minutes: float, pieces: Sequence[Mapping]) -> str:
    """An amount of time of pieces like these, named as business time where some of them count so."""
    long = saying.duration(minutes)
    business = any(piece["calendar"] not in ("", AROUND_THE_CLOCK) for piece in pieces)
    return _("%(left)s of business time") % {"left": long} if business else long


def _awaited_now(clock: Clock, known: Background) -> str:
    open_ended = [piece for piece in clock.detail["segments"] if piece["why"] == Why.WAIT and not piece["to"]]
    return "; ".join(awaited(piece, known) for piece in open_ended)
