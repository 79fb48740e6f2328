"""History that the gate is read from is written as it happens: no forged row moves the end of work, a minimum or a tenant."""

import threading
import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from billing import timing
from billing.models import Engagement, GdapReading
from support.models import Customer, User
from support.refusal import Refused
from tests.attacks import refused, run
from tests.billing.at_once import at_once, both, take_off
from tests.billing.billing_cases import EXCHANGE, at, set_clock, world
from tests.billing.minimum_cases import at_least, done, run_of, some_work
from tests.factories import TESTS


def forge(row, **other):
    """Copies the newest history row of this one, with something else in it."""
    connection.check_constraints()
    history = row.history.model._meta.db_table
    columns = [
        name
        for (name,) in run(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s", history
        )
        if name not in ("history_id", "history_transaction") or name in other
    ]
    chosen = ", ".join("%s" if name in other else f'"{name}"' for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    run(
        f"INSERT INTO {history} ({names}) SELECT {chosen} FROM {history} WHERE id = {row.pk} "
        "ORDER BY history_id DESC LIMIT 1",
        *(other[name] for name in columns if name in other),
    )


def newest(row):
    return row.history.order_by("-history_id").first()


def test_an_engagement_has_not_ended_because_its_history_says_so(clock):
    w = at_least()
    some_work(w)
    with refused("history_of_now"):
        forge(w.engagement, state="done", history_date=at(0, day=1, month=9))
    assert run("SELECT engagement_ended_at(%s)", w.engagement.pk) == [(None,)]


def test_a_minimum_is_not_forgone_by_a_row_that_says_withdrawn(clock):
    w = at_least()
    some_work(w)
    done(w)
    with refused("history_of_now"):
        forge(w.engagement, state="withdrawn", history_date=at(18))
    assert [line.kind for line in run_of(w)[0].lines.all()] == ["time", "minimum"]


@pytest.mark.parametrize("said", [at(0, day=1, month=9), at(0, day=1, month=12)])
def test_a_true_change_has_the_date_of_the_databases_clock(clock, said):
    w = world()
    w.engagement.refresh_from_db()
    w.engagement.state = "done"
    w.engagement.by(TESTS, said).save()
    assert run("SELECT engagement_ended_at(%s)", w.engagement.pk) == [(at(18),)]


def test_what_was_read_of_another_tenant_lets_nothing_begin_by_a_forged_tenant(clock):
    w = world(gdap=[EXCHANGE])
    customer = Customer.objects.get(pk=w.contract.holder_id)

    def move_tenant(hour):
        set_clock(at(hour))
        customer.tenant_id = uuid.uuid4()
        customer.by(TESTS, at(hour)).save()

    move_tenant(10.2)
    set_clock(at(10.5))
    said = {"roles": [EXCHANGE], "ends_at": at(0, month=12), "source": "graph"}
    reading = GdapReading(customer=customer, status="active", assigned=True, **said)
    reading.actor = TESTS
    reading.save(force_insert=True)
    move_tenant(11)
    set_clock(at(12))
    for date in (at(0, day=1, month=11), at(10.1)):
        with refused("history_of_now"):
            forge(customer, tenant_id=uuid.uuid4(), history_date=date)
    with pytest.raises(Refused, match="GDAP is not active enough"), transaction.atomic():
        timing.start_timer(w.approval, person=w.ana, text="x", at=at(12))


@pytest.mark.parametrize("of", [Customer, User, Engagement])
def test_a_row_says_what_is_so_and_nothing_that_is_not(clock, of):
    world()
    row = of.objects.first()
    with refused("history_of_now"):
        forge(row, **{"title" if of is Engagement else "name": "Another"})
    with refused("history_of_now"):
        forge(row, history_type="-")
    with refused("history_of_now"):
        forge(row, id=987654)


def test_a_rows_number_and_transaction_are_the_databases(clock):
    """Else a later change would look older, or one that left no history would seem to have left some."""
    w = world()
    forge(w.engagement, history_id=10**9, history_transaction="9999999", history_date=at(1, month=9))
    row = newest(w.engagement)
    [(current,)] = run("SELECT pg_current_xact_id()::text")
    assert row.history_id < 10**9
    assert (row.history_date, str(row.history_transaction)) == (at(18), current)


def test_whoever_judges_by_an_older_snapshot_writes_no_history(own_database):
    w = world()
    with (
        connection.cursor() as cursor,
        pytest.raises(Exception, match="READ COMMITTED"),
        transaction.atomic(),
    ):
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        forge(w.engagement)


@both
def test_whoever_tells_what_was_waits_for_whoever_changes_it(own_database, guarded):
    """Else the row of before would stand behind the row of after, and the tenant would seem never to have changed."""
    customer = world().contract.holder
    before, after = customer.tenant_id, uuid.uuid4()
    changed, told = threading.Event(), threading.Event()
    if not guarded:
        take_off(("support_historicalcustomer", "guard"))

    def act(i):
        if i:
            changed.wait()
            try:
                forge(customer)
            except DatabaseError as error:
                return error.__cause__.diag.constraint_name
            finally:
                told.set()
            return "told"
        with transaction.atomic():
            customer.tenant_id = after
            customer.by(TESTS, at(18)).save()
            changed.set()
            while not (told.is_set() or run("SELECT true FROM pg_locks WHERE NOT granted")):
                pass
        return "changed"

    said = at_once(2, act, at(18))
    assert said == ["changed", "history_of_now" if guarded else "told"]
    assert newest(customer).tenant_id == (after if guarded else before)
    set_clock(None)
