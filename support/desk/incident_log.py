"""A ServiceNow audit log in CSV, read into incidents: one row per update, in order, and the rows that nobody can read."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from pathlib import Path

from support.clocks.calendar import BusinessCalendar
from support.desk.csv_log import NotALog, Rejected, Unreadable, table
from support.zones import ZONES

NEEDED = (
    "number",
    "incident_state",
    "sys_mod_count",
    "opened_at",
    "sys_updated_at",
    "location",
    "priority",
    "assigned_to",
)
TITLED_BY = ("category", "subcategory", "u_symptom")  # where the log has them
UNKNOWN = ("", "?")
WRITTEN = "%d-%m-%Y %H:%M"
YEARS = range(1970, 2101)
LONGEST = {"number": 40, "location": 200, "sys_mod_count": 9}  # letters; of any other cell:
LONGEST_ELSE = 32_000

ToUtc = Callable[[datetime], datetime]


class State(StrEnum):
    NEW = "New"
    ACTIVE = "Active"
    USER = "Awaiting User Info"
    VENDOR = "Awaiting Vendor"
    PROBLEM = "Awaiting Problem"
    EVIDENCE = "Awaiting Evidence"
    RESOLVED = "Resolved"
    CLOSED = "Closed"


@dataclass(frozen=True, slots=True)
class Row:
    """One update. `at` is UTC and never before the opening; `key` names the row among those of its incident, in every
    export of the same log. What is unknown is "" or None; `priority` is 1 for the most urgent."""

    line: int
    number: str
    state: State
    mod: int
    opened_at: datetime
    at: datetime
    key: str
    priority: int | None
    assigned_to: str
    location: str
    title: str

    @property
    def order(self) -> tuple[datetime, int]:
        return self.at, self.mod


@dataclass(frozen=True, slots=True)
class Incident:
    """`rows` in the order in which they happened."""

    number: str
    rows: tuple[Row, ...]

    @property
    def opened_at(self) -> datetime:
        return self.rows[0].opened_at

    @property
    def location(self) -> str:
        return next((row.location for row in self.rows if row.location), "")

    @property
    def priority(self) -> int | None:
        return next((row.priority for row in self.rows if row.priority), None)


@dataclass(slots=True)
class Log:
    columns: tuple[str, ...]
    incidents: list[Incident] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    cells: dict[int, tuple[str, ...]] = field(default_factory=dict)  # of each row read, by its line


def load(path: Path, zone: str, *, until: datetime) -> Log:
    """The incidents of a file, plain or gzipped, whose times are wall clock of `zone`; the earliest opened first.

    A row of a time after `until` is rejected: nobody could act on a ticket that is not open yet.

    NotALog for a file that cannot be opened, is empty or lacks a column, and for an unknown zone.
    """
    if zone not in ZONES:
        raise NotALog(f"{zone} is not a time zone; write one such as Europe/London.")
    columns, records = table(path, NEEDED, "audit log of incidents")
    log = Log(columns)
    rows = list(_rows(log, records, BusinessCalendar(zone, {}).to_utc, until))
    if not rows and not log.rejected:
        raise NotALog(f"{path} has its columns and not one row.")
    log.incidents = sorted(_incidents(rows), key=lambda incident: (incident.opened_at, incident.number))
    return log


def _rows(
    log: Log, records: Iterable[tuple[int, tuple[str, ...]]], to_utc: ToUtc, until: datetime
) -> Iterator[Row]:
    for line, cells in records:
        try:
            if len(cells) != len(log.columns):
                raise Unreadable(f"{len(cells)} cells where {len(log.columns)} belong")
            row = _row(line, dict(zip(log.columns, cells, strict=True)), to_utc)
            if max(row.opened_at, row.at) > until:
                raise Unreadable(f"its time is after {until:%d-%m-%Y %H:%M} UTC, when this log was read")
        except Unreadable as reason:
            log.rejected.append(Rejected(line, str(reason), cells))
        else:
            log.cells[line] = cells
            yield row


def _row(line: int, cells: Mapping[str, str], to_utc: ToUtc) -> Row:
    cells = {name: _words(name, cell) for name, cell in cells.items()}
    for name in ("number", "incident_state", "sys_mod_count"):
        if not cells[name]:
            raise Unreadable(f"{name} is unknown")
    if cells["incident_state"] not in set(State):
        raise Unreadable(f"incident_state {cells['incident_state']} is not one of: {', '.join(State)}")
    if not cells["sys_mod_count"].isdecimal():
        raise Unreadable(f"sys_mod_count {cells['sys_mod_count']} is not a whole number")
    opened, updated = (_wall(name, cells[name]) for name in ("opened_at", "sys_updated_at"))
    mod, said = int(cells["sys_mod_count"]), [cells[name] for name in TITLED_BY if cells.get(name)]
    return Row(
        line=line,
        number=cells["number"],
        state=State(cells["incident_state"]),
        mod=mod,
        opened_at=to_utc(opened),
        at=to_utc(updated),
        key=f"{updated:%Y%m%d%H%M}.{mod}",
        priority=_priority(cells["priority"]),
        assigned_to=cells["assigned_to"],
        location=cells["location"],
        title=": ".join(part for part in (cells["number"], ", ".join(said)) if part)[:200],
    )


def _words(name: str, cell: str) -> str:
    """The cell without blanks around it, "" when unknown; Unreadable when it is no text or too long for its column."""
    if any("\ud800" <= letter <= "\udfff" or letter == "\0" for letter in cell):
        raise Unreadable(f"{name} is not text in UTF-8")
    words = cell.strip()
    most = LONGEST.get(name, LONGEST_ELSE)
    if len(words) > most:
        raise Unreadable(f"{name} is longer than {most} letters")
    return "" if words in UNKNOWN else words


def _wall(name: str, words: str) -> datetime:
    if not words:
        raise Unreadable(f"{name} is unknown")
    try:
        wall = datetime.strptime(words, WRITTEN)  # noqa: DTZ007  the zone is the command's
    except ValueError:
        raise Unreadable(f"{name} {words} is not a time; DD-MM-YYYY HH:MM was expected") from None
    if wall.year not in YEARS:
        raise Unreadable(f"{name} {words} is not of {YEARS[0]} to {YEARS[-1]}")
    return wall


def _priority(words: str) -> int | None:
    """1 of "1 - Critical"."""
    figure = words.partition("-")[0].strip()
    if not words:
        return None
    if not (figure.isascii() and figure.isdecimal() and len(figure) < 3 and int(figure)):
        raise Unreadable(f"priority {words} does not begin with 1, 2, 3 or 4")
    return int(figure)


def _incidents(rows: Iterable[Row]) -> Iterator[Incident]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.number, []).append(row)
    for number, mine in found.items():
        opened = min(mine, key=attrgetter("order")).opened_at
        held = [replace(row, opened_at=opened, at=max(row.at, opened)) for row in mine]
        yield Incident(number, tuple(_apart(sorted(held, key=attrgetter("order")))))


def _apart(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of one minute and one count get keys of their own."""
    seen: dict[str, int] = {}
    for row in rows:
        seen[row.key] = seen.get(row.key, 0) + 1
        yield row if seen[row.key] == 1 else replace(row, key=f"{row.key}.{seen[row.key]}")
