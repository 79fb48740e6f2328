"""Many tickets fast: some are played through the verbs, the rest are copies of their rows with ids of their own."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

from django.db import connection, models, transaction
from django.test import override_settings

from bench.database import BENCH, owner_executes, value_of
from config.demo import book, clock
from config.demo.month import Month
from config.demo.play import AGENTS
from config.demo.tickets import Desk, Story
from support.models import Alarm, Clock, Contract, Event, Message, Ticket, User, UserKind, Wait
from support.models.tickets import TicketNumber

MONTH = Month(date(2026, 9, 1))
WHOLE = timedelta(days=30)
# Ids of what is played have six figures and copy number k puts k in front of them: in text, too, that is a new id.
FIRST, STEP = 100_000, 1_000_000
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody signs in with a password
COPIED = (Ticket, Event, Clock, Wait, Message, Alarm)
NEW = {  # column → what a copy says in it; `k` is the number of the copy
    "support_ticket.id": f"t.id + k * {STEP}",
    "support_ticket.number": TicketNumber.template,
    "ticket_id": f"t.ticket_id + k * {STEP}",
    "subject_id": f"t.subject_id + k * {STEP}",
    "key": "regexp_replace(t.key, '^ticket:', 'ticket:' || k)",
    "facts": r"""regexp_replace(t.facts::text, '"(message|id|ids)": (\[?)(\d{6})\y', '"\1": \2' || k || '\3')::jsonb""",
    "detail": r"""CASE WHEN t.detail @? '$.segments[*].waits[*]'
        THEN regexp_replace(t.detail::text, '\["(\d{6})", ', '["' || k || '\1", ', 'g')::jsonb ELSE t.detail END""",
}


def customers(seed: str, times: int = 1) -> tuple[list[Contract], Desk]:
    """The demo's customers under their contracts, each so many times, and the desk whose seeded draw decides what happens
    on their tickets."""
    owner_executes(*(f"ALTER TABLE {m._meta.db_table} ALTER id RESTART WITH {FIRST}" for m in COPIED))
    sketches = [_again(sketch, number) for number in range(times) for sketch in book.CUSTOMERS]
    with transaction.atomic(), override_settings(PASSWORD_HASHERS=QUICK):
        before = clock.set_to(MONTH.starts("UTC") - timedelta(days=20))
        people, company = book.people(before), book.entity(before)
        contracts = [book.customer(sketch, company, people["Max"], before) for sketch in sketches]
    return contracts, Desk([people[name] for name in AGENTS], random.Random(seed))


def _again(sketch: book.Sketch, number: int) -> book.Sketch:
    """ "Northwind", "Northwind 2" of northwind-2.example, "Northwind 3"."""
    if not number:
        return sketch
    return replace(sketch, name=f"{sketch.name} {number + 1}", code=f"{sketch.code}-{number + 1}")


@transaction.atomic
def play(contracts: list[Contract], desk: Desk, stories: int, last: timedelta = WHOLE) -> list[int]:
    """So many tickets under each contract, through the verbs; answers their ids.

    They are opened in the `last` days or hours of September 2026; what is at work when it ends stays open.
    """
    played = []
    for contract in contracts * stories:
        end = MONTH.ends(contract.holder.time_zone)
        opens = end - desk.draw.random() * last
        played.append(Story(contract, desk, opens, until=end).play().pk)
    clock.back_to_real()
    return played


def multiply(templates: Sequence[int], total: int, parts: Sequence[type[models.Model]] = COPIED) -> None:
    """Copy these tickets in turn, with their rows of these models, until there are `total` copies, and analyse them."""
    copies = -(-total // len(templates))
    first = value_of(f"SELECT max(id) / {STEP} + 1 FROM support_ticket")
    left_over = templates[: total - (copies - 1) * len(templates)]
    with connection.as_owner():
        with transaction.atomic(), unguarded(parts), connection.cursor() as cursor:
            for model in parts:
                statement = _copy(model)
                cursor.execute(statement, [first, first + copies - 2, list(templates)])
                cursor.execute(statement, [first + copies - 1, first + copies - 1, list(left_over)])
        with connection.cursor() as cursor:
            for model in parts:
                cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")


SPREAD = """
WITH agent AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM support_user WHERE kind = 'staff'),
drawn AS (SELECT *, hashint8(id) & 2147483647 AS draw FROM support_ticket WHERE state IN ('open', 'waiting')),
moved AS (
    SELECT drawn.id, next_due_at AS was, now() - interval '6 hours' + draw % 259200 * interval '1 second' AS due, agent.id AS owner
    FROM drawn LEFT JOIN agent ON place = draw % ((SELECT count(*) FROM agent) * 10 / 9)
),
clock AS (
    UPDATE support_clock c SET due_at = due_at + (due - was) FROM moved
    WHERE c.ticket_id = moved.id AND c.state IN ('running', 'paused')
)
UPDATE support_ticket t SET owner_id = owner, next_due_at = CASE WHEN was IS NOT NULL THEN due END FROM moved WHERE t.id = moved.id
"""


def agents(number: int) -> None:
    """Until the desk has so many: fifty thousand open tickets are not the work of three."""
    at = clock.set_to(MONTH.starts("UTC"))
    for place in range(User.objects.filter(kind=UserKind.STAFF).count(), number):
        User(email=f"agent-{place}@countersign.example", name=f"Agent {place}").by(BENCH, at).save()
    clock.back_to_real()


def spread() -> None:
    """Copies are due when their template is, and its owner's: now each open one is due for itself, within three days
    of which six hours are over, and is one of the agents' or, one in ten, nobody's."""
    with connection.as_owner():
        with transaction.atomic(), unguarded((Ticket, Clock)), connection.cursor() as cursor:
            cursor.execute(SPREAD)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE support_ticket, support_clock")


def _copy(model: type[models.Model]) -> str:
    table = model._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields if not field.generated]
    mine = "id" if model is Ticket else "ticket_id"
    said = [
        f"t.id + k * {STEP}" if name == "id" else NEW.get(f"{table}.{name}") or NEW.get(name) or f"t.{name}"
        for name in columns
    ]
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(said)} "
        f"FROM generate_series(%s::bigint, %s::bigint) AS k, {table} AS t WHERE t.{mine} = ANY (%s) ORDER BY k, t.id"
    )


@contextmanager
def unguarded(parts: Sequence[type[models.Model]]) -> Iterator[None]:
    """The rows have passed the guards once: for a million copies they would only give the same answers again."""
    tables = [model._meta.db_table for model in parts]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER TABLE %%s ENABLE %%s TRIGGER %%I', tgrelid::regclass, "
            "CASE tgenabled WHEN 'A' THEN 'ALWAYS' ELSE '' END, tgname) "
            "FROM pg_trigger WHERE tgrelid = ANY (%s::regclass[]) AND NOT tgisinternal AND tgenabled <> 'D'",
            [tables],
        )
        again = [statement for (statement,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come is not altered
        for statement in again:
            cursor.execute(statement)
