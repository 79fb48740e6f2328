"""Two workers on one mail: it leaves once. Without the row's lock it leaves twice."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail as sent
from django.db import connection
from django.db.models.query import QuerySet

from support.mail import outbox
from tests.billing.at_once import take_off
from tests.cases import NOON


@pytest.mark.parametrize("guarded", [True, False])
def test_two_workers_send_a_mail_once(own_database, monkeypatch, guarded):
    mail = outbox.queue("k", to=["a@b.example"], subject="s", text="t", at=NOON)
    build = outbox._message
    monkeypatch.setattr(outbox, "_message", lambda row: (time.sleep(0.15), build(row))[1])
    if not guarded:
        take_off(("support_mail", "told_once"))
        monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **options: rows)
    barrier = threading.Barrier(2)

    def work(_):
        barrier.wait()
        try:
            outbox.send(mail.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    assert len(sent.outbox) == (1 if guarded else 2)
