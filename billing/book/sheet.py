"""A file of the book: its header checked, its rows read, each key once."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from billing.book.contracts import Contracts, RateCards
from billing.book.customers import Contacts, Customers
from billing.book.kind import Kind, Row
from support.desk.csv_log import NotALog, Rejected, Unreadable, table_of

KINDS: dict[str, type[Kind]] = {
    "customers": Customers,
    "contacts": Contacts,
    "rate-cards": RateCards,
    "contracts": Contracts,
}
OF_REJECTS = ("line", "reason")  # columns that rejects come with: a mended file keeps them
MOST = 32 * 2**20  # bytes of a file, unpacked


@dataclass(slots=True)
class Sheet:
    kind: type[Kind]
    columns: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    unread: int = 0  # rows that nobody could read, among the rejected

    def reject(self, row: Row, reason: str) -> None:
        self.rejected.append(Rejected(row.line, reason, row.cells))

    @property
    def size(self) -> int:
        """All rows of the file."""
        return len(self.rows) + self.unread


def template(kind: str) -> bytes:
    """A header and a row as an example."""
    columns = KINDS[kind].columns
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows(
        [[each.name for each in columns], [each.sample for each in columns]]
    )
    return written.getvalue().encode()


def read(data: bytes, name: str, kind: str) -> Sheet:
    """The rows of a file of this name. Raises NotALog with a sentence for one that is none."""
    taken_as = KINDS[kind]
    needed = [column.name for column in taken_as.columns if column.needed]
    columns, records = table_of(
        data, name, needed, f"list of {kind.replace('-', ' ')}", separators=",;", most=MOST
    )
    _must_be_known(columns, taken_as, name)
    kept = [place for place, column in enumerate(columns) if column not in OF_REJECTS]
    sheet = Sheet(taken_as, tuple(columns[place] for place in kept))
    seen: dict[object, Row] = {}
    for line, record in records:
        of_row = tuple(record[place] for place in kept) if len(record) == len(columns) else record
        try:
            row = _row(line, of_row, sheet.columns, taken_as, len(record) - len(columns))
        except Unreadable as reason:
            sheet.rejected.append(Rejected(line, str(reason), of_row))
            continue
        first = seen.setdefault(taken_as.key(row.said), row)
        if first is row:
            sheet.rows.append(row)
        else:
            sheet.reject(row, f"it is about the same as line {first.line}, which is taken")
    sheet.unread = len(sheet.rejected)
    if not sheet.size:
        raise NotALog(f"{name} has its columns and not one row.")
    sheet.rows = list(taken_as.in_order(sheet.rows))
    return sheet


def _must_be_known(columns: Sequence[str], kind: type[Kind], name: str) -> None:
    known = {column.name for column in kind.columns} | set(OF_REJECTS)
    for place, column in enumerate(columns):
        if column not in known:
            shown = "".join(each if each.isprintable() else "?" for each in column[:40])
            raise NotALog(f"{name} has a column that is not known here: {shown or 'one without a name'}.")
        if column in columns[:place]:
            raise NotALog(f"{name} has the column {column} twice.")


def _row(line: int, record: Sequence[str], columns: Sequence[str], kind: type[Kind], too_many: int) -> Row:
    if too_many:
        raise Unreadable(f"{len(record)} cells where {len(record) - too_many} belong")
    by_name = dict(zip(columns, record, strict=True))
    said = {
        column.name: value
        for column in kind.columns
        if column.name in by_name and (value := column.value(by_name[column.name].strip())) is not ...
    }
    return Row(line, tuple(record), MappingProxyType(said))
