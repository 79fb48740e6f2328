"""Engagements from their request to their end."""

from datetime import datetime

from django.utils.translation import gettext as _

from billing import gdap_roles, scope
from billing.models import Engagement, EngagementState, Offer, OfferEnd, Timer
from billing.models.engagements import UNDONE
from billing.models.scope import ENGAGEMENT
from billing.rules import ask, verb
from billing.telling import await_no_longer, instant, tell, tell_of_offer
from support import versions
from support.actors import Actor
from support.models import Ticket
from support.refusal import Refused


@verb
def request(
    ticket: Ticket,
    *,
    title: str,
    included: str,
    deliverables: str,
    estimate: int,
    excluded: str = "",
    kind: str = "issue",
    priority: str = "",
    gdap: list[str] | tuple[str, ...] = (),
    expected_delay: str = "",
    by: Actor,
    at: datetime,
) -> Engagement:
    """Ask for an engagement on a ticket whose work was decided to be out of scope. Its clocks start now.

    `estimate` in minutes; `kind` and `priority` as its own service names them, the service's default where none is
    given; `gdap` role template ids. Raises Refused.
    """
    ticket.lock()
    if not ticket.undone:
        raise Refused(_("Ticket %(number)s is done: reopen it first.") % {"number": ticket.number})
    decision = scope.newest(ticket)
    if decision is None or decision.outcome != ENGAGEMENT:
        raise Refused(_("Decide first that this work is out of scope and may be offered as an engagement."))
    service = ticket.contract.engagement_service if ticket.contract else None
    if service is None:
        raise Refused(_("The contract names no engagement service."))
    if unknown := [role for role in gdap if not gdap_roles.is_role(role)]:
        raise Refused(_("Not a role's template id: %(roles)s.") % {"roles": ", ".join(unknown)}, "gdap_roles")
    if estimate <= 0:
        raise Refused(_("Estimate the time."), "estimate")
    engagement = Engagement(
        ticket=ticket,
        contract=ticket.contract,
        decision=decision,
        service=service,
        kind=kind,
        priority=_priority(service, kind, priority),
        title=title,
        included=included,
        excluded=excluded,
        deliverables=deliverables,
        estimate=estimate,
        gdap_roles=sorted(gdap),
        expected_delay=expected_delay,
        requested_at=at,
    )
    engagement.by(by, at).save(force_insert=True)
    tell(
        engagement,
        "engagement.requested",
        by=by,
        at=at,
        service=f"{service.code}@{service.version}",
        calendars=versions.calendar_pins(service, ticket.contract),
        priority=engagement.priority,
    )
    return engagement


@verb
def assess(engagement: Engagement, priority: str, *, by: Actor, at: datetime) -> None:
    """Give it another priority of its own service; its update clock begins anew."""
    engagement.lock()
    _must_be_undone(engagement)
    _priority(engagement.service, engagement.kind, priority)
    if priority == engagement.priority:
        raise Refused(_("It is %(level)s already.") % {"level": priority}, "priority")
    tell(engagement, "priority.assessed", by=by, at=at, level=priority)
    engagement.priority = priority
    engagement.by(by, at).save(update_fields=["priority"])


@verb
def finish(engagement: Engagement, *, by: Actor, at: datetime) -> None:
    """The work is done. An undecided offer is withdrawn; time that was worked can still be booked."""
    _end(engagement, EngagementState.DONE, _("The work is done."), by, at)


@verb
def withdraw(engagement: Engagement, *, reason: str, by: Actor, at: datetime) -> None:
    """It is not wanted any more."""
    if not reason.strip():
        raise Refused(_("Write down why."), "reason")
    _end(engagement, EngagementState.WITHDRAWN, reason, by, at)


def _end(engagement: Engagement, state: EngagementState, reason: str, by: Actor, at: datetime) -> None:
    engagement.lock()
    _must_be_undone(engagement)
    if timer := Timer.objects.filter(approval__engagement=engagement).select_related("person").first():
        raise Refused(_("A timer of %(person)s runs on it: stop it first.") % {"person": timer.person})
    for offer in engagement.offers.undecided():
        offer.engagement = engagement
        end_offer(offer, OfferEnd.Why.WITHDRAWN, reason=reason, by=by)
        tell_of_offer(offer, "offer.withdrawn", by=by, at=at)
    await_no_longer(engagement, by=by, at=at)
    engagement.move(state, by=by, at=at)
    tell(engagement, "engagement.ended", by=by, at=instant(engagement, at), reason=state.value)


def end_offer(offer: Offer, why: str, *, reason: str = "", by: Actor, **facts) -> OfferEnd:
    """Write down why an offer can no longer be answered with yes. Refused when it has been decided."""
    if (stands := ask("SELECT hold_offer(%s)", offer.pk)[0]) != "undecided":
        raise Refused(_("This offer is %(stands)s already.") % {"stands": stands})
    end = OfferEnd(offer=offer, why=why, reason=reason, **facts)
    end.actor = by
    end.save(force_insert=True)
    return end


def settle(engagement: Engagement, otherwise: str, *, by: Actor, at: datetime) -> None:
    """After an offer or an approval has ended: an offer still open, an approval still in force, or `otherwise`."""
    if engagement.state not in UNDONE:
        return
    [now] = ask("SELECT countersign_now()")
    if engagement.offers.undecided().exists():
        state = EngagementState.OFFERED
    elif engagement.approvals.in_force(now).exists():
        state = EngagementState.APPROVED
    else:
        state = EngagementState(otherwise)
    engagement.move(state, by=by, at=at)


def _priority(service, kind: str, priority: str) -> str:
    definition = versions.definition(service)
    kinds = {each.code: each for each in definition.engagement.kinds}
    if kind not in kinds:
        raise Refused(_("%(service)s knows no such kind of work.") % {"service": definition.name}, "kind")
    priority = priority or kinds[kind].default
    if priority not in kinds[kind].priorities:
        raise Refused(
            _("%(kind)s has no priority %(code)s.") % {"kind": kinds[kind].name, "code": priority}, "priority"
        )
    return priority


def _must_be_undone(engagement: Engagement) -> None:
    if engagement.state not in UNDONE:
        raise Refused(
            _("%(reference)s is %(state)s.")
            % {"reference": engagement.reference, "state": engagement.get_state_display().lower()}
        )
