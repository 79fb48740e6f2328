"""The way that out-of-scope work takes after its decision: what its service asks for, step by step, and how the ticket ends."""

from datetime import datetime

from django.utils.translation import gettext as _

from billing import awaiting, scope
from billing.models import ScopeDecision, WayStep
from billing.models.scope import ENGAGEMENT
from billing.rules import verb
from support import timeline, versions
from support.actors import Actor
from support.catalogue.scope import Ask, Way
from support.models import Message, Outcome, Ticket
from support.naming import is_said
from support.refusal import Refused

ESTIMATE, ORDER, ALLOWED, REFUSED = WayStep.Step
CLOSE, MANAGER = "close", "manager"


def way_of(decision: ScopeDecision | None) -> Way | None:
    """The way that was chosen, as the service describes it; None for an engagement, and where nothing was chosen."""
    if decision is None or decision.scope != scope.OUT or decision.outcome in ("", ENGAGEMENT):
        return None
    service = versions.stored(decision.service_id) if decision.service_id else None
    return scope.ways(service).get(decision.outcome)


def next_step(decision: ScopeDecision | None) -> str:
    """What the way waits for: estimate, order, manager or close; empty where there is nothing more to do on it."""
    way = way_of(decision)
    if way is None or decision is None or not decision.ticket.undone:
        return ""
    taken = set(decision.steps.values_list("step", flat=True))
    for ask, step in ((Ask.ESTIMATE, ESTIMATE), (Ask.ORDER, ORDER)):
        if ask in way.asks and step not in taken:
            return step.value
    if Ask.MANAGER in way.asks and not taken & {ALLOWED, REFUSED}:
        return MANAGER
    return CLOSE if way.closes and REFUSED not in taken else ""


def ending(decision: ScopeDecision) -> str:
    """The words to the customer with which a ticket ends on this way, to be edited before they go."""
    way = way_of(decision)
    return way.message if way else ""


@verb
def estimate(ticket: Ticket, *, minutes: int, text: str, by: Actor, at: datetime) -> WayStep:
    """Professional services estimate the work; the customer reads it, and the ticket waits for his purchase order."""
    decision = _held(ticket, ESTIMATE)
    Message.reply(ticket, _written(text), by=by, at=_instant(ticket, at))
    begun = awaiting.begin(ticket, minutes, by=by, at=_instant(ticket, at))
    return _take(decision, ESTIMATE, minutes=minutes, wait=begun.wait, owed=begun.owed, by=by, at=at)


@verb
def order(ticket: Ticket, *, reference: str, by: Actor, at: datetime) -> WayStep:
    """The purchase order is there: professional services are engaged by its number."""
    if not is_said(reference):
        raise Refused(_("Write down the number of the purchase order."), "reference")
    decision = _held(ticket, ORDER)
    step = _take(decision, ORDER, reference=reference.strip(), by=by, at=at)
    awaiting.end(decision, by=by, at=_instant(ticket, at))
    return step


@verb
def answer(ticket: Ticket, *, allowed: bool, reason: str, by: Actor, at: datetime) -> WayStep:
    """A support manager's yes or no, with his reason, to what the service gives only with it."""
    if not is_said(reason):
        raise Refused(_("Write down why."), "reason")
    decision = _held(ticket, MANAGER)
    if allowed and decision.accredited_partner_id:
        scope.must_be_accredited(ticket.customer)
    return _take(decision, ALLOWED if allowed else REFUSED, reason=reason.strip(), by=by, at=at)


@verb
def close(ticket: Ticket, *, text: str, by: Actor, at: datetime) -> None:
    """Write to the customer where it goes from here, and end the ticket as the way says."""
    decision = _held(ticket, CLOSE)
    way = way_of(decision)
    Message.reply(ticket, _written(text), by=by, at=_instant(ticket, at))
    ticket.resolve(outcome=Outcome(way.closes), by=by, at=_instant(ticket, at))


def _held(ticket: Ticket, step: str) -> ScopeDecision:
    """The decision that counts, with its ticket held, where this is what its way waits for."""
    ticket.lock()
    decision = scope.newest(ticket)
    if decision is not None:
        decision.ticket = ticket
    if next_step(decision) != step:
        raise Refused(_("This is not what the chosen way waits for: open the ticket again."))
    return decision


def _take(decision: ScopeDecision, step: str, *, by: Actor, at: datetime, **fields) -> WayStep:
    taken = WayStep(decision=decision, step=step, **fields)
    taken.actor = by
    taken.save(force_insert=True)
    facts = {"step": str(step), "id": taken.pk, "minutes": fields.get("minutes")}
    timeline.record(decision.ticket, "scope.way", by=by, at=_instant(decision.ticket, at), **facts)
    return taken


def _written(text: str) -> str:
    if not is_said(text):
        raise Refused(_("Write to the customer what happens now."), "text")
    return text.strip()


def _instant(ticket: Ticket, at: datetime) -> datetime:
    """`at`, or the ticket's last event where that is later."""
    return max(at, ticket.changed_at)
