"""Objectives of contracts in a month: what each promises, and what was counted of tickets, calls and chats."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from escalations import zones
from escalations.attainment import HELD, NOT_HELD, Line, Terms, lines
from escalations.figures import ANSWERS, COUNTED, RESULTS, Asked, Count, asked, rows
from escalations.months import Month
from support import versions
from support.clocks.terms import Owes
from support.desk.answers import MEASURES, objective
from support.models import Contract, Customer


@dataclass(frozen=True, slots=True)
class Standing:
    """A contract's objectives in a month of its holder's; `cut` is the month's end, or now while it goes on.

    Its first and last day are those that were agreed by then.
    """

    contract: Contract
    month: Month
    cut: datetime
    terms: Terms
    starts_on: date
    ends_on: date | None

    @property
    def goes_on(self) -> bool:
        return self.cut < self.month.end


@dataclass(frozen=True, slots=True)
class Kept:
    standing: Standing
    lines: tuple[Line, ...]

    @property
    def worst(self) -> int:
        """0 where an objective is not held, 1 where all that were judged are, 2 where nothing was judged."""
        verdicts = {line.verdict for line in self.lines}
        return 0 if NOT_HELD in verdicts else 1 if HELD in verdicts else 2


def of_customer(customer: Customer, month: Month, at: datetime) -> list[Standing]:
    """Each contract of a customer that was in force in the month and names a support service."""
    return standings(Contract.objects.filter(holder=customer), month.first_day, at)


def standings(contracts: QuerySet, first: date, at: datetime) -> list[Standing]:
    """The month that begins on this day, in the zone that each holder had as it ended; of contracts that were in force in it, each by the
    service that it had when the month ended: what is agreed later rewrites no past month. Two queries.
    """
    held = contracts.select_related("holder").annotate(zones=zones.said("holder"))
    found = list(held.order_by("holder__name", "number"))
    said = agreed([contract.pk for contract in found])
    standing = [_standing(contract, said[contract.pk], first, at) for contract in found]
    return [each for each in standing if each]


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a contract said from an instant on."""

    since: datetime
    service: int | None
    starts_on: date
    ends_on: date | None


def agreed(contracts: Collection[int]) -> dict[int, list[Agreed]]:
    """What each contract has said, in order."""
    rows = Contract.history.filter(id__in=contracts).order_by("history_date", "history_id")
    found = defaultdict(list)
    for contract, *said in rows.values_list(
        "id", "history_date", "support_service_id", "starts_on", "ends_on"
    ):
        found[contract].append(Agreed(*said))
    return found


def as_of(said: Sequence[Agreed], at: datetime) -> Agreed | None:
    """What held just before this instant; of a contract that was written down later, what was written first."""
    return next((each for each in reversed(said) if each.since < at), None) or next(iter(said), None)


def kept(contracts: QuerySet, first: date, at: datetime) -> list[Kept]:
    """Of every contract with an objective that is counted; three queries, however many there are."""
    with_aims = [each for each in standings(contracts, first, at) if each.terms.definition.objectives]
    counts = defaultdict(list)
    for count in (*_clocks(with_aims, at), *answers(with_aims)):
        counts[count.contract].append(count)
    found = []
    for each in with_aims:
        definition = each.terms.definition
        told = lines(counts[each.contract.pk], [each.terms], {definition.code: definition}, "")
        aimed = tuple(line for line in told if line.aim)
        if aimed:
            found.append(Kept(each, aimed))
    return found


def answers(of: Sequence[Standing]) -> Iterable[Count]:
    """Calls and chats of these contracts, where their service aims at a time to answer."""
    questions = [
        (each, channel, aim.within.seconds)
        for each in of
        for channel in MEASURES
        if (aim := objective(each.terms.definition, channel))
    ]
    if not questions:
        return
    facts = {
        "contracts": [each.contract.pk for each, _channel, _within in questions],
        "channels": [channel for _each, channel, _within in questions],
        "withins": [within for _each, _channel, within in questions],
        "starts": [each.month.start for each, _channel, _within in questions],
        "cuts": [each.cut for each, _channel, _within in questions],
    }
    by_contract: Mapping[int, Standing] = {each.contract.pk: each for each in of}
    for contract, channel, result, n in rows(ANSWERS, facts):
        each = by_contract[contract]
        code = each.terms.definition.code
        yield Count(each.month.first_day, MEASURES[channel], Owes.PROVIDER, code, "", result, n, contract)


def _clocks(of: Sequence[Standing], at: datetime) -> list[Count]:
    questions = [Asked(each.contract.holder_id, each.contract.pk, (each.month,), each.cut) for each in of]
    return [Count(*row) for row in rows(RESULTS + COUNTED, asked(questions, at))] if of else []


def _standing(contract: Contract, told: Sequence[Agreed], first: date, at: datetime) -> Standing | None:
    """None where it had no support service, or was not in force."""
    now = Month(first.year, first.month, ZoneInfo(contract.holder.time_zone))
    month = zones.as_it_ended(now, contract.zones, at)
    cut = min(month.end, at)
    said = as_of(told, cut)
    if said is None or said.service is None or not _is_in_force(said, first):
        return None
    definition = versions.definition(versions.stored(said.service))
    terms = Terms(contract.pk, f"{definition.name}, {contract.number}", definition)
    return Standing(contract, month, cut, terms, said.starts_on, said.ends_on)


def _is_in_force(said: Agreed, first: date) -> bool:
    """On one day at least of the month that begins on this one."""
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return said.starts_on <= last and (said.ends_on is None or first <= said.ends_on)
