"""Taking a phone system's log of calls in, each call once."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.db import transaction

from support.actors import Actor
from support.desk.call_log import CallLog, Told
from support.desk.calling import covers
from support.models import CallRecord, Contract

BATCH = 1000
BY = Actor.system("import")


def run(
    log: CallLog, *, source: str, at: datetime, on_calls: Callable[[int], None] = lambda done: None
) -> int:
    """How many calls were new. Rows that cannot be taken are added to `log.rejected`; again, only what is new.

    Two at once take each call once: the second finds the number of the source taken.
    """
    created = done = 0
    contracts = {row.number: row for row in _contracts(log.calls)}
    for calls in _batched(log.calls):
        with transaction.atomic():
            created += _take(log, calls, contracts, source, at)
        done += len(calls)
        on_calls(done)
    return created


def _take(log: CallLog, calls: Sequence[Told], contracts: dict, source: str, at: datetime) -> int:
    fitting = [told for told in calls if _fits(log, told, contracts.get(told.contract), at)]
    mine = CallRecord.objects.filter(source=source, source_key__in=[told.id for told in fitting])
    before = {row.source_key for row in mine}
    rows = [_record(told, contracts[told.contract], source, at) for told in fitting if told.id not in before]
    CallRecord.objects.bulk_create(rows, ignore_conflicts=True)
    kept = {row.source_key: row for row in mine.all()}
    for told in fitting:
        if _said(kept[told.id]) != (told.channel, contracts[told.contract].pk, *_instants(told)):
            log.reject(told, f"id {told.id} was told otherwise before: strike that one out and type this one")
    return sum(1 for key in kept if key not in before)


def _fits(log: CallLog, told: Told, contract: Contract | None, at: datetime) -> bool:
    if contract is None:
        log.reject(told, f"there is no contract {told.contract}")
    elif not covers(contract, told.offered_at):
        log.reject(told, f"contract {told.contract} was not in force on that day")
    elif max(instant for instant in _instants(told) if instant) > at:
        log.reject(told, "it lies in the future")
    else:
        return True
    return False


def _record(told: Told, contract: Contract, source: str, at: datetime) -> CallRecord:
    record = CallRecord(
        contract=contract,
        channel=told.channel,
        offered_at=told.offered_at,
        answered_at=told.answered_at,
        abandoned_at=told.abandoned_at,
        recorded_at=at,
        source=source,
        source_key=told.id,
    )
    record.actor = BY
    return record


def _instants(told: Told) -> tuple:
    return told.offered_at, told.answered_at, told.abandoned_at


def _said(row: CallRecord) -> tuple:
    return row.channel, row.contract_id, row.offered_at, row.answered_at, row.abandoned_at


def _contracts(calls: Sequence[Told]) -> Iterator[Contract]:
    numbers = {told.contract for told in calls}
    return Contract.objects.filter(number__in=numbers).select_related("holder").iterator()


def _batched(calls: Sequence[Told]) -> Iterator[Sequence[Told]]:
    return (calls[first : first + BATCH] for first in range(0, len(calls), BATCH))
