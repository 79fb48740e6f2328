"""What the pages of onsite assistance show, worked out before a template sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.forms import Form
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from escalations.forms_onsite import STEPS, AccessForm, HandsForm
from escalations.models import Help, OnsiteRequest, OnsiteState, OnsiteStep, OnsiteVisitor
from escalations.onsite import GRANTS, authorised, known
from support import saying
from support.models import Contact, Ticket

VERBS = {
    OnsiteState.ACCEPTED: gettext_lazy("Accept it"),
    OnsiteState.APPROVED: gettext_lazy("Approve it"),
    OnsiteState.DECLINED: gettext_lazy("Decline it"),
    OnsiteState.CANCELLED: gettext_lazy("Cancel it"),
    OnsiteState.DONE: gettext_lazy("It is done"),
    OnsiteState.ARRIVED: gettext_lazy("They arrived"),
    OnsiteState.LEFT: gettext_lazy("They left"),
    OnsiteState.NO_SHOW: gettext_lazy("Nobody came"),
}
BADGES = {
    OnsiteState.REQUESTED: "badge-warn",
    OnsiteState.ACCEPTED: "badge-hold",
    OnsiteState.APPROVED: "badge-hold",
    OnsiteState.ARRIVED: "badge-hold",
    OnsiteState.DONE: "badge-good",
    OnsiteState.LEFT: "badge-good",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One step as it is read."""

    title: str
    when: str
    noted: str
    text: str
    seen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One request; `window` in the reader's zone, `there` in the site's where that is another."""

    request: OnsiteRequest
    badge: str
    asked: str
    window: str
    there: str
    steps: tuple[Told, ...]
    verbs: tuple[tuple[str, str, Form], ...] = ()


def shown(request: OnsiteRequest, at: datetime, verbs: tuple = ()) -> Shown:
    zone, window, there = timezone.get_current_timezone(), "", ""
    if request.window_from:
        window = f"{saying.period(request.window_from, request.window_until, zone)}, {zone}"
        there = f"{saying.period(request.window_from, request.window_until, ZoneInfo(request.zone))}, {request.zone}"
    return Shown(
        request,
        BADGES.get(OnsiteState(request.state), ""),
        saying.here(request.at, at),
        window,
        "" if there == window else there,
        tuple(_told(row, at) for row in request.steps.all()),
        verbs,
    )


def requests_of(ticket: Ticket) -> list[OnsiteRequest]:
    """All of a ticket's, the newest first; three queries."""
    rows = ticket.onsite_requests.select_related("contact").prefetch_related("steps__visitors")
    found = list(rows.order_by("-position"))
    for row in found:
        row.ticket = ticket
    return found


def verbs_of(request: OnsiteRequest, bound: Mapping, own: bool = False) -> tuple:
    """What may follow: where it is sent, the words of its button, its form; one that came back with errors is among `bound`.

    A customer's own page has cancelling alone, and none grants anything on a ticket that is done.
    """
    kinds = [kind for kind in request.following if not own or kind is OnsiteState.CANCELLED]
    if not request.ticket.undone:
        kinds = [kind for kind in kinds if kind not in GRANTS]
    kinds += [each for each in OnsiteState if each not in kinds and (request.position, each.value) in bound]
    return tuple(
        (
            _address(request, kind, own),
            str(VERBS[kind]),
            bound.get((request.position, kind.value)) or STEPS[kind](of=request, kind=kind.value),
        )
        for kind in kinds
    )


def _address(request: OnsiteRequest, kind: OnsiteState, own: bool) -> str:
    place = [request.ticket.number, request.position]
    if own:
        return reverse("escalations:own-onsite-cancel", args=place)
    return reverse("escalations:onsite-step", args=[*place, kind.value])


def asking(ticket: Ticket, asker: Contact | None, bound: Mapping[str, Form]) -> dict[str, Form]:
    """The forms with which it is asked for: none on a ticket that is done, or where the service knows nothing of it."""
    if not ticket.undone:
        return dict(bound)
    forms = {Help.HANDS: HandsForm, Help.ACCESS: AccessForm}
    return {
        kind.value: bound.get(kind.value) or forms[kind](ticket=ticket, asker=asker) for kind in known(ticket)
    }


def nobody(ticket: Ticket) -> bool:
    """Whether no contact may ask, so that the desk reads where that is said."""
    return bool(known(ticket)) and not authorised(ticket).exists()


def found(requests: QuerySet, *, kind: str, state: str, text: str) -> QuerySet:
    """Requests of a list's filters; without a state those that are not over."""
    requests = requests.filter(kind=kind) if kind in Help.values else requests
    requests = requests.filter(state=state) if state in OnsiteState.values else requests.open()
    return requests.filter(ticket__customer__name__icontains=text) if text else requests


def _told(row: OnsiteStep, at: datetime) -> Told:
    seen: tuple[str, ...] = tuple(map(_seen, row.visitors.all()))
    if row.document:  # of all of them, before it was said of each
        said = {"document": row.get_document_display(), "who": row.by_whom}
        seen = (_("%(document)s, valid. Checked by %(who)s.") % said,)
    elif row.by_whom:
        seen = (_("Done by %(who)s.") % {"who": row.by_whom},)
    noted = _("noted %(at)s by %(who)s") % {"at": saying.here(row.at, at), "who": row.actor_name}
    return Told(row.get_kind_display(), saying.here(row.happened_at, at), noted, row.words, seen)


def _seen(visitor: OnsiteVisitor) -> str:
    facts = {"name": visitor.name, "who": visitor.by_whom}
    if visitor.turned_away:
        return _("%(name)s was turned away by %(who)s: %(why)s") % (facts | {"why": visitor.turned_away})
    said = _("%(name)s: %(document)s, valid. Checked by %(who)s.")
    return said % (facts | {"document": visitor.get_document_display()})
