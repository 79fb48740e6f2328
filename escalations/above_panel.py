"""What a ticket's page says of its support level and of management."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.forms import Form
from django.utils.translation import gettext as _

from escalations import levels
from escalations.gist import Gist
from escalations.management_forms import ManagementCloseForm, ManagementTakeForm, ManagementUpdateForm
from escalations.models import ManagementEscalation
from support import roles, saying
from support.models import Ticket, User


@dataclass(frozen=True, slots=True)
class AbovePanel:
    level: str
    causes: tuple[str, ...]
    driver: str
    updates: tuple[str, ...]
    forms: dict[str, Form]


def above_panel_of(ticket: Ticket, user: User, at: datetime, returned: dict, gist: Gist) -> AbovePanel | None:
    """None where the service knows no levels and nothing is at management."""
    known = levels.levels_of(ticket)
    rows = _at_management(ticket) if gist.management else []
    if not known and not rows:
        return None
    acts = bool(rows) and roles.may_open(user, "escalations:management-take")
    newest = max((row.pk for row in rows), default=0)
    return AbovePanel(
        level=_("Support level %(level)d of %(levels)d, %(name)s")
        % {"level": gist.level, "levels": len(known), "name": known[gist.level - 1].name}
        if known
        else "",
        causes=tuple(
            _("%(cause)s, since %(at)s")
            % {"cause": row.get_cause_display(), "at": saying.here(row.opened_at, at)}
            for row in rows
        ),
        driver=next((row.driver_name for row in rows if row.driver_name), ""),
        updates=_updates(rows, at),
        forms=_forms(returned, newest) if acts else {},
    )


def _at_management(ticket: Ticket) -> list[ManagementEscalation]:
    rows = ManagementEscalation.objects.open().filter(ticket=ticket)
    return list(rows.with_driver().prefetch_related("updates"))


def _forms(returned: dict, newest: int) -> dict[str, Form]:
    made = {
        "manage_take": ManagementTakeForm,
        "manage_update": ManagementUpdateForm,
        "manage_close": partial(ManagementCloseForm, newest=newest),
    }
    return {name: returned.get(name) or form() for name, form in made.items()}


def _updates(rows: list[ManagementEscalation], at: datetime) -> tuple[str, ...]:
    """Each once, though a ticket can be at management for several reasons."""
    said = {(each.at, each.actor_name, each.words) for row in rows for each in row.updates.all()}
    return tuple(f"{saying.here(when, at)}, {who}: {words}" for when, who, words in sorted(said))
