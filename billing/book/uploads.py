"""A file of the book on the page: looked at, confirmed once, followed, removed. Large ones are taken by a job."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from billing.book import importing, sheet
from billing.models import BookImport
from support import jobs
from support.actors import Actor
from support.desk.csv_log import NotALog, Rejected
from support.management.rejects import written
from support.models import User
from support.refusal import Refused

TASK = "billing.book"
AT_ONCE = 50  # so few rows are taken in a part of a second, while the page waits
SHOWN = 200  # rows that the page names, of each outcome
MOST = 5  # of one person, looked at or at work


class Removed(Exception):
    """Somebody took the file back while its rows were looked at."""


@transaction.atomic
def ask(kind: str, name: str, data: bytes, *, by: User, at: datetime) -> BookImport:
    """Keep the file and look at it. Raises Refused for a file that is none."""
    try:
        read = sheet.read(data, name, kind)
    except NotALog as refused:
        raise Refused(f"{refused}", "file") from None
    if BookImport.objects.filter(asked_by=by, result__isnull=True, error="").count() >= MOST:
        raise Refused(_("%(most)d of your files wait: take one, or remove it.") % {"most": MOST})
    run = BookImport.objects.create(
        kind=kind, name=name[-200:], data=data, asked_by=by, asked_at=at, total=len(read.rows)
    )
    _begin(run)
    return run


@transaction.atomic
def confirm(run: BookImport, *, by: User, at: datetime) -> None:
    """Take its rows, in the name of whoever confirms. Of two at once one does; the other is refused."""
    run = BookImport.objects.select_for_update().filter(pk=run.pk).first()
    if run is None:
        raise Refused(_("This file was removed: upload it again."))
    if run.confirmed_at is not None:
        said = {"who": run.confirmed_by.name, "name": run.name}
        raise Refused(_("%(who)s has confirmed %(name)s already.") % said)
    if not run.can_be_taken:
        raise Refused(_("This file is still being looked at."))
    run.confirmed_by, run.confirmed_at, run.done = by, at, 0
    run.save(update_fields=["confirmed_by", "confirmed_at", "done"])
    _begin(run)


@transaction.atomic
def remove(run: BookImport) -> None:
    """Leave nothing of the file; what it has written stays. Refused while its rows are being taken."""
    run = BookImport.objects.select_for_update().filter(pk=run.pk).first()
    if run and run.confirmed_at and run.is_at_work:
        raise Refused(_("Its rows are being taken right now: they cannot be left half-way."))
    if run:
        run.delete()


def perform(number: int) -> None:
    """The job: the look, or what was confirmed. Run again after its worker was killed, it goes through all rows anew."""
    run = BookImport.objects.filter(pk=number, error="").first()
    if run is None or not run.is_at_work:
        return
    try:
        _take(run)
    except Removed:
        return
    except Exception as error:
        BookImport.objects.filter(pk=run.pk).update(error=f"{error}"[:300] or type(error).__name__)
        raise


def _begin(run: BookImport) -> None:
    if run.total <= AT_ONCE:
        _take(run)
    else:
        jobs.defer(TASK, run=run.pk)


def _take(run: BookImport) -> None:
    read = sheet.read(bytes(run.data), run.name, run.kind)
    dry = run.confirmed_at is None
    _say(run, done=0)

    def tell(rows: int, part: importing.Done) -> None:
        """With the batch or not at all: what a run that was killed has created is counted once."""
        counted = (
            {} if dry else {"created": F("created") + part.created, "changed": F("changed") + part.changed}
        )
        _say(run, done=F("done") + rows, **counted)

    by, at = (run.asked_by, run.asked_at) if dry else (run.confirmed_by, run.confirmed_at)
    done = importing.run(read, by=Actor.of(by), at=at, dry=dry, on_batch=tell)
    rejected = sorted(read.rejected, key=lambda row: row.line)
    if not dry:
        run.refresh_from_db(fields=["created", "changed"])
    counts = (done.created, done.changed) if dry else (run.created, run.changed)
    told = _told(read, rejected, *counts, done)
    kept = {"rejects": written(read.columns, rejected) if rejected else b""}
    _say(run, **{"foreseen": told} if dry else {"result": told, "data": b""}, **kept)


def _told(
    read: sheet.Sheet, rejected: list[Rejected], created: int, changed: int, done: importing.Done
) -> dict:
    keys = {row.line: row for row in read.rows}
    told = [
        (line, outcome, " ".join(f"{each}" for each in _key(read, keys[line])))
        for line, outcome in done.outcomes.items()
        if outcome != importing.Outcome.UNCHANGED
    ]
    return {
        "rows": read.size,
        "created": created,
        "changed": changed,
        "unchanged": read.size - created - changed - len(rejected),
        "rejected": len(rejected),
        "told": sorted(told)[:SHOWN],
        "reasons": [(row.line, row.reason) for row in rejected[:SHOWN]],
    }


def _key(read: sheet.Sheet, row) -> tuple:
    key = read.kind.key(row.said)
    return key if isinstance(key, tuple) else (key,)


def _say(run: BookImport, **fields) -> None:
    if not BookImport.objects.filter(pk=run.pk).update(**fields):
        raise Removed
