"""Promises kept: verdicts counted against the objective of the service. Nothing judged is never a percentage."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil, floor

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from escalations.figures import Count
from support.catalogue.definition import Definition
from support.catalogue.promises import Measure, Objective
from support.clocks.terms import Owes
from support.explaining import KINDS

HELD, NOT_HELD, NOT_JUDGED = "held", "not held", "not judged"
TENTH = Decimal("0.1")
NAMES = {
    **{Measure(kind): name for kind, name in KINDS.items()},
    Measure.PHONE_ANSWER: gettext_lazy("Phone answered"),
    Measure.CHAT_ANSWER: gettext_lazy("Chat answered"),
}
NOTHING = {
    Measure.PHONE_ANSWER: gettext_lazy("no calls"),
    Measure.CHAT_ANSWER: gettext_lazy("no chats"),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a contract promises: its service as pinned. `label` tells it from the customer's others."""

    contract: int
    label: str
    definition: Definition


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of clock, or of answer, under one contract; `aim` is empty where none is set.

    `missed` leaves out what a change of priority missed, which is `reclassified`. `bears` says how many more misses
    the objective stands.
    """

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
    bears: str


def lines(
    counts: Iterable[Count],
    terms: Sequence[Terms],
    services: Mapping[str, Definition],
    customer: str,
) -> list[Line]:
    """Of this month's counts, by contract and kind; an objective stands there when nothing was judged, too.

    `services` are the definitions by code that the counts name.
    """
    found: dict[tuple, Counter] = {}
    for each in terms:
        for aim in each.definition.objectives:
            if aim.measure is not Measure.AVAILABILITY:
                found[each.contract, each.definition.code, str(aim.measure), Owes.PROVIDER, aim] = Counter()
    pinned = {(each.contract, each.definition.code): each.definition for each in terms}
    worked: set[int | None] = set()  # contracts under which something was owed on tickets
    for count in counts:
        if Measure(count.kind) not in NOTHING:
            worked.add(count.contract)
        code = count.service.partition("@")[0]
        aim = _aim(pinned.get((count.contract, code)) or services.get(code), count)
        key = (count.contract, code, count.kind, count.owed_by, aim)
        found.setdefault(key, Counter())[count.result] += count.n
    labels = {(each.contract, each.definition.code): each.label for each in terms}
    contracts = {each.contract: each.label for each in terms}
    keys = sorted(found, key=lambda key: _place(key, labels))
    several = len({key[:2] for key in keys}) > 1
    return [
        _line(
            key,
            found[key],
            _label(key, labels, contracts, services) if several else "",
            customer,
            _("none owed") if key[0] in worked else _("no tickets"),
        )
        for key in keys
    ]


def attained(met: int, missed: int, aim: Objective | None = None) -> str:
    """ "95.7 %": met ÷ (met + missed) to one decimal; never rounded up onto an objective that was not reached."""
    exact = Decimal(100 * met) / (met + missed)
    shown = exact.quantize(TENTH, ROUND_HALF_UP)
    if (missed and shown == 100) or (aim and exact < aim.share.percent <= shown):
        shown = exact.quantize(TENTH, ROUND_DOWN)
    return f"{shown} %"


def verdict(met: int, missed: int, aim: Objective | None) -> str:
    if aim is None or not met + missed:
        return NOT_JUDGED
    return HELD if 100 * met >= aim.share.percent * (met + missed) else NOT_HELD


def bearable(met: int, missed: int, aim: Objective) -> int | None:
    """How many more misses the objective stands as things are; below 0: so many have to be met first. None: never again."""
    share = Fraction(aim.share.percent) / 100
    room = floor(met / share) - met - missed
    if room >= 0:
        return room
    return None if share == 1 else -ceil((share * (met + missed) - met) / (1 - share))


def _bears(met: int, missed: int, aim: Objective | None) -> str:
    if aim is None or not met + missed:
        return ""
    room = bearable(met, missed, aim)
    if room is None:
        return _("cannot be held any more")
    if room < 0:
        return ngettext(
            "held again after %(n)d more that is met", "held again after %(n)d more that are met", -room
        ) % {"n": -room}
    return ngettext("bears %(n)d more miss", "bears %(n)d more misses", room) % {"n": room}


def _aim(definition: Definition | None, count: Count) -> Objective | None:
    """The objective that judges this; without a deployment on the ticket, whichever the service has."""
    for aim in definition.objectives if definition else ():
        if aim.measure == count.kind and (not count.deployment or count.deployment in aim.deployments):
            return aim
    return None


def _place(key: tuple, labels: Mapping[tuple, str]) -> tuple:
    contract, code, kind, owed_by, aim = key
    return (
        code,
        labels.get(key[:2], ""),
        contract or 0,
        owed_by != Owes.PROVIDER,
        list(Measure).index(Measure(kind)),
        aim is None,
    )


def _label(
    key: tuple, labels: Mapping[tuple, str], contracts: Mapping[int, str], services: Mapping[str, Definition]
) -> str:
    """The contract's, under its own service; under another one, an engagement's say, that service's."""
    contract, code, *_rest = key
    name = services[code].name if code in services else ""
    if (contract, code) in labels or not contracts.get(contract):
        return labels.get((contract, code)) or name
    return _("%(service)s (%(contract)s)") % {"service": name, "contract": contracts[contract]}


def _line(key: tuple, n: Counter, label: str, customer: str, nothing: str) -> Line:
    _contract, _code, kind, owed_by, aim = key
    met, missed = n["met"], n["missed"]
    name = f"{NAMES[Measure(kind)]}"
    if owed_by == Owes.CUSTOMER:
        name = _("%(kind)s, owed by %(customer)s") % {"kind": name, "customer": customer}
    return Line(
        kind=kind,
        name=name,
        service=label,
        owed_by=owed_by,
        aim=f"{aim.share}" if aim else "",
        met=met,
        missed=missed,
        reclassified=n["reclassified"],
        running=n["running"],
        unjudged=n["unjudged"],
        attained=attained(met, missed, aim) if met + missed else _nothing(kind, n, nothing),
        verdict=verdict(met, missed, aim),
        bears=_bears(met, missed, aim),
    )


def _nothing(kind: str, n: Counter, nothing: str) -> str:
    if n:
        return _("none judged")
    return NOTHING.get(Measure(kind), nothing)
