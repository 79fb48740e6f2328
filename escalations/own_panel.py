"""The ladder as a customer reads it on his own ticket page: the level, who answers there, and when the next may be raised."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from escalations import contact_hours, ladder
from escalations.forms import OwnEscalateForm
from escalations.models import Escalation
from escalations.models.escalation import raised_of
from escalations.models.standing import live_of
from escalations.panel import answers, badge
from escalations.stepping import Step, step_of
from support.models import Ticket, User
from support.portal.tickets import contact_for


@dataclass(frozen=True, slots=True)
class OwnPanel:
    """`form` is there where a level may be raised now, by this person."""

    badge: str
    steps: tuple[Step, ...]
    following: int
    early: str
    answers: str
    fallback: str
    hours: str
    form: OwnEscalateForm | None


def own_panel_of(
    ticket: Ticket, user: User, at: datetime, zone: tzinfo, form: OwnEscalateForm | None = None
) -> OwnPanel | None:
    """None where the ticket's service has no ladder."""
    rules = ladder.definition_of(ticket).ladder if ticket.service else None
    if rules is None:
        return None
    raised = list(Escalation.objects.of(ticket))
    live = live_of(raised)
    last = live[-1] if live else None
    standing = ladder.Standing(rules, raised_of(raised))
    early = standing.why_not(at, zone)
    if form is None and ticket.undone and not early and contact_for(user, ticket):
        form = OwnEscalateForm(ticket=ticket, standing=standing, user=user, at=at)
    return OwnPanel(
        badge=badge(last),
        steps=tuple(
            step_of(rung, standing, raised, ticket.undone, at, zone, ours=False) for rung in rules.levels
        ),
        following=standing.following.level,
        early=early if ticket.undone else "",
        answers=_answers(ticket, last),
        fallback=rules.fallback,
        hours=contact_hours.of_ticket(ticket),
        form=form,
    )


def _answers(ticket: Ticket, last: Escalation | None) -> str:
    """The role that answers, with a number only where that is the published route."""
    if last is None:
        return ""
    published = answers(ticket, last.level, ours=False)
    if published:
        return _("%(role)s answers, %(phone)s.") % {"role": last.name, "phone": published}
    return _("%(role)s answers.") % {"role": last.name}
