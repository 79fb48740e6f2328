"""Availability of contracts in a month of their holders': outages that hit them, without maintenance announced in time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.db.models import F, Min, QuerySet
from django.utils.translation import gettext as _

from escalations.attainment import HELD, NOT_HELD, NOT_JUDGED
from escalations.availability import Stretch, Uptime, percentage, uptime
from escalations.models import MaintenanceContract, MaintenanceWindow, Outage, OutageContract
from escalations.objectives import Standing, standings
from support import saying
from support.catalogue.promises import Measure, Objective
from support.models import Contract, ContractLine

FOREVER = datetime.max.replace(tzinfo=UTC)
ORDER = {NOT_HELD: 0, HELD: 1, NOT_JUDGED: 2}


@dataclass(frozen=True, slots=True)
class Hit:
    """An outage of the month and how much of what is down it alone makes, announced maintenance left out."""

    outage: Outage
    begin: datetime
    end: datetime | None
    seconds: int

    @property
    def time(self) -> str:
        return saying.duration(self.seconds / 60)


@dataclass(frozen=True, slots=True)
class Available:
    """One contract's month. Where nothing is counted there is a word, never a percentage."""

    standing: Standing
    aim: Objective
    uptime: Uptime
    hits: tuple[Hit, ...]
    windows: tuple[MaintenanceWindow, ...]
    nothing: str

    @property
    def verdict(self) -> str:
        held = self.uptime.holds(self.aim.share.percent)
        return NOT_JUDGED if held is None else HELD if held else NOT_HELD

    @property
    def attained(self) -> str:
        places = max(2, -self.aim.share.percent.as_tuple().exponent)
        return self.nothing if self.uptime.share is None else percentage(self.uptime.share, places)

    @property
    def counted(self) -> str:
        return saying.duration(self.uptime.counted / 60)

    @property
    def down(self) -> str:
        return saying.duration(self.uptime.down / 60)

    @property
    def excused(self) -> str:
        return saying.duration(self.uptime.excused / 60)


def of_month(contracts: QuerySet, first: date, at: datetime) -> list[Available]:
    """Every contract in force in the month that begins on this day whose service promises availability, the worst first."""
    found = of(standings(contracts, first, at))
    return sorted(found, key=lambda each: ORDER[each.verdict])


def of(running: Sequence[Standing]) -> list[Available]:
    """Of these contracts in these months; five queries, none where no service promises it."""
    aims = {each.contract.pk: aim for each in running if (aim := _aim(each))}
    if not aims:
        return []
    products = _products(running, aims)
    outages, windows = _outages([each for each in running if each.contract.pk in aims]), _windows(aims)
    histories = Contract.history.filter(id__in=aims).order_by().values_list("id")
    known = dict(histories.annotate(first=Min("history_date")))
    found = []
    for each in running:
        pk = each.contract.pk
        if products.get(pk):
            facts = outages.get(pk, []), windows[pk], frozenset(products[pk]), known.get(pk)
            found.append(_available(each, aims[pk], *facts))
    return found


def _aim(each: Standing) -> Objective | None:
    aims = each.terms.definition.objectives
    return next((aim for aim in aims if aim.measure is Measure.AVAILABILITY), None)


def _products(running: Sequence[Standing], aims: dict[int, Objective]) -> dict[int, set[int]]:
    """Of each contract, those that the promise is about (in the cloud, say) and that were on it at some time of its month.

    Of a month before its first line was written down, all that it ever had.
    """
    found, spans = defaultdict(set), _lines(aims)
    for each in running:
        pk = each.contract.pk
        begun = min((since for _product, _deployment, since, _until in spans[pk]), default=FOREVER)
        for product, deployment, since, until in spans[pk]:
            was_on = begun >= each.cut or (since < each.cut and each.month.start < until)
            if was_on and deployment in aims[pk].deployments:
                found[pk].add(product)
    return found


def _lines(contracts: Iterable[int]) -> dict[int, list[tuple[int, str, datetime, datetime]]]:
    """Of each contract its lines as they ever were: product, deployment, from when, until when."""
    rows = ContractLine.history.filter(contract_id__in=contracts).order_by("id", "history_date", "history_id")
    found = defaultdict(list)
    for row, following in pairwise([*rows, None]):
        if row.history_type != "-":
            until = following.history_date if following and following.id == row.id else FOREVER
            found[row.contract_id].append((row.product_id, row.deployment, row.history_date, until))
    return found


def _outages(running: Sequence[Standing]) -> dict[int, list[Outage]]:
    """Of each contract those that hit it, and those that went on from the contract that it renews."""
    holders = defaultdict(list)
    hits = OutageContract.objects.filter(contract__holder__in={each.contract.holder_id for each in running})
    hits = hits.annotate(code=F("contract__support_service__code")).select_related("outage", "contract")
    for row in hits.order_by("outage__began_at", "outage"):
        holders[row.contract.holder_id].append(row)
    found = defaultdict(dict)
    for each in running:
        for row in holders[each.contract.holder_id]:
            if row.contract_id == each.contract.pk or _is_renewed(row, each):
                found[each.contract.pk][row.outage_id] = row.outage
    return {pk: list(outages.values()) for pk, outages in found.items()}


def _is_renewed(row: OutageContract, each: Standing) -> bool:
    """Whether this contract of the same holder took over the service that was hit after the outage was declared."""
    begins = _midnight(each.starts_on, each.month.zone)
    return row.code == each.terms.definition.code and row.outage.declared_at < begins


def _windows(contracts: Iterable[int]) -> dict[int, list[MaintenanceWindow]]:
    """Those announced in time: a late one excuses nothing."""
    found = defaultdict(list)
    rows = MaintenanceContract.objects.filter(contract__in=contracts, in_time=True)
    hits = list(rows.order_by("window__begins_at", "window").values_list("contract", "window"))
    windows = MaintenanceWindow.objects.with_end().in_bulk([window for _contract, window in hits])
    for contract, window in hits:
        found[contract].append(windows[window])
    return found


def _available(each: Standing, aim: Objective, outages, windows, everything, known_at) -> Available:
    begin, end = _in_force(each)
    nothing = _("not in force") if begin >= end else _("only maintenance")
    if known_at and each.month.end <= known_at:
        end, nothing = begin, _("not on record yet")
    excusing = [Stretch(row.begins_at, row.until, _about(row, everything)) for row in windows]
    down = {
        row: Stretch(row.began_at, max(row.began_at, row.ended_at or each.cut), _about(row, everything))
        for row in outages
    }
    hits = [
        Hit(row, row.began_at, row.ended_at, uptime(begin, end, [stretch], excusing, everything).down)
        for row, stretch in down.items()
        if stretch.begin < end and begin < stretch.end and stretch.about
    ]
    return Available(
        standing=each,
        aim=aim,
        uptime=uptime(begin, end, list(down.values()), excusing, everything),
        hits=tuple(hits),
        windows=tuple(row for row in windows if row.begins_at < end and begin < row.until),
        nothing=nothing,
    )


def _about(row: Outage | MaintenanceWindow, everything: frozenset[int]) -> frozenset[int]:
    """Of the products that are promised, which it is about; all where it names none."""
    return everything & {row.product_id} if row.product_id else everything


def _in_force(each: Standing) -> tuple[datetime, datetime]:
    """What of the month, or of it up to now, lies between the contract's first and last day in the holder's zone."""
    month = each.month
    begin, end = month.start, each.cut
    if each.starts_on > month.first_day:
        begin = _midnight(each.starts_on, month.zone)
    if each.ends_on and each.ends_on < end.astimezone(month.zone).date():
        end = _midnight(each.ends_on + timedelta(days=1), month.zone)
    return begin, min(each.cut, end)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
