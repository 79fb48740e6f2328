"""A connection to the database outlives its request: what is kept with it must not outlive what it was made of."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import NotSupportedError, close_old_connections, connection
from django.test import Client
from django.urls import reverse

from config.database.base import DatabaseWrapper
from support.models import Submission
from support.once import FIELD
from support.roles import Role
from tests.attacks import run
from tests.billing.billing_cases import somebody

KEPT = 8  # asked so often a statement is kept prepared


def names():
    return run("SELECT name FROM support_team")


def widen_names():
    with connection.as_owner():
        run("ALTER TABLE support_team ALTER COLUMN name TYPE varchar(150)")
    connection.close()


def elsewhere(work):
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


@pytest.mark.parametrize("mended", [True, pytest.param(False, marks=pytest.mark.broken_on_purpose)])
def test_a_migration_under_a_running_process_fails_one_request(own_database, monkeypatch, mended):
    if not mended:
        monkeypatch.delattr(DatabaseWrapper, "close_if_unusable_or_obsolete")
    for _time in range(KEPT):
        names()
    elsewhere(widen_names)
    with pytest.raises(NotSupportedError):
        names()
    close_old_connections()  # as every request ends
    if mended:
        assert names() == []
    else:
        with pytest.raises(NotSupportedError):
            names()


def test_a_form_that_is_still_at_work_says_so_to_a_second_click(own_database):
    """It waits as long as for any lock; the first goes on."""
    client, key = Client(), uuid.uuid4()
    client.force_login(somebody("Ana", Role.AGENT))
    with ThreadPoolExecutor(1) as pool, connection.cursor() as cursor:
        cursor.execute("BEGIN")
        Submission(key=key, path="/", body_sha256="", location="").save(force_insert=True)
        address = reverse("support:view-keep")
        answer = pool.submit(client.post, address, {FIELD: str(key)}).result()
        cursor.execute("ROLLBACK")
    assert answer.status_code == 409
    assert "still at work" in answer.text
