"""What the page of a ticket's hand-offs says of them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from escalations import handing
from escalations.models import HandOff, HandOffState, HandOffStep, VendorCase
from escalations.relay import Crossing
from escalations.rota import Relay
from support import saying
from support.models import Clock, Ticket, User

BADGES = {HandOffState.OFFERED: "hold", HandOffState.ASKED: "warn", HandOffState.ACCEPTED: "good"}


@dataclass(frozen=True, slots=True)
class Told:
    """One hand-off with its steps in words."""

    handoff: HandOff
    badge: str
    way: str
    closes: str
    offered: str
    next_update: str
    cases: list[VendorCase]
    steps: list[tuple[HandOffStep, str]]


def receiving(relay: Relay, crossing: Crossing, at: datetime) -> str:
    """ "Australia, before 20:00": what stands in the list of those to whom it may go."""
    facts = {"region": relay.region(crossing.taking).name, "at": saying.here(crossing.at, at)}
    if crossing.at <= at:
        return _("%(region)s, since %(at)s") % facts
    return _("%(region)s, before %(at)s") % facts


def prefilled(ticket: Ticket) -> dict[str, str]:
    """The words of the last hand-off, so that only what has changed is typed; whom they know, where there was none."""
    if last := ticket.handoffs.order_by("position").last():
        return {name: getattr(last, name) for name in ("standing", "tried", "next_action", "expected")}
    contact = ticket.raised_by
    if contact is None:
        return {}
    facts = {"name": contact.name, "where": contact.phone or contact.email}
    return {"expected": _("%(name)s expects to hear from whoever takes over: %(where)s") % facts}


def facts_of(ticket: Ticket, rows: list[HandOff], user: User, at: datetime) -> dict:
    """All hand-offs of a ticket, the last one first, and what this person may do with it."""
    wanted = {case for row in rows for case in row.cases}
    cases = VendorCase.objects.in_bulk(wanted) if wanted else {}
    last = rows[0] if rows and rows[0].is_open else None
    void = last.void if last else ""
    takers = handing.receivers(last, at) if last and not void else []
    unclosed = list(ticket.vendor_cases.unclosed().order_by("position"))
    for case in [*cases.values(), *unclosed]:
        case.ticket = ticket
    return {
        "told": [_told(row, cases, at) for row in rows],
        "open": last,
        "void": void,
        "takers": saying.listed([person.name for person in takers]) if takers else "",
        "may_take": user.pk in {person.pk for person in takers},
        "may_write": ticket.undone and last is None,
        "unclosed": unclosed,
        "next_update": _due(ticket, at),
    }


def _told(row: HandOff, cases: dict[int, VendorCase], at: datetime) -> Told:
    return Told(
        handoff=row,
        badge=BADGES.get(HandOffState(row.state), ""),
        way=f"{row.from_region or row.from_person} → {row.receiver}",
        closes=saying.here(row.closes_at, at),
        offered=saying.here(row.offered_at, at),
        next_update=saying.here(row.next_update_at, at) if row.next_update_at else "",
        cases=[cases[pk] for pk in row.cases if pk in cases],
        steps=[(step, saying.here(step.at, at)) for step in row.steps.all()],
    )


def _due(ticket: Ticket, at: datetime) -> str:
    """The next word owed to the customer, as a hand-off written now would copy it."""
    owed = {"subject_kind": "ticket", "owed_by": "provider", "kind__in": ["response", "update", "committed"]}
    clock = Clock.objects.ticking().filter(ticket=ticket, **owed).order_by("due_at").first()
    return saying.here(clock.due_at, at) if clock and clock.due_at else ""
