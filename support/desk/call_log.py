"""A phone system's log of calls and chats in CSV: `id, channel, contract, offered_at, answered_at, abandoned_at`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from support.desk.csv_log import NotALog, Rejected, Unreadable, table

NEEDED = ("id", "channel", "contract", "offered_at", "answered_at", "abandoned_at")
CHANNELS = ("phone", "chat")
LONGEST = {"id": 100, "contract": 40}


@dataclass(frozen=True, slots=True)
class Told:
    """One row. Instants are UTC; exactly one of `answered_at` and `abandoned_at` is there."""

    line: int
    id: str
    channel: str
    contract: str
    offered_at: datetime
    answered_at: datetime | None
    abandoned_at: datetime | None


@dataclass(slots=True)
class CallLog:
    columns: tuple[str, ...]
    calls: list[Told] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    cells: dict[int, tuple[str, ...]] = field(default_factory=dict)  # of each row read, by its line

    def reject(self, told: Told, reason: str) -> None:
        self.rejected.append(Rejected(told.line, reason, self.cells[told.line]))


def load(path: Path) -> CallLog:
    """The calls of a file, plain or gzipped, in its order. NotALog for a file that is none.

    An id that comes twice is taken once; the later row is rejected unless it says the same.
    """
    columns, records = table(path, NEEDED, "log of calls")
    log = CallLog(columns)
    seen: dict[str, Told] = {}
    for line, cells in records:
        try:
            told = _row(line, _named(columns, cells))
        except Unreadable as reason:
            log.rejected.append(Rejected(line, str(reason), cells))
            continue
        log.cells[line] = cells
        first = seen.setdefault(told.id, told)
        if first is told:
            log.calls.append(told)
        elif _said(first) != _said(told):
            log.reject(told, f"id {told.id} is in line {first.line} already, with other words")
    if not log.calls and not log.rejected:
        raise NotALog(f"{path} has its columns and not one row.")
    return log


def _named(columns: tuple[str, ...], cells: tuple[str, ...]) -> Mapping[str, str]:
    if len(cells) != len(columns):
        raise Unreadable(f"{len(cells)} cells where {len(columns)} belong")
    return {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}


def _row(line: int, cells: Mapping[str, str]) -> Told:
    for name, most in LONGEST.items():
        _must_be_plain(name, cells[name], most)
    if cells["channel"] not in CHANNELS:
        raise Unreadable(f"channel {cells['channel']} is not one of: {', '.join(CHANNELS)}")
    offered = _instant("offered_at", cells["offered_at"])
    ends = {name: _instant(name, cells[name]) for name in ("answered_at", "abandoned_at") if cells[name]}
    if len(ends) != 1:
        raise Unreadable("a call was either answered or abandoned: one of the two has its instant")
    for name, end in ends.items():
        if end < offered:
            raise Unreadable(f"{name} lies before offered_at")
    return Told(
        line,
        cells["id"],
        cells["channel"],
        cells["contract"],
        offered,
        ends.get("answered_at"),
        ends.get("abandoned_at"),
    )


def _must_be_plain(name: str, cell: str, most: int) -> None:
    if not cell:
        raise Unreadable(f"{name} is empty")
    if len(cell) > most:
        raise Unreadable(f"{name} has more than {most} letters")
    if not cell.isprintable():
        raise Unreadable(f"{name} has letters that nobody can read")


def _instant(name: str, cell: str) -> datetime:
    """ISO 8601 with Z or an offset, between 1970 and 2100."""
    try:
        instant = datetime.fromisoformat(cell)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None or instant.year not in range(1970, 2101):
        raise Unreadable(f"{name} {cell} is not an instant; write one such as 2026-10-14T09:30:05Z")
    return instant.astimezone(UTC)


def _said(told: Told) -> tuple[object, ...]:
    return (told.channel, told.contract, told.offered_at, told.answered_at, told.abandoned_at)
