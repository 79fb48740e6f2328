"""Lines out of the database into files: a COPY read row by row, cut where the importer's limits are, kept in pieces."""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from tempfile import TemporaryFile
from typing import BinaryIO

from django.db import connection
from django.utils.translation import gettext as _
from psycopg import ClientCursor

from billing.formats import lines
from billing.formats.form import Form, Settings
from billing.models import ExportBatch, ExportFile, Invoice
from support.refusal import Refused

PIECE = 256 * 1024


@dataclass
class _Cut:
    """A file on its way: how much is in it, and the hash of it."""

    credits: bool
    rows: int = 0
    invoices: int = 0
    size: int = 0
    hash: object = field(default_factory=hashlib.sha256)

    def has_room(self, form: Form, settings: Settings, rows: int, size: int) -> bool:
        invoices = settings.invoices_per_file or form.invoices
        return not (
            (invoices and self.invoices >= invoices)
            or (form.rows and self.rows + rows > form.rows)
            or (form.size and self.size + size > form.size)
        )


def write(batch: ExportBatch, form: Form, settings: Settings) -> list[ExportFile]:
    """The files of a batch whose invoices are named. Memory is that of one invoice and a piece, whatever the rows."""
    with TemporaryFile() as spool:
        cuts = list(_cut(_rows(batch, form, settings), form, settings, spool))
        spool.seek(0)
        return [_keep(batch, number, cut, spool) for number, cut in enumerate(cuts, 1)]


def read(content: Iterable[bytes]) -> Iterator[list[str]]:
    """The rows of a file, its heading first; ValueError or csv.Error where it is no table of text."""
    text = io.TextIOWrapper(io.BufferedReader(_Pieces(content), PIECE), "utf-8-sig", newline="")
    return csv.reader(text)


def rows_of(batch: ExportBatch, form: Form, settings: Settings) -> Iterator[list[str]]:
    """What the lines of its invoices say now, in the order of its files, without headings."""
    return read(sent(batch, form, settings))


def sent(batch: ExportBatch, form: Form, settings: Settings) -> Iterator[bytes]:
    """The same as bytes, row by row."""
    return (row for _key, row in _rows(batch, form, settings))


def _rows(batch: ExportBatch, form: Form, settings: Settings) -> Iterator[tuple[bytes, bytes]]:
    """Each row after the key of its invoice. The server sends a row at a time and ends it with a plain line feed."""
    asked = lines.parameters(settings, batch=batch.pk)
    with connection.cursor() as cursor:
        # COPY takes no parameters, so they are written into it here.
        statement = ClientCursor(connection.connection).mogrify(lines.of_a_batch(form, settings), asked)
        with cursor.copy(statement) as copy:
            for sent in copy:
                key, _comma, row = bytes(sent).partition(b",")
                yield key, row[:-1] + b"\r\n"


def _cut(rows, form: Form, settings: Settings, spool: BinaryIO) -> Iterator[_Cut]:
    """An invoice stands in one file whole; the next file begins with the invoice that the last one had no room for."""
    cut, header = None, form.header(settings)
    for key, group in groupby(rows, key=itemgetter(0)):
        invoice = [row for _key, row in group]
        text, credits = b"".join(invoice), key.startswith(b"-")
        if cut is None or cut.credits != credits or not cut.has_room(form, settings, len(invoice), len(text)):
            if cut is not None:
                yield cut
            cut = _Cut(credits)
            _add(cut, header, spool)
            if not cut.has_room(form, settings, len(invoice), len(text)):
                raise Refused(_too_long(abs(int(key)), form))
        cut.rows += len(invoice)
        cut.invoices += 1
        _add(cut, text, spool)
    if cut is not None:
        yield cut


def _add(cut: _Cut, text: bytes, spool: BinaryIO) -> None:
    cut.size += len(text)
    cut.hash.update(text)
    spool.write(text)


def _too_long(invoice: int, form: Form) -> str:
    return _(
        "Nothing was exported. %(invoice)s alone is longer than a file that %(title)s takes: enter it by hand, or use another format."
    ) % {"invoice": Invoice.objects.get(pk=invoice), "title": form.title}


def _keep(batch: ExportBatch, number: int, cut: _Cut, spool: BinaryIO) -> ExportFile:
    file = ExportFile(
        batch=batch,
        number=number,
        credits=cut.credits,
        rows=cut.rows,
        size=cut.size,
        sha256=cut.hash.digest(),
    )
    file.save(force_insert=True)
    into = "COPY billing_exportpiece (file_id, number, content) FROM STDIN (FORMAT binary)"
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        copy.set_types(["int8", "int4", "bytea"])
        left, place = cut.size, 1
        while left:
            piece = spool.read(min(PIECE, left))
            copy.write_row([file.pk, place, piece])
            left, place = left - len(piece), place + 1
    return file


class _Pieces(io.RawIOBase):
    """A file out of pieces of any length."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces, self._left = iter(pieces), memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = memoryview(piece)
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count
