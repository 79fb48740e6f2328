"""Logs of other systems in CSV, plain or gzipped: their rows with line numbers, and those that nobody can read."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

# A cell of any length is read, so that a row that is rejected for it is kept whole; files are held in memory already.
csv.field_size_limit(2**31 - 1)


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
    return table_of(bytes_of(path), f"{path}", needed, what)


def bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise NotALog(f"There is no file {path}.") from None
    except OSError as error:
        raise NotALog(f"{path} cannot be read: {error.strerror or error}.") from None


def table_of(
    data: bytes,
    name: str,
    needed: Sequence[str],
    what: str,
    *,
    separators: str = ",",
    most: int | None = None,
) -> tuple[tuple[str, ...], Iterator[tuple[int, tuple[str, ...]]]]:
    """As `table`, of the bytes of a file of this name; the header says which of the separators is meant.

    With `most`, more bytes than that are refused before they are unpacked.
    """
    text = _text(data, name, most)
    header_line = text.split("\n", 1)[0]
    records = _records(text, max(separators, key=header_line.count))
    _, header = next(records, (0, ()))
    columns = tuple(cell.strip().lower() for cell in header)
    if not any(columns):
        raise NotALog(f"{name} is empty.")
    if missing := [each for each in needed if each not in columns]:
        raise NotALog(f"{name} is no {what}: it lacks {', '.join(missing)}.")
    return columns, records


def _text(data: bytes, name: str, most: int | None) -> str:
    try:
        if data.startswith(b"\x1f\x8b"):
            data = gzip.GzipFile(fileobj=io.BytesIO(data)).read(-1 if most is None else most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise NotALog(f"{name} cannot be read: {error}.") from None
    if most is not None and len(data) > most:
        raise NotALog(f"{name} holds more than {most // 2**20} MB: cut it into several files.")
    return data.decode("utf-8-sig", "surrogateescape")


def _records(text: str, separator: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
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
