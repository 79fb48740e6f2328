"""The vocabulary of a timeline as data: every kind of event, the facts it carries, and what it does to clocks."""

from collections.abc import Mapping
from dataclasses import replace

from support.clocks import facts
from support.clocks.effects import Action, Effect, Kind, Reach, When
from support.clocks.terms import ClockKind

R, T, U = ClockKind.RESPONSE, ClockKind.TROUBLESHOOT, ClockKind.UPDATE
C, F = ClockKind.CUSTOMER_UPDATE, ClockKind.FIX
V, D = ClockKind.VENDOR_RESPONSE, ClockKind.DISPATCH
N, K = ClockKind.CUSTOMER_ANSWER, ClockKind.COMMITTED

FOLDED = (R, T, U, C, F, K, N, V, D)  # in this order
OPEN = (R, T, U, C, F, K)  # what a ticket may owe at its end

ARM, DISARM = Effect(Action.ARM), Effect(Action.DISARM)
RELEASE = Effect(Action.RELEASE)
ANSWER = Effect(Action.ANSWER, when=When.PERSON)


def _effect(action: Action, *kinds: ClockKind, when: When = When.ALWAYS, by: str = "") -> Effect:
    return Effect(action, frozenset(kinds), when, by)


ESCALATION = (
    "raised",
    "accepted",
    "declined",
    "acknowledged",
    "acted",
    "stepped_down",
    "closed",
    "overridden",
)
HANDOFF = ("offered", "accepted", "returned", "answered", "withdrawn")
RELEVEL = (
    _effect(Action.REPLACE, R, T, F, when=When.CHANGED),
    _effect(Action.RESTART, U, C, when=When.CHANGED),
    ARM,
)
ONSITE = (
    "requested",
    "accepted",
    "approved",
    "declined",
    "done",
    "arrived",
    "left",
    "no_show",
    "cancelled",
)
END = (_effect(Action.STOP, *OPEN), RELEASE, DISARM)
CANCEL = (_effect(Action.CANCEL, *ClockKind), RELEASE, DISARM)

TICKET = (
    Kind("ticket.opened", facts.TicketOpened, (_effect(Action.START, R, U, C, F), ARM)),
    Kind("ticket.accepted", facts.Intake),
    Kind("ticket.declined", facts.Intake, CANCEL, Reach.ALL),
    Kind("priority.claimed", facts.Level),
    Kind("priority.assessed", facts.Level, RELEVEL),
    Kind("priority.agreed", facts.Level, RELEVEL),
    Kind("ticket.resolved", facts.Outcome, END, Reach.ALL),
    Kind("ticket.restored", facts.Outcome, END, Reach.ALL),
    Kind("ticket.archived", facts.Reason, CANCEL, Reach.ALL),
    Kind("ticket.closed", facts.Reason, CANCEL, Reach.ALL),
    Kind("ticket.reopened", facts.Reopened, (_effect(Action.START, F, U, C), ARM), Reach.ALL),
    Kind(
        "ticket.merged", facts.Merged, tuple(replace(effect, when=When.LOSER) for effect in CANCEL), Reach.ALL
    ),
    Kind("ticket.split_from", facts.OtherTicket),
    Kind("ticket.duplicate_of", facts.OtherTicket),
)

TALK = (
    Kind(
        "message.sent",
        facts.MessageSent,
        (
            _effect(Action.RESPOND, R, when=When.PERSON, by="message"),
            _effect(Action.NEXT, U, when=When.PERSON, by="message"),
        ),
        Reach.ALL,
    ),
    Kind(
        "message.received",
        facts.MessageReceived,
        (_effect(Action.NEXT, C, when=When.PERSON), _effect(Action.STOP, N, when=When.PERSON), ANSWER),
        Reach.ALL,
    ),
    Kind(
        "call.made",
        facts.Call,
        (
            _effect(Action.RESPOND, R, when=When.CONNECTED, by="call"),
            _effect(Action.NEXT, U, when=When.CONNECTED, by="call"),
        ),
        Reach.ALL,
    ),
    Kind(
        "call.taken",
        facts.Call,
        (
            _effect(Action.RESPOND, R, when=When.CONNECTED, by="call"),
            _effect(Action.NEXT, C, when=When.CONNECTED),
            _effect(Action.STOP, N, when=When.CONNECTED),
            Effect(Action.ANSWER, when=When.CONNECTED),
        ),
        Reach.ALL,
    ),
    Kind("session.connected", facts.Session, (_effect(Action.RESPOND, R, by="session"),), Reach.ALL),
    Kind("notice.sent", facts.Outage, (_effect(Action.NEXT, U, by="notice"),), Reach.ALL),
)

WORK = (
    Kind("troubleshoot.done", facts.Finding, (_effect(Action.STOP, T),)),
    Kind("wait.started", facts.WaitStarted, (Effect(Action.PAUSE),)),
    Kind("wait.ended", facts.WaitEnded, (Effect(Action.RESUME),)),
    Kind(
        "workaround.given",
        facts.Workaround,
        (
            _effect(Action.STOP, F, when=When.ACCEPTABLE, by="workaround"),
            _effect(Action.STOP, U, when=When.ACCEPTABLE),
            Effect(Action.DISARM, when=When.ACCEPTABLE),
        ),
    ),
    Kind("plan.given", facts.Plan, (_effect(Action.STOP, F, by="plan"),)),
    Kind("commitment.made", facts.Commitment, (_effect(Action.PROMISE, K),)),
    Kind("commitment.changed", facts.Commitment, (_effect(Action.PROMISE, K),)),
    Kind("commitment.withdrawn", facts.Commitment, (_effect(Action.CANCEL, K),)),
    Kind("time.booked", facts.Ids),
    Kind("timer.stopped", facts.Ids),
    Kind("price.delivered", facts.Ids),
    Kind("file.added", facts.Ids),
    Kind("note.added", facts.Ids),
)

TERMS = (
    Kind("effort.switched", facts.EffortSwitched, (_effect(Action.MOVE, F, T, V),)),
    Kind(
        "service.moved",
        facts.ServiceMoved,
        (
            _effect(Action.MOVE, *ClockKind),
            _effect(Action.REPLACE, R, T, F, when=When.TARGET_CHANGED),
            _effect(Action.RESTART, U, C, when=When.TARGET_CHANGED),
            _effect(Action.START, R, U, C, F, when=When.NEWLY_COVERED),
        ),
    ),
    Kind("calendar.moved", facts.CalendarMoved, (_effect(Action.MOVE, *ClockKind),)),
    Kind("clock.corrected", facts.Correction, (Effect(Action.CORRECT),)),
)

ENGAGEMENT = (
    Kind("scope.decided", facts.Scope),
    Kind("scope.way", facts.WayStep),
    Kind("engagement.requested", facts.EngagementRequested, (_effect(Action.START, R, U, C, F),)),
    Kind("engagement.ended", facts.Reason, (_effect(Action.CANCEL, *ClockKind), RELEASE)),
    Kind("offer.sent", facts.Offer, (Effect(Action.PAUSE),)),
    Kind("offer.written", facts.Offer),
    Kind("offer.unwritten", facts.Offer),
    Kind("offer.confirmed", facts.Offer, (Effect(Action.RESUME),)),
    Kind("offer.approved", facts.Offer, (Effect(Action.RESUME),)),
    Kind("offer.declined", facts.Offer, (Effect(Action.RESUME),)),
    Kind("offer.withdrawn", facts.Offer, (Effect(Action.RESUME),)),
    Kind("offer.expired", facts.Offer, (Effect(Action.RESUME),)),
    *(Kind(f"assist.{name}", facts.Assist) for name in ("made", "handed", "taken", "noted")),
    Kind(
        "gdap.changed",
        facts.Gdap,
        (Effect(Action.PAUSE, when=When.PROCESSING), Effect(Action.RESUME, when=When.SETTLED)),
    ),
)

UPWARDS = (
    Kind("case.opened", facts.Case, (_effect(Action.START, V, D),)),
    Kind("case.severity", facts.Case, (_effect(Action.REPLACE, V, D),)),
    Kind("case.answered", facts.Case, (_effect(Action.STOP, V),)),
    Kind("case.dispatched", facts.Case, (_effect(Action.STOP, D),)),
    Kind("case.closed", facts.Case, (_effect(Action.CANCEL, V, D, N),)),
    Kind("case.asked_customer", facts.Question, (_effect(Action.START, N),)),
    *(Kind(f"case.{name}", facts.Case) for name in ("noted", "escalated")),
    *(Kind(name, facts.Move) for name in ("level.moved", "group.assigned", "owner.changed")),
    *(Kind(f"escalation.{name}", facts.Escalation) for name in ESCALATION),
    Kind("engineering.reviewed", facts.Ids),
    *(Kind(f"management.{name}", facts.Ids) for name in ("taken", "updated", "closed")),
    *(Kind(f"handoff.{name}", facts.Move) for name in HANDOFF),
    *(Kind(f"onsite.{name}", facts.Ids) for name in ONSITE),
    Kind("outage.linked", facts.Outage),
    Kind("outage.validated", facts.Outage),
    Kind("outage.closed", facts.Outage),
)

KINDS: Mapping[str, Kind] = {
    kind.name: kind for kind in (*TICKET, *TALK, *WORK, *TERMS, *ENGAGEMENT, *UPWARDS)
}
