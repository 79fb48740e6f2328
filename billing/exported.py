"""What the files of a batch say, read back: by themselves, beside their lines, and whether they are what was written."""

import csv
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, transaction

from billing import copying
from billing.formats import PROFILES
from billing.formats.form import Form, Said, Settings
from billing.models import ExportBatch, ExportFile


@dataclass(slots=True)
class Sums:
    """Of rows; minutes and tax are None where a format does not say them."""

    rows: int = 0
    minutes: int | None = 0
    net: Decimal = Decimal(0)
    tax: Decimal | None = Decimal(0)

    def add(self, said: Said) -> None:
        self.rows += 1
        self.net += said.net
        self.minutes = None if said.minutes is None else (self.minutes or 0) + said.minutes
        self.tax = None if said.tax is None else (self.tax or 0) + said.tax


def said(batch: ExportBatch) -> Iterator[Said]:
    """What each row of its files says, file after file."""
    form = PROFILES[batch.profile]
    for file in batch.files.order_by("number"):
        rows = copying.read(file.content())
        header = next(rows)
        for row in rows:
            yield form.said(dict(zip(header, row, strict=True)))


def sums(batch: ExportBatch) -> Sums:
    total = Sums()
    for row in said(batch):
        total.add(row)
    return total


def altered() -> list[tuple]:
    """Files whose bytes are not those of their hash, or whose size or place in the batch is another."""
    found = []
    for file in ExportFile.objects.order_by("pk").iterator():
        digest, size = hashlib.sha256(), 0
        try:
            for piece in file.content():
                digest.update(piece)
                size += len(piece)
        except ObjectDoesNotExist:  # the pieces have a gap
            size = -1
        if (digest.digest(), size) != (bytes(file.sha256), file.size):
            found.append((f"{file}", file.pk))
    return found


def strayed() -> list[tuple]:
    """Batches whose files do not say what the lines of their invoices say, apart from what was the customer's on that day."""
    return [
        (f"{batch}", batch.pk) for batch in ExportBatch.objects.order_by("pk").iterator() if _strays(batch)
    ]


def _strays(batch: ExportBatch) -> bool:
    if (form := PROFILES.get(batch.profile)) is None:
        return True
    settings = Settings(**batch.settings)
    try:
        kept = _digest(_kept(batch, form, settings), form, settings)
        with transaction.atomic():
            return kept != _digest(copying.rows_of(batch, form, settings), form, settings)
    except (ValueError, csv.Error, ObjectDoesNotExist, DatabaseError):  # no table of text, or a gap in it
        return True


def _kept(batch: ExportBatch, form: Form, settings: Settings) -> Iterator[list[str]]:
    for file in batch.files.order_by("number"):
        rows = copying.read(file.content())
        if next(rows, None) != list(form.columns(settings)):
            raise ValueError(f"{file} has other columns")
        yield from rows


def _digest(rows: Iterable[list[str]], form: Form, settings: Settings) -> tuple[int, bytes]:
    """How many rows, and the hash of those cells that last."""
    lasting = [place for place, name in enumerate(form.columns(settings)) if name not in form.of_its_day]
    count, digest, width = 0, hashlib.sha256(), len(form.columns(settings))
    for row in rows:
        if len(row) != width:
            raise ValueError("a row has other cells than its columns")
        digest.update("\0".join(row[place] for place in lasting).encode() + b"\1")
        count += 1
    return count, digest.digest()
