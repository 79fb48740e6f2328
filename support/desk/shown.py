"""A stored clock as a page shows it: what is left in words, how much of it, until when, and what it waits for."""

from dataclasses import dataclass
from datetime import datetime

from support import saying
from support.explaining.sentences import spare
from support.explaining.words import KINDS, REPEATED
from support.models.clocks import Clock
from support.wording import gettext as _
from support.wording import per_language

ALARM = 0.75  # the notch of a meter: a clock that has used so much is soon


@dataclass(frozen=True, slots=True)
class Shown:
    """`state` is the component's class, `icon` goes with it; `share` is 0 to 100 of what is left, None without a meter."""

    key: str
    state: str
    icon: str
    left: str
    due: str
    due_at: datetime | None
    name: str
    of: str
    share: float | None


def shown(clock: Clock, now: datetime) -> Shown:
    """How the clock stands at `now`, in the reader's zone and language."""
    counted = _counted(clock, now)
    state, icon, left = _words(clock, now, counted)
    return Shown(
        key=clock.key,
        state=state,
        icon=icon,
        left=left,
        due=_due(clock, now),
        due_at=clock.due_at,
        name=_kind(clock.kind),
        of=target_words(clock),
        share=_share(clock, counted)
        if state in ("soon", "held", "", "theirs")
        else (100 if state == "late" else None),
    )


@per_language
def _kind(kind: str) -> str:
    return str(KINDS[kind])


def target_words(clock: Clock) -> str:
    """ "within 4 h", "every 2 business days": the promise that the clock holds us to."""
    target = clock.detail["target"]
    if target.get("promised_at"):
        return _("promised on the ticket")
    return _promised(clock.kind, target["amount"], target["base"])


@per_language
def _promised(kind: str, amount: int, base: str) -> str:
    length = {"amount": saying.span(amount, base)}
    return (_("every %(amount)s") if kind in REPEATED else _("within %(amount)s")) % length


@per_language
def _left(minutes: int) -> str:
    return _("%(span)s left") % {"span": saying.age(minutes)}


@per_language
def _late(minutes: int) -> str:
    return _("%(span)s late") % {"span": saying.age(minutes)}


def _counted(clock: Clock, now: datetime) -> tuple[float, float]:
    """Counted minutes until `now`, and in all until the due instant as far as it is known."""
    used = total = 0.0
    for segment in clock.detail["segments"]:
        if segment["why"] != "running":
            continue
        start, end = (datetime.fromisoformat(segment[side]) for side in ("from", "to"))
        total += (end - start).total_seconds() / 60
        used += max(0.0, (min(end, now) - start).total_seconds() / 60)
    if clock.due_at is None and clock.detail["target"]["base"] != "business_days":
        total = max(total, float(clock.detail["target"]["amount"]))
    return used, total


def _share(clock: Clock, counted: tuple[float, float]) -> float | None:
    used, total = counted
    if clock.due_at is None and clock.detail["target"]["base"] == "business_days":
        return None
    return round(100 * max(0.0, 1 - used / total), 1) if total else None


def _words(clock: Clock, now: datetime, counted: tuple[float, float]) -> tuple[str, str, str]:
    used, total = counted
    if clock.state in ("stopped", "cancelled", "replaced"):
        return _done(clock)
    if clock.due_at is None:
        known = clock.detail["target"]["base"] != "business_days"
        left = _("%(span)s left, stopped") % {"span": saying.age(total - used)} if known else _("Stopped")
        return "held", "pause", left
    if clock.due_at <= now:
        return "late", "late", _late(int((now - clock.due_at).total_seconds() // 60))
    left = _left(int(total - used))
    if clock.owed_by == "customer":
        return "theirs", "person", left
    return ("soon", "alert", left) if total and used / total >= ALARM else ("", "clock", left)


def _done(clock: Clock) -> tuple[str, str, str]:
    if clock.state != "stopped" and clock.verdict == "missed":
        called_off = clock.state == "cancelled"
        return "late", "late", _("Missed, then cancelled") if called_off else _("Missed, then changed")
    if clock.state != "stopped":
        return "held", "dash", _("Cancelled") if clock.state == "cancelled" else _("Ended by a change")
    if clock.verdict == "unjudged":
        return "held", "dash", _("Not judged")
    if clock.verdict == "missed":
        return "late", "late", _missed(clock)
    left = spare(clock)
    return "met", "check", _("Met with %(span)s to spare") % {"span": left} if left else _("Met")


def _missed(clock: Clock) -> str:
    """By how much; nothing of it where somebody judged so a clock that had stopped in its time."""
    if not (clock.due_at and clock.stopped_at and clock.due_at < clock.stopped_at):
        return _("Missed")
    minutes = (clock.stopped_at - clock.due_at).total_seconds() / 60
    return _("Missed by %(span)s") % {"span": saying.age(round(minutes) if minutes >= 1 else minutes)}


def _due(clock: Clock, now: datetime) -> str:
    if clock.state in ("stopped", "cancelled", "replaced"):
        return saying.here(clock.stopped_at, now) if clock.stopped_at else ""
    return (
        _("due %(instant)s") % {"instant": saying.here(clock.due_at, now)}
        if clock.due_at
        else _("no due time while it waits")
    )
