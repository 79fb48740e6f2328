"""What the escalation panel of a ticket shows: its steps, what comes next and from when on, and who may do what."""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from django.forms import Form
from django.utils.translation import gettext as _

from escalations import contact_hours, ladder
from escalations.forms import (
    EscalationActForm,
    EscalationCloseForm,
    EscalationDeclineForm,
    EscalationStepDownForm,
    TicketEscalateForm,
    is_manager,
)
from escalations.gist import Gist
from escalations.models import Escalation, LadderContact
from escalations.models.escalation import raised_of
from escalations.models.standing import live_of
from escalations.stepping import Step, step_of
from support import roles, saying
from support.models import Ticket, User
from support.refusal import Refused


@dataclass(frozen=True, slots=True)
class Panel:
    """Without steps there is only `nothing`, the sentence why. `early` says why the next level may not be raised yet, and
    no step says it where that is the last one `again`. `about` is the place of the one that the ticket stands on. `forms` are those of what may be done now, by their names."""

    nothing: str = ""
    badge: str = ""
    about: int = 0
    steps: tuple[Step, ...] = ()
    following: int = 0
    again: bool = False
    early: str = ""
    wait: str = ""
    fallback: str = ""
    hours: str = ""
    answers: str = ""
    form: TicketEscalateForm | None = None
    accepting: bool = False
    acknowledging: bool = False
    acts: tuple[str, ...] = ()
    forms: dict[str, Form] = field(default_factory=dict)


def panel_of(
    ticket: Ticket,
    user: User,
    at: datetime,
    zone: tzinfo,
    returned: dict | None = None,
    gist: Gist | None = None,
) -> Panel:
    """`returned` are the forms that came back with errors, by their names; one query, none where the `gist` of it says that it was never raised."""
    returned = returned or {}
    try:
        rules = ladder.need_ladder(ticket)
    except Refused as none:
        return Panel(nothing=none.sentence, form=returned.get("escalate"), forms=returned)
    raised = list(Escalation.objects.of(ticket)) if gist is None or gist.raised else []
    live = live_of(raised)
    last = live[-1] if live else None
    standing = ladder.Standing(rules, raised_of(raised))
    early = standing.why_not(at, zone)
    acts = ticket.undone and roles.may_open(user, "escalations:ticket-escalate")
    form = returned.get("escalate")
    if form is None and acts and (not early or is_manager(user)):
        names = gist.askers if gist else None
        form = TicketEscalateForm(ticket=ticket, standing=standing, user=user, at=at, askers=names)
    return Panel(
        badge=badge(last),
        about=last.position if last else 0,
        steps=tuple(step_of(rung, standing, raised, ticket.undone, at, zone) for rung in rules.levels),
        following=standing.following.level,
        again=last is not None and last.level == standing.following.level,
        early=early if acts else "",
        wait=_wait(standing, at) if acts else "",
        fallback=rules.fallback,
        hours=contact_hours.in_words(gist.hours) if gist else contact_hours.of_ticket(ticket),
        answers=answers(ticket, last.level) if last else "",
        form=form,
        accepting=acts and last is not None and not _is_accepted(last),
        acknowledging=acts and last is not None and not hasattr(last, "acknowledgement"),
        acts=_acts(last, at),
        forms=(_forms(last, ticket) if acts and last else {}) | returned,
    )


def badge(last: Escalation | None) -> str:
    if last is None:
        return ""
    return _("Level %(level)d of %(levels)d") % {"level": last.level, "levels": last.levels}


def answers(ticket: Ticket, level: int, *, ours: bool = True) -> str:
    """Who answers on this level; a number that is not the published route is for the desk alone."""
    contact = LadderContact.objects.on_level(ticket, level)
    route = contact.route() if contact else None
    if route is None or not route.who:
        return _("Nobody is named for this level: the desk finds somebody.") if ours else ""
    if not ours:
        return route.phone if route.published else ""
    return ", ".join(part for part in [route.who, route.phone, route.email] if part)


def _is_accepted(row: Escalation) -> bool:
    return hasattr(row, "acceptance") or hasattr(row, "acknowledgement")


def _forms(last: Escalation, ticket: Ticket) -> dict[str, Form]:
    """What may be done about the level that the ticket stands on."""
    found: dict[str, Form] = {}
    if not _is_accepted(last):
        found["decline"] = EscalationDeclineForm(ticket=ticket)
    if hasattr(last, "acknowledgement"):
        found["act"] = EscalationActForm()
    if last.level > 1:
        found["stepdown"] = EscalationStepDownForm()
    found["deescalate"] = EscalationCloseForm()
    return found


def _acts(last: Escalation | None, at: datetime) -> tuple[str, ...]:
    if last is None or not hasattr(last, "acknowledgement"):
        return ()
    said = _("%(at)s, %(by)s: %(words)s")
    return tuple(
        said % {"at": saying.here(act.at, at), "by": act.actor_name, "words": act.words}
        for act in last.acts.all()
    )


def _wait(standing: ladder.Standing, at: datetime) -> str:
    if standing.last is None or standing.last.not_before is None or standing.last.not_before <= at:
        return ""
    minutes = (standing.last.not_before - at).total_seconds() / 60
    return _("In %(long)s.") % {"long": saying.duration(minutes)}
