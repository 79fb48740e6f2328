"""How values of a definition are said in a sentence or a cell."""

from collections.abc import Iterable
from itertools import groupby

from support.catalogue.calendars import Calendar, Weekday, Window
from support.catalogue.definition import FixBy, Kind, ResponseBy
from support.catalogue.promises import EVERYWHERE, Alarm, Objective, Promise
from support.clocks.terms import ClockKind, WaitReason

CLOCKS = {
    ClockKind.RESPONSE: "response",
    ClockKind.TROUBLESHOOT: "troubleshoot",
    ClockKind.UPDATE: "update every",
    ClockKind.CUSTOMER_UPDATE: "customer updates every",
    ClockKind.CUSTOMER_ANSWER: "customer answers",
    ClockKind.FIX: "fix",
    ClockKind.COMMITTED: "committed time",
    ClockKind.VENDOR_RESPONSE: "vendor responds",
    ClockKind.DISPATCH: "on site",
}
AWAITED = {
    WaitReason.CUSTOMER: "the customer",
    WaitReason.VENDOR: "a vendor",
    WaitReason.APPROVAL: "an approval",
    WaitReason.GDAP: "GDAP",
    WaitReason.SITE_ACCESS: "access to the site",
    WaitReason.MAINTENANCE: "maintenance announced in time",
    WaitReason.OTHER: "something else",
}
RESPONSES = {
    ResponseBy.MESSAGE: "a person's message",
    ResponseBy.CALL: "a call that connects",
    ResponseBy.SESSION: "a session, remote or on site",
}
FIXES = {FixBy.WORKAROUND: "a workaround", FixBy.PLAN: "a restoration plan"}
KINDS = {
    Kind.ENGAGEMENT: "Engagement service",
    Kind.SUPPORT: "Support service",
    Kind.VENDOR: "A vendor's clocks",
}


def listed(words: Iterable[str], last: str = "and") -> str:
    """ "a, b and c"; "none" for nothing."""
    *most, end = list(words) or ["none"]
    return f"{', '.join(most)} {last} {end}" if most else end


def promised(promise: Promise | Alarm) -> str:
    """ "4 business hours by uk-business (cloud only)"; elapsed time needs no calendar."""
    span = promise.within if isinstance(promise, Promise) else promise.after
    by = f" by {promise.calendar}" if promise.calendar else ""
    deployments = promise.deployments if isinstance(promise, Promise) else EVERYWHERE
    return f"{span}{by}{only(deployments)}"


def only(deployments: Iterable[str]) -> str:
    named = set(deployments)
    return "" if named == set(EVERYWHERE) else f" ({listed(sorted(named)).replace('_', '-')} only)"


def objective(aim: Objective) -> str:
    what = aim.measure.replace("_", " ")
    within = f" within {aim.within}" if aim.within else ""
    return f"{what}: {aim.share}{within}{only(aim.deployments)}"


def hours(calendar: Calendar) -> str:
    """ "Mon–Fri 09:00–17:30 Europe/London, closed on public holidays of GB/ENG"; every day of the week is said once."""
    days = [(day, calendar.hours.get(day, ())) for day in Weekday]
    runs = [(windows, [day for day, _ in run]) for windows, run in groupby(days, key=lambda pair: pair[1])]
    open_days = "; ".join(f"{_days(run)} {_windows(windows)}" for windows, run in runs if windows)
    closed = f"closed on public holidays of {calendar.holidays}" if calendar.holidays else "no holidays"
    return f"{open_days}, {calendar.zone}, {closed}"


def _days(run: list[Weekday]) -> str:
    return run[0].title() if len(run) == 1 else f"{run[0].title()}–{run[-1].title()}"


def _windows(windows: tuple[Window, ...]) -> str:
    return " and ".join(f"{window.opens}–{window.closes}" for window in windows)
