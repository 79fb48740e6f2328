"""Engagements from their request to their end."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from billing import gdap_roles, letters, scope
from billing.models import (
    Approval,
    ApprovalEnd,
    Engagement,
    EngagementState,
    Offer,
    OfferEnd,
    ScopeDecision,
    Timer,
)
from billing.models.engagements import UNDONE
from billing.models.scope import ENGAGEMENT
from billing.rules import ask, verb
from billing.telling import await_no_longer, instant, tell, tell_of_offer
from support import versions
from support.actors import Actor
from support.mail.outbox import one_line
from support.models import ServiceVersion, Ticket
from support.naming import is_said
from support.refusal import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be done, in words that the offer repeats: one line each; `estimate` in minutes, GDAP role template ids."""

    title: str
    included: str
    deliverables: str
    estimate: int
    excluded: str = ""
    gdap_roles: tuple[str, ...] = ()
    expected_delay: str = ""


@verb
def request(
    ticket: Ticket, wanted: Wanted, *, kind: str = "issue", priority: str = "", by: Actor, at: datetime
) -> Engagement:
    """Ask for an engagement on a ticket whose work was decided to be out of scope. Its clocks start now.

    `kind` and `priority` as its own service names them, the service's default where none is given. Raises Refused.
    """
    ticket.lock()
    decision, service = _basis(ticket)
    if unknown := [role for role in wanted.gdap_roles if not gdap_roles.is_role(role)]:
        raise Refused(_("Not a role's template id: %(roles)s.") % {"roles": ", ".join(unknown)}, "gdap_roles")
    if wanted.estimate <= 0:
        raise Refused(_("Estimate the time."), "estimate")
    for name in ("title", "included", "deliverables"):
        if not is_said(getattr(wanted, name)):
            raise Refused(_("Write what the offer will say here."), name)
    engagement = Engagement(
        ticket=ticket,
        contract=ticket.contract,
        decision=decision,
        service=service,
        kind=kind,
        priority=_priority(service, kind, priority),
        requested_at=at,
        **{
            **asdict(wanted),
            "title": one_line(wanted.title),
            "gdap_roles": sorted(wanted.gdap_roles),
        },
    )
    engagement.by(by, at).save(force_insert=True)
    pinned = {
        "service": f"{service.code}@{service.version}",
        "calendars": versions.calendar_pins(service, ticket.contract),
    }
    tell(engagement, "engagement.requested", by=by, at=at, priority=engagement.priority, **pinned)
    return engagement


def _basis(ticket: Ticket) -> tuple[ScopeDecision, ServiceVersion]:
    """The decision and the service that let a ticket have an engagement."""
    if not ticket.undone:
        raise Refused(_("Ticket %(number)s is done: reopen it first.") % {"number": ticket.number})
    decision = scope.newest(ticket)
    if decision is None or decision.outcome != ENGAGEMENT:
        raise Refused(_("Decide first that this work is out of scope and may be offered as an engagement."))
    if ticket.contract is None or ticket.contract.engagement_service is None:
        raise Refused(_("The contract names no engagement service."))
    return decision, ticket.contract.engagement_service


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
    """The work is done. An undecided offer is withdrawn; time whose work began before it can still be booked."""
    engagement.lock()
    if not engagement.approvals.exists():
        raise Refused(_("Nothing was ever approved: withdraw it instead."))
    _end(engagement, EngagementState.DONE, _("The work is done."), by, at)


@verb
def withdraw(engagement: Engagement, *, reason: str, by: Actor, at: datetime) -> None:
    """It is not wanted any more: offers that are undecided and approvals that are in force end."""
    if not is_said(reason):
        raise Refused(_("Write down why."), "reason")
    engagement.lock()
    for approval in engagement.approvals.filter(
        end=None, offer__work_until__gt=ask("SELECT countersign_now()")[0]
    ):
        end_approval(approval, reason=reason.strip(), by=by, at=at)
    _end(engagement, EngagementState.WITHDRAWN, reason.strip(), by, at)


def _end(engagement: Engagement, state: EngagementState, reason: str, by: Actor, at: datetime) -> None:
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


def end_approval(approval: Approval, *, reason: str, by: Actor, at: datetime) -> ApprovalEnd:
    """Withdraw an approval: on the timeline, and in writing to both sides."""
    ask("SELECT cap FROM hold_balance(%s)", approval.pk)
    end = ApprovalEnd(approval=approval, why=ApprovalEnd.Why.WITHDRAWN, reason=reason)
    end.actor = by
    end.save(force_insert=True)
    tell_of_offer(approval.offer, "offer.withdrawn", by=by, at=at)
    letters.tell_of_end(approval.offer, reason, by=by, at=at)
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
