"""What the escalation panel of a ticket shows: its steps, what comes next and from when on, and who may do what."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from escalations.forms import EscalationCloseForm, TicketEscalateForm, is_manager
from escalations.ladder import Standing, need_ladder
from escalations.models import Escalation
from support import roles, saying
from support.catalogue.upward import Rung
from support.models import Ticket, User
from support.refusal import Refused


@dataclass(frozen=True, slots=True)
class Step:
    """One level: `state` is "here", "next" or "" for one that lies behind."""

    level: int
    name: str
    state: str
    text: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Without steps there is only `nothing`, the sentence why. `early` says why the next level may not be raised yet, and
    no step says it where that is the last one `again`."""

    nothing: str = ""
    badge: str = ""
    steps: tuple[Step, ...] = ()
    following: int = 0
    again: bool = False
    early: str = ""
    wait: str = ""
    fallback: str = ""
    form: TicketEscalateForm | None = None
    closing: EscalationCloseForm | None = None
    acknowledging: bool = False


def panel_of(ticket: Ticket, user: User, at: datetime, zone: tzinfo, form=None, closing=None) -> Panel:
    """One query. `form` and `closing` are those that came back with errors."""
    try:
        ladder = need_ladder(ticket)
    except Refused as none:
        return Panel(nothing=none.sentence)
    raised = _of_this_time(list(Escalation.objects.of(ticket)))
    last = raised[-1] if raised else None
    standing = Standing(ladder, last.standing() if last else None)
    early = standing.why_not(at, zone)
    acts = ticket.undone and roles.may_open(user, "escalations:ticket-escalate")
    if form is None and acts and (not early or is_manager(user)):
        form = TicketEscalateForm(ticket=ticket, standing=standing, user=user, at=at)
    return Panel(
        badge=_badge(last),
        steps=tuple(_step(rung, standing, raised, ticket.undone, at, zone) for rung in ladder.levels),
        following=standing.following.level,
        again=last is not None and last.level == standing.following.level,
        early=early if acts else "",
        wait=_wait(standing, at) if acts else "",
        fallback=ladder.fallback,
        form=form,
        closing=(closing or EscalationCloseForm()) if acts and last else None,
        acknowledging=acts and last is not None and not hasattr(last, "acknowledgement"),
    )


def _of_this_time(raised: list[Escalation]) -> list[Escalation]:
    """Those since the ladder was last stepped down from."""
    closed = [place for place, row in enumerate(raised, 1) if hasattr(row, "closing")]
    return raised[closed[-1] :] if closed else raised


def _badge(last: Escalation | None) -> str:
    if last is None:
        return ""
    return _("Level %(level)d of %(levels)d") % {"level": last.level, "levels": last.levels}


def _wait(standing: Standing, at: datetime) -> str:
    if standing.last is None or standing.last.not_before is None or standing.last.not_before <= at:
        return ""
    minutes = (standing.last.not_before - at).total_seconds() / 60
    return _("In %(long)s.") % {"long": saying.duration(minutes)}


def _step(
    rung: Rung, standing: Standing, raised: list[Escalation], undone: bool, at: datetime, zone: tzinfo
) -> Step:
    row = next((row for row in reversed(raised) if row.level == rung.level), None)
    if row is not None:
        state = "here" if row is raised[-1] else ""
        return Step(rung.level, row.name, state, " ".join(_told(row, rung, at, zone)))
    if not undone:
        return Step(rung.level, rung.name, "next", _("Was not raised."))
    before = next((below for below in standing.ladder.levels if below.level == rung.level - 1), None)
    if rung.level == standing.following.level:
        early = standing.why_not(at, zone)
        text = f"{early}." if early else _("May be raised now.")
    else:
        text = _("%(time)s after level %(level)d at the earliest.") % {
            "time": before.before_next,
            "level": before.level,
        }
    return Step(rung.level, rung.name, "next", text)


def _told(row: Escalation, rung: Rung, at: datetime, zone: tzinfo):
    facts = {
        "at": saying.instant(row.raised_at, zone, beside=at),
        "who": row.contact.name if row.contact else row.actor_name,
    }
    if hasattr(row, "acknowledgement"):
        taken = row.acknowledgement
        facts |= {"taken": saying.instant(taken.at, zone, beside=at), "by": taken.actor_name}
        yield _("Raised %(at)s by %(who)s, acknowledged by %(by)s %(taken)s.") % facts
    else:
        yield _("Raised %(at)s by %(who)s, not acknowledged yet.") % facts
    yield f"{row.ground_text}."
    if rung.before_next:
        yield _("At least %(time)s here.") % {"time": rung.before_next}
    if row.override_reason:
        yield _("Raised before its time by a manager’s decision.")
    if row.fallback:
        yield row.fallback
