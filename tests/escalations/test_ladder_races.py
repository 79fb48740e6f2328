"""Two people raise a level at once: one does. Without lock and guard both do."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from escalations.models import Escalation
from support import timeline
from support.models import Ticket
from support.refusal import Refused
from tests.attacks import run
from tests.escalations.ladder_cases import GROUND, ladder_ticket
from tests.factories import ANA
from tests.support.desk_cases import utc

AT = utc("2026-10-12 10:20")


@pytest.mark.parametrize("guarded", [True, pytest.param(False, marks=pytest.mark.broken_on_purpose)])
def test_two_at_once_raise_one_level(own_database, monkeypatch, guarded):
    ticket = ladder_ticket()
    barrier, slowly = threading.Barrier(2), threading.Barrier(2)
    if not guarded:
        with connection.as_owner():
            run("ALTER TABLE escalations_escalation DISABLE TRIGGER guard")
            run("ALTER TABLE escalations_escalation DROP CONSTRAINT escalation_once_in_its_place")
        monkeypatch.setattr(Ticket, "lock", lambda ticket: None)
        monkeypatch.setattr(timeline, "record", lambda *args, **facts: slowly.wait())

    def work(_):
        connection.simulated_now = AT.isoformat()
        connection.close()
        barrier.wait()
        try:
            return Escalation.escalate(
                Ticket.objects.get(pk=ticket.pk), ground=GROUND, reason="Third day.", by=ANA, at=AT
            )
        except Refused as refused:
            return refused.sentence
        finally:
            connection.simulated_now = ""
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(work, range(2)))
    assert Escalation.objects.count() == (1 if guarded else 2)
    if guarded:
        sentences = [answer for answer in answers if isinstance(answer, str)]
        assert sentences == ["Level 2 not before 14:20, because level 1 began at 10:20."]


def test_the_guard_alone_holds_two_at_once(own_database, monkeypatch):
    """A script that locks nothing: both have read; the second insert waits for the first, and is refused."""
    ticket, barrier, place = ladder_ticket(), threading.Barrier(2, timeout=60), Escalation._place
    monkeypatch.setattr(Ticket, "lock", lambda ticket: None)

    def once_both_have_read(escalation, standing, at):
        barrier.wait()
        place(escalation, standing, at)

    monkeypatch.setattr(Escalation, "_place", once_both_have_read)

    def work(_):
        try:
            return Escalation.escalate(
                Ticket.objects.get(pk=ticket.pk), ground=GROUND, reason="Third day.", by=ANA, at=AT
            ).level
        except Exception as error:
            return f"{error}"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(map(str, pool.map(work, range(2))))
    assert answers[0] == "1"
    assert "Level 1 does not follow level 1" in answers[1]
