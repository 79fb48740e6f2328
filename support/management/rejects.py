"""Rows of a file that were not taken: told one by one, and kept to be mended."""

import csv
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
    kept.unlink(missing_ok=True)
    rows = sorted(rejected, key=lambda row: row.line)
    if not rows:
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    with kept.open("w", newline="", encoding="utf-8", errors="surrogateescape") as out:
        writer = csv.writer(out)
        writer.writerow([*columns, "line", "reason"])
        for row in rows:
            stderr.write(f"Line {row.line}: {row.reason}.")
            cells = row.cells[: len(columns)]
            writer.writerow([*cells, *[""] * (len(columns) - len(cells)), row.line, row.reason])
    stderr.write(f"{len(rows)} rows were not taken; they are in {kept}.")
