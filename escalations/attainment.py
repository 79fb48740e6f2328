"""Promises kept: verdicts counted against the objective of the service. Nothing judged is never a percentage."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from escalations.figures import Count
from support.catalogue.definition import Definition
from support.catalogue.promises import UNCLOCKED, Objective
from support.clocks.terms import ClockKind, Owes
from support.explaining import KINDS

HELD, NOT_HELD, NOT_JUDGED = "held", "not held", "not judged"
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of clock under one service; `aim` is empty where none is set. `missed` leaves out what a change of priority missed, which is `reclassified`."""

    kind: str
    name: str
    service: str
    owed_by: str
    aim: str
    met: int
    missed: int
    reclassified: int
    running: int
    unjudged: int
    attained: str
    verdict: str


def lines(counts: Iterable[Count], services: Mapping[str, Definition], customer: str) -> list[Line]:
    """Of this month's counts, by service and kind; a service's objective stands there when nothing was judged, too."""
    found: dict[tuple, Counter] = {}
    for code, definition in sorted(services.items()):
        for aim in definition.objectives:
            if aim.measure not in UNCLOCKED:
                found[code, str(aim.measure), Owes.PROVIDER, aim] = Counter()
    for count in counts:
        code = count.service.partition("@")[0]
        aim = _aim(services.get(code), count)
        found.setdefault((code, count.kind, count.owed_by, aim), Counter())[count.result] += count.n
    order = list(ClockKind)
    keys = sorted(found, key=lambda key: (key[0], key[2] != Owes.PROVIDER, order.index(ClockKind(key[1]))))
    several = len({key[0] for key in keys}) > 1
    return [_line(*key, found[key], services, several, customer) for key in keys]


def uncounted(services: Mapping[str, Definition]) -> list[str]:
    """Objectives that no clock of a ticket measures: calls, chats, availability."""
    words = {
        "phone_answer": _("phone answers"),
        "chat_answer": _("chat answers"),
        "availability": _("availability"),
    }
    aims = [aim for definition in services.values() for aim in definition.objectives]
    found = [f"{words[aim.measure]} {aim.share}" for aim in aims if aim.measure in UNCLOCKED]
    return list(dict.fromkeys(found))


def attained(met: int, missed: int, aim: Objective | None = None) -> str:
    """ "95.7 %": met ÷ (met + missed) to one decimal; never rounded up onto an objective that was not reached."""
    exact = Decimal(100 * met) / (met + missed)
    shown = exact.quantize(TENTH, ROUND_HALF_UP)
    if aim and exact < aim.share.percent <= shown:
        shown = exact.quantize(TENTH, ROUND_DOWN)
    return f"{shown} %"


def verdict(met: int, missed: int, aim: Objective | None) -> str:
    if aim is None or not met + missed:
        return NOT_JUDGED
    return HELD if 100 * met >= aim.share.percent * (met + missed) else NOT_HELD


def _aim(definition: Definition | None, count: Count) -> Objective | None:
    """The objective that judges this clock; without a deployment on the ticket, whichever the service has."""
    for aim in definition.objectives if definition else ():
        if aim.measure == count.kind and (not count.deployment or count.deployment in aim.deployments):
            return aim
    return None


def _line(code, kind, owed_by, aim, n: Counter, services, several: bool, customer: str) -> Line:
    met, missed = n["met"], n["missed"]
    name = f"{KINDS[ClockKind(kind)]}"
    if owed_by == Owes.CUSTOMER:
        name = _("%(kind)s, owed by %(customer)s") % {"kind": name, "customer": customer}
    nothing = _("none judged") if n else _("no tickets")
    return Line(
        kind=kind,
        name=name,
        service=services[code].name if several and code in services else "",
        owed_by=owed_by,
        aim=f"{aim.share}" if aim else "",
        met=met,
        missed=missed,
        reclassified=n["reclassified"],
        running=n["running"],
        unjudged=n["unjudged"],
        attained=attained(met, missed, aim) if met + missed else nothing,
        verdict=verdict(met, missed, aim),
    )
