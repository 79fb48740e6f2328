"""A holder who is changed while an outage is declared, or a window announced, for the contract: it waits, and is refused."""

import threading

import pytest
from django.db import connection, transaction

from support.models import Contract
from support.refusal import Refused, refusing
from tests.attacks import run
from tests.billing.at_once import at_once, both
from tests.billing.billing_cases import set_clock
from tests.cases import Cast
from tests.escalations.maintenance_cases import announce, kept_contract
from tests.escalations.outage_cases import declare, hit_contract
from tests.factories import TESTS
from tests.support.desk_cases import utc

AT = utc("2026-10-14 09:00")
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"


def clock(at):
    set_clock(at)
    return at


def outage(cast, contract):
    declare(cast, clock, contract)


def window(cast, contract):
    announce(cast.ana, clock, contract)


@both
@pytest.mark.parametrize(
    ("made", "happens", "guard"),
    [(hit_contract, outage, "outage_contract_guard"), (kept_contract, window, "maintenance_contract_guard")],
)
def test_a_holder_is_not_changed_while_something_happens(own_database, made, happens, guard, guarded):
    with transaction.atomic():
        clock(AT)
        cast = Cast.made()
        contract = made(cast.northwind)
    if not guarded:
        _without_its_lock(guard)
    written, answered = threading.Event(), threading.Event()

    def first():
        with transaction.atomic():
            happens(cast, contract)
            written.set()
            while not answered.is_set() and not run(WAITING)[0][0]:
                pass  # until the other one waits for this transaction, or does not

    def second():
        mine = Contract.objects.get(pk=contract.pk)
        mine.holder = cast.tailspin
        written.wait()
        try:
            with refusing({}):
                mine.by(TESTS).save()
        except Refused as refused:
            return refused.sentence
        finally:
            answered.set()
        return "changed"

    answers = at_once(2, lambda i: second() if i else first(), clock=AT)
    contract.refresh_from_db()
    if guarded:
        assert "keeps its holder" in answers[1]
        assert contract.holder == cast.northwind
    else:
        assert (answers[1], contract.holder) == ("changed", cast.tailspin)


def _without_its_lock(guard):
    with connection.as_owner():
        [(made,)] = run("SELECT pg_get_functiondef(%s::regproc)", guard)
        lock = "WHERE id = NEW.contract_id FOR SHARE;"
        assert lock in made
        run(made.replace(lock, "WHERE id = NEW.contract_id;").replace("%", "%%"))
