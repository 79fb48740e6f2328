"""One level of a ladder as a panel tells it: what was done on it, or from when on it may be raised."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from escalations.ladder import Standing
from escalations.models import Escalation
from escalations.models.standing import live_of
from support import saying
from support.actors import ActorKind
from support.catalogue.upward import Rung
from support.explaining.words import KINDS


@dataclass(frozen=True, slots=True)
class Step:
    """One level: `state` is "here", "next" or "" for one that lies behind."""

    level: int
    name: str
    state: str
    text: str


def step_of(
    rung: Rung,
    standing: Standing,
    raised: Sequence[Escalation],
    undone: bool,
    at: datetime,
    zone: tzinfo,
    *,
    ours: bool = True,
) -> Step:
    """For the desk (`ours`), or in the words that a customer reads."""
    live = live_of(list(raised))
    row = next((row for row in reversed(live) if row.level == rung.level), None)
    if row is not None:
        state = "here" if row is live[-1] else ""
        return Step(rung.level, row.name, state, " ".join(_told(row, rung, at, zone, ours)))
    if not undone:
        return Step(rung.level, rung.name, "next", _("Was not raised."))
    text = " ".join([*_before(rung, raised, at, zone), _coming(rung, standing, at, zone)])
    return Step(rung.level, rung.name, "next", text)


def _coming(rung: Rung, standing: Standing, at: datetime, zone: tzinfo) -> str:
    if rung.level == standing.following.level:
        early = standing.why_not(at, zone)
        return f"{early}." if early else _("May be raised now.")
    before = standing.ladder.levels[rung.level - 2]
    return _("%(time)s after level %(level)d at the earliest.") % {
        "time": before.before_next,
        "level": before.level,
    }


def _before(rung: Rung, raised: Sequence[Escalation], at: datetime, zone: tzinfo) -> Iterator[str]:
    """What became of it when it was raised last, on the ladder that the ticket stands on."""
    closed = max((row.position for row in raised if hasattr(row, "closing")), default=0)
    ended = [row for row in raised if row.position > closed and row.level == rung.level]
    row = ended[-1] if ended else None
    if row is not None and hasattr(row, "refusal"):
        facts = {"at": saying.instant(row.refusal.at, zone, beside=at), "item": row.refusal.item_text}
        yield _("Not accepted %(at)s: %(item)s.") % facts
    elif row is not None and hasattr(row, "descent"):
        yield _("Stepped down from it %(at)s.") % {"at": saying.instant(row.descent.at, zone, beside=at)}


def _told(row: Escalation, rung: Rung, at: datetime, zone: tzinfo, ours: bool) -> Iterator[str]:
    facts = {
        "at": saying.instant(row.raised_at, zone, beside=at),
        "who": row.asked_by,
    }
    if hasattr(row, "acknowledgement"):
        taken = row.acknowledgement
        facts |= {"taken": saying.instant(taken.at, zone, beside=at), "by": taken.actor_name}
        yield _("Raised %(at)s by %(who)s, acknowledged by %(by)s %(taken)s.") % facts
    elif hasattr(row, "acceptance"):
        facts["by"] = row.acceptance.actor_name
        yield _("Raised %(at)s by %(who)s, accepted by %(by)s, not acknowledged yet.") % facts
    else:
        yield _("Raised %(at)s by %(who)s, not acknowledged yet.") % facts
    missed = f": {KINDS[row.missed.split(':')[-2]]}" if row.missed else ""
    yield f"{row.ground_text}{missed}."
    if row.reason and (ours or row.actor_kind == ActorKind.CONTACT):
        yield f"“{row.reason}”"
    if rung.before_next:
        yield _("At least %(time)s here.") % {"time": rung.before_next}
    if ours and row.override_reason:
        yield _("Raised before its time by a manager’s decision.")
    if row.fallback:
        yield row.fallback
