"""Tickets that somebody has to take over: offered and not accepted, or not even written when managers were told."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from escalations.handoff_board import Card, board
from escalations.models import HandOff
from escalations.morning.section import BAD, SHOWN, Line, Section
from support import saying
from support.models import User


def unaccepted(user: User, at: datetime) -> Section:
    """As the board has it, which is the list behind the number."""
    cards = board(user, at).unaccepted
    return Section(
        "handoffs",
        _("Not accepted"),
        ngettext("hand-off not accepted", "hand-offs not accepted", len(cards)),
        "globe",
        BAD,
        f"{reverse('escalations:handoff-board')}?unaccepted",
        len(cards),
        [_line(card, at) for card in cards[:SHOWN]],
    )


def _line(card: Card, at: datetime) -> Line:
    about = _offered(card.handoff, at) if card.handoff else _("%(way)s: nobody has it.") % {"way": card.way}
    said = {"customer": card.ticket.customer.name, "priority": card.ticket.priority, "about": about}
    words = _("%(customer)s, %(priority)s. %(about)s") % said
    begun = card.handoff.offered_at if card.handoff else card.told_at
    since = _("since %(instant)s") % {"instant": saying.here(begun, at)}
    return Line(
        reverse("escalations:handoff-write", args=[card.ticket.number]),
        card.ticket.title,
        words,
        since,
        begun,
    )


def _offered(handoff: HandOff, at: datetime) -> str:
    facts = {
        "name": handoff.actor_name,
        "to": handoff.receiver,
        "closes": saying.here(handoff.closes_at, at),
        "void": handoff.void,
    }
    if facts["void"]:
        return _("Offered by %(name)s to %(to)s. %(void)s") % facts
    if handoff.closes_at <= at:
        return _("Offered by %(name)s to %(to)s; the gap is open since %(closes)s.") % facts
    return _("Offered by %(name)s to %(to)s; the gap opens %(closes)s.") % facts
