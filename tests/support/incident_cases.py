"""An audit log that we made ourselves, and changed copies of it."""

import csv
import io
from pathlib import Path

from django.core.management import call_command

from support.models import Ticket

SAMPLE = Path(__file__).parent / "cases" / "incidents.csv"
RULES = {"service": "enghouse-premium", "timezone": "Europe/London"}


def rows() -> list[dict[str, str]]:
    with SAMPLE.open(newline="") as file:
        return list(csv.DictReader(file))


def a_log(tmp_path, kept=lambda row: True, *, more=(), name="log.csv") -> Path:
    """A file with the rows of the sample that are kept, and more: each (number in the sample, {column: cell})."""
    every = rows()
    like = {row["number"]: row for row in every}
    told = [row for row in every if kept(row)] + [{**like[number], **cells} for number, cells in more]
    path = tmp_path / name
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, every[0])
        writer.writeheader()
        writer.writerows(told)
    return path


def imported(path=SAMPLE, **options) -> str:
    """What the command prints."""
    out = io.StringIO()
    call_command("import_incidents", path, stdout=out, **{**RULES, **options})
    return out.getvalue()


def ticket(number: int) -> Ticket:
    return Ticket.objects.get(title__startswith=f"INC{number:07}")
