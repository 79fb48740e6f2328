"""A contract that is changed while something begins under it: the change waits, and is refused."""

import threading
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction

from billing.models import PurchaseOrder
from support.actors import Actor
from support.desk import calling
from support.models import Contract, Ticket
from support.refusal import Refused, refusing
from tests.attacks import refused, run
from tests.billing.at_once import at_once, both, take_off
from tests.billing.billing_cases import ese_contract, requested, set_clock
from tests.cases import Cast
from tests.escalations.maintenance_cases import announce, kept_contract
from tests.escalations.outage_cases import declare, hit_contract
from tests.factories import TESTS
from tests.support.desk_cases import contract_under, raise_ticket, utc

AT = utc("2026-10-14 09:00")
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"


def clock(at):
    set_clock(at)
    return at


def cloud(holder):
    return contract_under("egroup-csp-advantage", holder=holder)


def called(holder):
    return contract_under("exponential-e-ucc", holder=holder)


def asked_about(holder):
    contract = ese_contract(holder=holder)
    raise_ticket(contract, AT, channel="email")
    return contract


def ticket(cast, contract):
    raise_ticket(contract, AT)


def call(cast, contract):
    said = {"offered_at": AT - timedelta(minutes=5), "waited": timedelta(minutes=1), "answered": True}
    calling.tell(contract, channel="phone", **said, by=Actor.of(cast.ana), at=AT)


def order(cast, contract):
    PurchaseOrder(contract=contract, number="PO-1").by(TESTS).save()


def engagement(cast, contract):
    requested(contract, ticket=Ticket.objects.get())


def outage(cast, contract):
    declare(cast, clock, contract)


def window(cast, contract):
    announce(cast.ana, clock, contract)


def another_holder(cast, contract):
    contract.holder = cast.tailspin


def another_currency(cast, contract):
    contract.currency = "EUR"


def without_its_lock(guard):
    with connection.as_owner():
        [(made,)] = run("SELECT pg_get_functiondef(%s::regproc)", guard)
        lock = "WHERE id = NEW.contract_id FOR KEY SHARE;"
        assert lock in made
        run(made.replace(lock, "WHERE id = NEW.contract_id;").replace("%", "%%"))


def off(table):
    return partial(take_off, (table, "held"))


@both
@pytest.mark.parametrize(
    ("made", "happens", "edited", "unguarded"),
    [
        (hit_contract, outage, another_holder, partial(without_its_lock, "outage_contract_guard")),
        (kept_contract, window, another_holder, partial(without_its_lock, "maintenance_contract_guard")),
        (cloud, ticket, another_holder, off("support_ticket")),
        (called, call, another_holder, off("support_callrecord")),
        (cloud, order, another_holder, off("billing_purchaseorder")),
        (asked_about, engagement, another_currency, off("billing_engagement")),
    ],
)
def test_a_contract_is_not_changed_while_something_begins(
    own_database, made, happens, edited, unguarded, guarded
):
    with transaction.atomic():
        clock(AT)
        cast = Cast.made()
        contract = made(cast.northwind)
    if not guarded:
        unguarded()
    written, answered = threading.Event(), threading.Event()

    def first():
        with transaction.atomic():
            happens(cast, contract)
            written.set()
            while not answered.is_set() and not run(WAITING)[0][0]:
                pass  # until the other one waits for this transaction, or does not

    def second():
        mine = Contract.objects.get(pk=contract.pk)
        edited(cast, mine)
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
    if guarded:
        assert "keeps its" in answers[1]
    else:
        assert answers[1] == "changed"


@pytest.mark.django_db
def test_a_ticket_is_not_put_under_a_contract_of_somebody_else(cast, now):
    theirs = cloud(cast.tailspin)
    raised = raise_ticket(cloud(cast.northwind), now(AT))
    with refused("ticket_under_its_customers_contract"):
        Ticket.objects.filter(pk=raised.pk).update(contract=theirs)


@pytest.mark.broken_on_purpose
def test_one_that_an_earlier_release_put_there_can_be_worked_on(own_database):
    with transaction.atomic():
        cast = Cast.made()
        raised = raise_ticket(cloud(cast.northwind), clock(AT))
    with connection.as_owner():
        run("ALTER TABLE support_ticket DISABLE TRIGGER held")
        Ticket.objects.update(contract=cloud(cast.tailspin))
        run("ALTER TABLE support_ticket ENABLE ALWAYS TRIGGER held")
    raised.refresh_from_db()
    raised.title = "Seen again"
    raised.save()
    assert Ticket.objects.get().title == "Seen again"


def test_an_import_that_looks_at_a_contract_keeps_no_ticket_waiting(own_database):
    """It holds every contract that it names until its end."""
    with transaction.atomic():
        clock(AT)
        cast = Cast.made()
        contract = cloud(cast.northwind)
    held, raised = threading.Event(), threading.Event()

    def look():
        with transaction.atomic():
            list(Contract.objects.select_for_update(no_key=True))
            held.set()
            return raised.wait(10)

    def raise_one():
        held.wait()
        raise_ticket(contract, AT)
        raised.set()

    assert at_once(2, lambda i: raise_one() if i else look(), clock=AT)[0]
