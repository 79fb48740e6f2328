"""The terms of the published services, written by hand, and a book that holds them at version 1."""

from support.clocks.book import Book
from support.clocks.terms import (
    Base,
    ClockKind,
    Deployment,
    Owes,
    Priority,
    ServiceTerms,
    Subject,
    Target,
    WaitReason,
)
from tests.support.calendar_cases import DENVER, LONDON, NIGHT_WATCH, NINE_TO_FIVE

CUSTOMER_WAITS = frozenset({WaitReason.CUSTOMER, WaitReason.APPROVAL, WaitReason.GDAP})
FIX_WAITS = CUSTOMER_WAITS | {WaitReason.SITE_ACCESS}
SUPPORT_STOPS = {
    ClockKind.TROUBLESHOOT: FIX_WAITS,
    ClockKind.COMMITTED: FIX_WAITS,
    ClockKind.FIX: FIX_WAITS | {WaitReason.MAINTENANCE},
}
CLOUD = frozenset({Deployment.CLOUD})


def elapsed(minutes, **more):
    return {"base": Base.ELAPSED, "amount": minutes, **more}


def business(minutes, calendar, **more):
    return {"base": Base.BUSINESS, "amount": minutes, "calendar": calendar, **more}


def days(number, calendar):
    return {"base": Base.BUSINESS_DAYS, "amount": number, "calendar": calendar}


def scale(**steps):
    """P1={"response": elapsed(30)} … in order of urgency, as priorities."""
    return tuple(
        Priority(
            code,
            code,
            rank,
            {ClockKind(kind): Target(ClockKind(kind), **target) for kind, target in targets.items()},
        )
        for rank, (code, targets) in enumerate(steps.items(), 1)
    )


def hourly(hours):
    """The provider's and the customer's update every so many hours."""
    customer = elapsed(hours * 60, owed_by=Owes.CUSTOMER)
    return {"response": elapsed(60), "update": elapsed(hours * 60), "customer_update": customer}


ESE = ServiceTerms(
    "calltower-ese",
    1,
    Subject.ENGAGEMENT,
    scale(
        P1={"update": elapsed(60)},
        P2={"update": elapsed(120)},
        P3={"update": days(1, "mt-business")},
        P4={"update": days(2, "mt-business")},
        Expedited={"update": days(2, "mt-business")},
        Standard={"update": days(3, "mt-business")},
    ),
    stopped_by={ClockKind.UPDATE: CUSTOMER_WAITS},
)
UCC = ServiceTerms(
    "exponential-e-ucc",
    1,
    Subject.TICKET,
    scale(
        Critical={"response": elapsed(30), "troubleshoot": elapsed(60), "fix": elapsed(300)},
        High={"response": elapsed(30), "troubleshoot": elapsed(60), "fix": elapsed(600)},
        Normal={
            "response": elapsed(60),
            "troubleshoot": elapsed(60),
            "fix": business(48 * 60, "uk-business"),
        },
        Low={
            "response": elapsed(240),
            "troubleshoot": elapsed(60),
            "fix": business(48 * 60, "uk-business"),
        },
    ),
    stopped_by=SUPPORT_STOPS,
)
DEDICATED = ServiceTerms(
    "microsoft-o365-dedicated",
    1,
    Subject.TICKET,
    scale(
        A=hourly(2),
        B={"response": elapsed(60), "update": elapsed(24 * 60)},
        C={"response": elapsed(60), "update": elapsed(72 * 60)},
        D={},
    ),
    stopped_by=SUPPORT_STOPS,
)


def enghouse(code, calendar):
    return ServiceTerms(
        code,
        1,
        Subject.TICKET,
        scale(
            P1={
                "response": business(30, calendar),
                "fix": business(240, calendar, deployments=CLOUD),
                "update": business(120, calendar),
            },
            P2={
                "response": business(60, calendar),
                "fix": business(480, calendar, deployments=CLOUD),
                "update": business(240, calendar),
            },
            P3={"response": days(1, calendar)},
            P4={"response": days(2, calendar)},
        ),
        stopped_by=SUPPORT_STOPS,
        response_by=frozenset({"call", "session"}),
        fix_by=frozenset({"workaround", "plan"}),
    )


VENDOR = ServiceTerms(
    "microsoft-csp",
    1,
    Subject.CASE,
    scale(
        A={
            "vendor_response": elapsed(60, owed_by=Owes.VENDOR),
            "dispatch": elapsed(240, owed_by=Owes.VENDOR),
        },
        B={"vendor_response": elapsed(120, owed_by=Owes.VENDOR)},
        C={
            "vendor_response": business(240, "plan", owed_by=Owes.VENDOR),
            "customer_answer": elapsed(24 * 60, owed_by=Owes.CUSTOMER),
        },
    ),
)


# The UTC calendar stands for the plan's hours, so that the figures can be worked out by hand.
ENGHOUSE = enghouse("enghouse-standard", "plan")
SERVICES = (ESE, UCC, DEDICATED, ENGHOUSE, VENDOR)
BOOK = Book(
    {(terms.code, terms.version): terms for terms in SERVICES},
    {
        ("mt-business", 1): DENVER,
        ("uk-business", 1): LONDON,
        ("plan", 1): NINE_TO_FIVE,
        ("plan", 2): NIGHT_WATCH,
    },
)
PINS = {"mt-business": "mt-business@1", "uk-business": "uk-business@1", "plan": "plan@1"}
