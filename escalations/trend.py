"""Met and missed over the last months: bars for the eye, and the same numbers as a table."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from escalations.figures import MONTHS, Count
from escalations.months import Month
from support.clocks.terms import ClockKind, Owes
from support.explaining import KINDS

LEFT, COLUMN, BAND, TALLEST, BAR = 150, 100, 76, 44, 26  # units of the drawing
WIDTH = LEFT + MONTHS * COLUMN + 10


@dataclass(frozen=True, slots=True)
class Bar:
    """`n` stands above the bar, at `label`; `missed` bars are drawn in outline."""

    missed: bool
    n: int
    x: int
    y: int
    width: int
    height: int
    middle: int
    label: int


@dataclass(frozen=True, slots=True)
class Band:
    """One kind of clock: its bars, and where nothing was judged the places of the word "none"."""

    name: str
    base: int
    bars: tuple[Bar, ...]
    none: tuple[int, ...]
    cells: tuple[tuple[int, int] | None, ...]

    @property
    def word(self) -> int:
        return self.base - 6


@dataclass(frozen=True, slots=True)
class Trend:
    title: str
    text: str
    months: tuple[tuple[str, int], ...]
    bands: tuple[Band, ...]

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def height(self) -> int:
        return len(self.bands) * BAND + 30

    @property
    def foot(self) -> int:
        return self.height - 8


def trend(months: Sequence[Month], counts: Iterable[Count]) -> Trend:
    """Of the kinds that the provider owes; a miss that a change of priority made is not among them."""
    found = Counter()
    for count in counts:
        if count.owed_by == Owes.PROVIDER and count.result in ("met", "missed"):
            found[count.kind, count.month, count.result] += count.n
    kinds = [kind for kind in ClockKind if any(key[0] == kind for key in found)]
    names = [date_format(each.first_day, "M") for each in months]
    bands = tuple(_band(place, kind, months, found) for place, kind in enumerate(kinds))
    facts = {"first": months[0].label, "last": months[-1].label}
    return Trend(
        _("Promises met and missed, %(first)s to %(last)s") % facts,
        " ".join(_told(band, names) for band in bands) or _("Nothing was judged in these months."),
        tuple((name, _middle(place)) for place, name in enumerate(names)),
        bands,
    )


def _band(place: int, kind: ClockKind, months: Sequence[Month], found: Counter) -> Band:
    cells = [(found[kind, m.first_day, "met"], found[kind, m.first_day, "missed"]) for m in months]
    base, most = (place + 1) * BAND, max(max(cell) for cell in cells)
    bars = [bar for column, cell in enumerate(cells) for bar in _bars(column, cell, base, most)]
    return Band(
        name=f"{KINDS[kind]}",
        base=base,
        bars=tuple(bars),
        none=tuple(_middle(column) for column, cell in enumerate(cells) if not any(cell)),
        cells=tuple(cell if any(cell) else None for cell in cells),
    )


def _bars(column: int, cell: tuple[int, int], base: int, most: int):
    if not any(cell):
        return
    for missed, n in enumerate(cell):
        x, height = _middle(column) - BAR - 2 + missed * (BAR + 4), round(TALLEST * n / most)
        top = base - height
        yield Bar(bool(missed), n, x, top, BAR, height, x + BAR // 2, top - 4)


def _middle(column: int) -> int:
    return LEFT + column * COLUMN + COLUMN // 2


def _told(band: Band, months: list[str]) -> str:
    said = [
        _("%(month)s %(met)d met, %(missed)d missed") % {"month": month, "met": cell[0], "missed": cell[1]}
        if cell
        else _("%(month)s none") % {"month": month}
        for month, cell in zip(months, band.cells, strict=True)
    ]
    return f"{band.name}: {'; '.join(said)}."
