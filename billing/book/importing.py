"""Taking the rows of a file into the book: each by the rules of the records, a batch in one transaction."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import DataError, IntegrityError, connection, transaction

from billing.book.kind import Draft, Kind, Row
from billing.book.sheet import Sheet
from support.actors import Actor
from support.desk.csv_log import Unreadable
from support.refusal import Refused, refusing

BATCH = 100  # rows in one transaction: less than a second
SENTENCES = {
    "customer_name_once": "There is a customer of this name already",
    "partners_have_no_partner": "A customer with a partner is nobody's partner",
}


class Outcome(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(slots=True)
class Done:
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    outcomes: dict[int, Outcome] | None = None  # by line; of a dry run

    def count(self, outcome: Outcome) -> None:
        setattr(self, outcome, getattr(self, outcome) + 1)


def run(
    sheet: Sheet,
    *,
    by: Actor,
    at: datetime,
    dry: bool = False,
    on_batch: Callable[[int, Done], None] = lambda rows, done: None,
) -> Done:
    """Take the rows; those that cannot be taken are added to `sheet.rejected`. Cut short, it can be repeated.

    Raises Refused where the turn of another import does not end in time.

    `on_batch` is told, inside the batch's transaction, how many rows it holds and what became of them; of a dry run
    outside, when the batch has been rolled back.
    """
    done, given = Done(outcomes={}), _Given(sheet) if dry else None
    for rows in _batched(sheet.rows):
        with refusing(SENTENCES), transaction.atomic():
            before = given.before(rows) if given else []
            part = _take_each(sheet, rows, before, by, at, done.outcomes)
            if dry:
                transaction.set_rollback(True)
            else:
                on_batch(len(rows), part)
        if dry:
            on_batch(len(rows), part)
        for outcome in Outcome:
            setattr(done, outcome, getattr(done, outcome) + getattr(part, outcome))
    return done


def _take_each(
    sheet: Sheet,
    rows: Sequence[Row],
    before: Sequence[Row],
    by: Actor,
    at: datetime,
    outcomes: dict[int, Outcome],
) -> Done:
    with connection.cursor() as cursor:  # of two imports at once, the second finds what the first has taken
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('billing.book.importing'))")
    kind, part = sheet.kind([*before, *rows]), Done()
    for row in before:  # as they would be there already
        try:
            _take(kind, row, by, at)
        except Unreadable:
            continue
    for row in rows:
        try:
            outcome = _take(kind, row, by, at)
        except Unreadable as reason:
            sheet.reject(row, str(reason))
            continue
        part.count(outcome)
        outcomes[row.line] = outcome
    return part


def _take(kind: Kind, row: Row, by: Actor, at: datetime) -> Outcome:
    draft = kind.draft(row)
    if not draft.writes and not draft.goes:
        return Outcome.UNCHANGED
    draft.check()
    try:
        with refusing(SENTENCES), transaction.atomic():
            _write(draft, by, at)
    except Refused as refused:
        raise Unreadable(refused.sentence.rstrip(".")) from None
    except IntegrityError:
        raise Unreadable("somebody else has written this meanwhile: import it again") from None
    except DataError:
        raise Unreadable("it holds what no record can hold") from None
    kind.keep_in_mind(draft)
    return Outcome.CREATED if draft.created else Outcome.CHANGED


def _write(draft: Draft, by: Actor, at: datetime) -> None:
    for row in draft.writes:
        row.by(by, at).save()
    for row in draft.goes:
        row.by(by, at).delete()


class _Given:
    """What rows of the file hang on: in a dry run nothing of an earlier batch is there any more."""

    def __init__(self, sheet: Sheet) -> None:
        self._rows = sheet.rows
        self._giving: dict[object, list[int]] = {}
        for place, row in enumerate(sheet.rows):
            for each in sheet.kind.gives(row):
                self._giving.setdefault(each, []).append(place)
        self._needs = sheet.kind.needs
        self._places = {id(row): place for place, row in enumerate(sheet.rows)}

    def before(self, rows: Sequence[Row]) -> list[Row]:
        """Rows of earlier batches that these need, in their order."""
        first = self._places[id(rows[0])]
        needed = {each for row in rows for each in self._needs(row)}
        places = {place for each in needed for place in self._giving.get(each, ()) if place < first}
        return [self._rows[place] for place in sorted(places)]


def _batched(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    return (rows[first : first + BATCH] for first in range(0, len(rows), BATCH))
