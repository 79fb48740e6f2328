"""How an attack is written: as countersign_app, refused by the rule that it names."""

from contextlib import contextmanager

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction


@contextmanager
def refused(rule: str):
    """The block must fail in the database, by this rule; deferred rules are asked before it ends."""
    with pytest.raises((DatabaseError, psycopg.Error)) as caught, transaction.atomic():
        yield
        connection.check_constraints()  # SET CONSTRAINTS ALL IMMEDIATE
    diag = (caught.value.__cause__ or caught.value).diag  # cursor.copy() is not wrapped by Django
    assert rule in f"{diag.constraint_name} {diag.message_primary}"


def run(sql: str, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return cursor.fetchall() if cursor.description else None
