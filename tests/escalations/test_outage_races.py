"""Two at once on an outage: one resolution, and a due notice answered once. Without the guards they are two."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from escalations import outages
from escalations.models import Notice, OutageStep
from support.actors import Actor
from support.refusal import Refused
from tests.attacks import run
from tests.billing.billing_cases import set_clock
from tests.cases import Cast
from tests.escalations.outage_cases import hit_contract
from tests.escalations.test_outage_guards import STEP, sql_notice
from tests.support.desk_cases import raise_ticket, utc


@pytest.mark.parametrize("guarded", [True, pytest.param(False, marks=pytest.mark.broken_on_purpose)])
def test_two_resolutions_at_once_are_one(own_database, guarded):
    outage, cast = _declared()
    if not guarded:
        with connection.as_owner():
            run("ALTER TABLE escalations_outagestep DISABLE TRIGGER guard")
    barrier = threading.Barrier(2)

    def resolve(_):
        barrier.wait()
        try:
            run(STEP, outage.pk, "resolved", "2026-10-14 09:00+00", "staff", cast.ana.pk)
        except Exception as error:
            return f"{error}"
        finally:
            connection.close()
        return "noted"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(resolve, range(2)))
    assert OutageStep.objects.count() == (1 if guarded else 2)
    assert not guarded or "resolved first, then validated" in answers[0]


@pytest.mark.parametrize("guarded", [True, pytest.param(False, marks=pytest.mark.broken_on_purpose)])
def test_of_two_who_skip_the_same_due_notice_at_once_one_does(own_database, guarded):
    """Both skip at once: one is skipped. Without the guard both are, or the place is taken."""
    outage, cast = _declared()
    if not guarded:
        with connection.as_owner():
            run("ALTER TABLE escalations_notice DISABLE TRIGGER guard")
    barrier, due = threading.Barrier(2), outage.dues.get()

    def skipped(_):
        set_clock(due.warn_at)
        barrier.wait()
        try:
            sql_notice(outage, cast.ana, "skipped", "", "no news", due=due.pk)
        except Exception as error:
            return f"{error}"
        finally:
            connection.close()
        return "skipped"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(skipped, range(2)))
    if guarded:
        assert "sent or skipped by now" in answers[0] or "sent or skipped by now" in answers[1]
        assert list(Notice.objects.values_list("due__position", flat=True)) == [1]
    else:
        assert not any("by now" in answer for answer in answers)


def test_two_who_link_a_ticket_at_once_are_told(own_database):
    outage, cast = _declared()
    with transaction.atomic():
        ticket = raise_ticket(outage.contracts.get().contract, utc("2026-10-14 09:00"), priority="A")
    barrier = threading.Barrier(2)

    def link(_):
        barrier.wait()
        try:
            outages.link(outage, [ticket], by=Actor.of(cast.ana), at=utc("2026-10-14 09:10"))
        except Refused as refused:
            return refused.sentence
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        first, second = sorted(pool.map(link, range(2)))
    assert (first, "linked already" in second.lower()) == ("", True)


def _declared():
    with transaction.atomic():
        cast = Cast.made()
        contract = hit_contract(cast.northwind)
        outage = outages.declare(
            [contract],
            product=None,
            priority="A",
            title="Down",
            began_at=utc("2026-10-14 09:00"),
            by=Actor.of(cast.ana),
            at=utc("2026-10-14 09:00"),
        )
    return outage, cast
