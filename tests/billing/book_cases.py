"""What the book's tests share: a file of rows, and what an import of it did."""

import csv
import io

from billing.book import importing, sheet
from tests.cases import NOON
from tests.factories import TESTS

NEEDED = {
    "customers": "code,name",
    "contacts": "customer,email,name",
    "contracts": "number,holder,starts_on",
    "rate-cards": "name,currency,hourly_rate",
}


def a_file(kind: str, *rows: str, more: str = "") -> bytes:
    """Rows under the columns that this kind needs, and those of `more`."""
    header = ",".join(filter(None, [NEEDED[kind], more]))
    return "\n".join([header, *rows, ""]).encode()


def imported(kind: str, *rows: str, more: str = "", dry: bool = False, by=TESTS):
    """(created, changed, unchanged) and the reasons of what was rejected, by line."""
    read = sheet.read(a_file(kind, *rows, more=more), "book.csv", kind)
    done = importing.run(read, by=by, at=NOON, dry=dry)
    return (done.created, done.changed, done.unchanged), {row.line: row.reason for row in read.rejected}


def reason(kind: str, row: str, more: str = "") -> str:
    """Why the only row of a file is not taken."""
    counts, rejected = imported(kind, row, more=more)
    assert counts == (0, 0, 0)
    return rejected[2]


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))
