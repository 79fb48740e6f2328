"""Rows of a file that were not taken: told one by one, and kept to be mended."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.conf import settings

from support.desk.csv_log import Rejected


def keep(columns: Sequence[str], rejected: Iterable[Rejected], file: Path, stderr) -> None:
    """Name each on stderr and keep it as it stands, to be mended and imported again; earlier rejects of this file go."""
    name = file.name.removesuffix(".gz").removesuffix(".csv")
    kept = Path(settings.REJECTS_FOLDER) / f"{name}.csv"
    if kept.resolve() == file.resolve():  # the rejects of an earlier import, mended in their place
        kept = kept.with_stem(f"{name}-again")
    keep_in(kept, columns, rejected, stderr)


def keep_in(kept: Path, columns: Sequence[str], rejected: Iterable[Rejected], stderr) -> None:
    """As `keep`, in the file of this path."""
    kept.unlink(missing_ok=True)
    rows = sorted(rejected, key=lambda row: row.line)
    if not rows:
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    tell(rows, stderr)
    kept.write_bytes(written(columns, rows))
    stderr.write(f"{len(rows)} rows were not taken; they are in {kept}.")


def tell(rows: Iterable[Rejected], stderr) -> None:
    for row in rows:
        stderr.write(f"Line {row.line}: {row.reason}.")


def written(columns: Sequence[str], rows: Iterable[Rejected], separator: str = ",") -> bytes:
    """Rows as they stand in their file, each with its line and reason, under its header."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    writer.writerow([*columns, "line", "reason"])
    for row in rows:
        cells = row.cells[: len(columns)]
        writer.writerow([*cells, *[""] * (len(columns) - len(cells)), row.line, row.reason])
    return out.getvalue().encode("utf-8", "surrogateescape")
