"""Availability of contracts in a month of their holders': outages that hit them, without maintenance announced in time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from escalations.attainment import HELD, NOT_HELD, NOT_JUDGED
from escalations.availability import Stretch, Uptime, percentage, uptime
from escalations.models import MaintenanceContract, MaintenanceWindow, Outage, OutageContract
from escalations.objectives import Standing, standings
from escalations.renewals import Past
from support import saying
from support.catalogue.promises import Measure, Objective

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
    holders = {each.contract.holder_id for each in running if each.contract.pk in aims}
    outages, windows = _outages(holders), _windows(holders)
    told = (each.contract for known in (outages, windows) for rows in known.values() for each in rows)
    past, found = Past({*aims, *told}), []
    for each in running:
        pk, holder = each.contract.pk, each.contract.holder_id
        if aim := aims.get(pk):
            everything = past.products(pk, each.month.start, each.cut, aim.deployments)
            if everything:
                down = _concerning(outages[holder], each, aim, everything, past)
                excusing = _concerning(windows[holder], each, aim, everything, past)
                found.append(_available(each, aim, down, excusing, everything, past.known_since(pk)))
    return found


def _aim(each: Standing) -> Objective | None:
    aims = each.terms.definition.objectives
    return next((aim for aim in aims if aim.measure is Measure.AVAILABILITY), None)


@dataclass(frozen=True, slots=True)
class _Touch:
    """An outage that hit a contract, or a window that it was told of in time; `at` is when that was said."""

    row: Outage | MaintenanceWindow
    contract: int
    at: datetime
    begin: datetime
    end: datetime | None

    def until(self, cut: datetime) -> datetime:
        return max(self.begin, self.end or cut)


def _outages(holders: Iterable[int]) -> dict[int, list[_Touch]]:
    """By holder."""
    found = defaultdict(list)
    hits = OutageContract.objects.filter(contract__holder__in=holders).annotate(holder=F("contract__holder"))
    for hit in hits.select_related("outage").order_by("outage__began_at", "outage", "id"):
        row = hit.outage
        touch = _Touch(row, hit.contract_id, row.declared_at, row.began_at, row.ended_at)
        found[hit.holder].append(touch)
    return found


def _windows(holders: Iterable[int]) -> dict[int, list[_Touch]]:
    """By holder those announced in time: a late one excuses nothing."""
    found = defaultdict(list)
    rows = MaintenanceContract.objects.filter(contract__holder__in=holders, in_time=True)
    hits = rows.order_by("window__begins_at", "window", "id").values_list(
        "contract__holder", "contract", "window"
    )
    windows = MaintenanceWindow.objects.with_end().in_bulk({window for *_told, window in hits})
    for holder, contract, window in hits:
        row = windows[window]
        found[holder].append(_Touch(row, contract, row.announced_at, row.begins_at, row.until))
    return found


def _concerning(
    touches: Iterable[_Touch], each: Standing, aim: Objective, everything: frozenset[int], past: Past
) -> dict[Outage | MaintenanceWindow, Stretch]:
    """Of its holder's, those of the contract itself and of contracts that it renews or that renew it, with the promised
    products that each is about. A renewal is judged as it was agreed when the month ended, or later when that was said."""
    found: dict[Outage | MaintenanceWindow, Stretch] = {}
    for touch in touches:
        until = touch.until(each.cut)
        if until <= each.month.start or each.cut <= touch.begin:
            continue
        about = frozenset({touch.row.product_id} if touch.row.product_id else everything)
        if touch.contract != each.contract.pk:
            if not past.follow(touch.contract, each.contract.pk, max(each.cut, touch.at)):
                continue
            about &= past.products(touch.contract, touch.begin, until, aim.deployments)
        if about := about & everything:
            known = found.get(touch.row)
            found[touch.row] = Stretch(touch.begin, until, about | known.about if known else about)
    return found


def _available(
    each: Standing,
    aim: Objective,
    down: Mapping[Outage, Stretch],
    excusing: Mapping[MaintenanceWindow, Stretch],
    everything: frozenset[int],
    known_at: datetime | None,
) -> Available:
    begin, end = _in_force(each)
    nothing = _("not in force") if begin >= end else _("only maintenance")
    if known_at and each.month.end <= known_at:
        end, nothing = begin, _("not on record yet")
    outages, windows = list(down.values()), list(excusing.values())
    return Available(
        standing=each,
        aim=aim,
        uptime=uptime(begin, end, outages, windows, everything),
        hits=tuple(
            Hit(row, row.began_at, row.ended_at, uptime(begin, end, [stretch], windows, everything).down)
            for row, stretch in down.items()
            if stretch.begin < end and begin < stretch.end
        ),
        windows=tuple(row for row, each in excusing.items() if each.begin < end and begin < each.end),
        nothing=nothing,
    )


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
