"""What a ticket's page says of its support level and of management."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.forms import Form
from django.utils.translation import gettext as _

from escalations import levels
from escalations.gist import Gist
from escalations.management_forms import ManagementCloseForm, ManagementTakeForm, ManagementUpdateForm
from escalations.models import ManagementEscalation
from support import roles, saying
from support.models import Ticket, User

FORMS: dict[str, Callable[[int], Form]] = {  # by the newest that is at management
    "manage_take": lambda _newest: ManagementTakeForm(),
    "manage_update": lambda _newest: ManagementUpdateForm(),
    "manage_close": lambda newest: ManagementCloseForm(newest=newest),
}


@dataclass(frozen=True, slots=True)
class AbovePanel:
    level: str
    causes: tuple[str, ...]
    driver: str
    updates: tuple[str, ...]
    forms: dict[str, Form]


def above_panel_of(ticket: Ticket, user: User, at: datetime, returned: dict, gist: Gist) -> AbovePanel | None:
    """None where the service knows no levels, nothing is at management and no form of it came back."""
    known = levels.levels_of(ticket)
    rows = _at_management(ticket) if gist.management else []
    back = {name: form for name, form in returned.items() if name in FORMS}
    if not known and not rows and not back:
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
        forms={name: back.get(name) or form(newest) for name, form in FORMS.items()} if acts else back,
    )


def _at_management(ticket: Ticket) -> list[ManagementEscalation]:
    rows = ManagementEscalation.objects.open().filter(ticket=ticket)
    return list(rows.with_driver().prefetch_related("updates"))


def _updates(rows: list[ManagementEscalation], at: datetime) -> tuple[str, ...]:
    """Each once, though a ticket can be at management for several reasons."""
    said = {(each.at, each.actor_name, each.words) for row in rows for each in row.updates.all()}
    return tuple(f"{saying.here(when, at)}, {who}: {words}" for when, who, words in sorted(said))
