"""Logs of other systems in CSV, plain or gzipped: their rows with line numbers, and those that nobody can read."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


class NotALog(ValueError):
    """This file is no such log; the sentence says why."""


class Unreadable(ValueError):
    """Why a row cannot be read."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row as it stands in the file, and why it was not taken."""

    line: int
    reason: str
    cells: tuple[str, ...]


def table(
    path: Path, needed: Sequence[str], what: str
) -> tuple[tuple[str, ...], Iterator[tuple[int, tuple[str, ...]]]]:
    """The columns of a file, in lower case, and each record with the number of its first line; blank lines are none.

    NotALog for a file that cannot be opened, is empty or lacks a column; `what` it should be is named then.
    """
    return _table(_text(path), f"{path}", needed, what)


def table_of(
    data: bytes, name: str, needed: Sequence[str], what: str
) -> tuple[tuple[str, ...], Iterator[tuple[int, tuple[str, ...]]]]:
    """The same of an upload, which is never unpacked."""
    return _table(data.decode("utf-8-sig", "surrogateescape"), name, needed, what)


def _table(
    text: str, name: str, needed: Sequence[str], what: str
) -> tuple[tuple[str, ...], Iterator[tuple[int, tuple[str, ...]]]]:
    records = _records(text)
    _, header = next(records, (0, ()))
    columns = tuple(cell.strip().lower() for cell in header)
    if not any(columns):
        raise NotALog(f"{name} is empty.")
    if missing := [column for column in needed if column not in columns]:
        raise NotALog(f"{name} is no {what}: it lacks {', '.join(missing)}.")
    return columns, records


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        if data.startswith(b"\x1f\x8b"):
            data = gzip.decompress(data)
    except FileNotFoundError:
        raise NotALog(f"There is no file {path}.") from None
    except (OSError, EOFError, zlib.error) as error:
        raise NotALog(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    return data.decode("utf-8-sig", "surrogateescape")


def _records(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    while True:
        line = reader.line_num + 1
        try:
            cells = tuple(next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            cells = (f"{error}",)
        if cells:
            yield line, cells
