"""The page of a calendar's open tickets: who moves them, with which reason, once, and by a job where they are many."""

import pytest
from django.urls import reverse

from support import jobs
from support.calendars import moving
from support.models import CalendarMove, CalendarVersion
from tests.factories import ANA, TESTS
from tests.support.calendar_moves import CODE, OPENED, another_version, stories, told
from tests.support.desk_cases import contract_under, raise_ticket
from tests.support.page_cases import post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars_anew")]


def test_saving_moves_nothing_and_a_move_needs_a_manager_and_a_reason(max_, client, cast):
    [ticket, *_rest] = stories()
    version, before = another_version(), told(ticket)
    assert told(ticket) == before
    assert post(max_, "support:calendar-move", CODE, version=2, reason=" ").status_code == 422
    assert not CalendarMove.objects.exists()
    assert post(max_, "support:calendar-move", CODE, version=2, reason="New hours").status_code == 302
    row = CalendarMove.objects.get()
    assert (row.calendar, row.older, row.reason) == (version, [f"{CODE}@1"], "New hours")
    assert (row.actor_name, row.tickets, row.contracts) == (cast.max.name, 7, 0)
    page = max_.get(reverse("support:calendar-tickets", args=[CODE])).content.decode()
    assert "7 of 7" in page
    assert "New hours" in page


def test_a_move_to_a_version_that_is_not_the_newest_or_of_nothing_is_refused(max_):
    assert post(max_, "support:calendar-move", CODE, version=1, reason="x").status_code == 409
    stories()
    another_version()
    another_version("11:00", "16:00")
    assert post(max_, "support:calendar-move", CODE, version=2, reason="x").status_code == 409
    assert post(max_, "support:calendar-move", CODE, version=9, reason="x").status_code == 404
    assert not CalendarMove.objects.exists()


def test_again_it_moves_no_ticket_twice(max_):
    stories()
    another_version()
    key = "3f6f8f2e-6d6e-4a55-9d8a-000000000088"
    for _ in range(2):
        assert post(max_, "support:calendar-move", CODE, key=key, version=2, reason="x").status_code == 302
    assert post(max_, "support:calendar-move", CODE, version=2, reason="x").status_code == 409
    [row] = CalendarMove.objects.all()
    assert moving.run(row) == 0
    assert moving.moved(row) == 7


def test_contracts_move_only_when_ticked(max_):
    contract = contract_under("exponential-e-ucc")
    old = CalendarVersion.objects.get(name=CODE, version=1)
    contract.calendars.model(contract=contract, name=CODE, calendar=old).by(TESTS).save()
    version = another_version()
    raise_ticket(contract, OPENED, priority="Critical", by=ANA)
    post(max_, "support:calendar-move", CODE, version=2, reason="Tickets alone")
    assert contract.calendars.get().calendar == old
    post(max_, "support:calendar-move", CODE, version=2, reason="Contracts too", contracts="on")
    assert contract.calendars.get().calendar == version
    assert CalendarMove.objects.first().contracts == 1
    assert contract.calendars.get().history.first().actor_name == "Max"


def test_many_are_moved_by_a_job_that_can_be_repeated(max_, monkeypatch):
    stories()
    another_version()
    monkeypatch.setattr(moving, "BATCH", 2)
    queued = []
    monkeypatch.setattr(jobs, "defer", lambda name, **arguments: queued.append((name, arguments)))
    assert post(max_, "support:calendar-move", CODE, version=2, reason="x").status_code == 302
    [row] = CalendarMove.objects.all()
    assert queued == [(moving.TASK, {"move": row.pk})]
    assert (
        "<strong>0 of 7</strong>"
        in max_.get(reverse("support:calendar-tickets", args=[CODE])).content.decode()
    )

    batch, done = moving._move_batch, []

    def dying(row, tickets):
        if done:
            raise KeyboardInterrupt
        done.append(batch(row, tickets))
        return done[-1]

    with monkeypatch.context() as patched:
        patched.setattr(moving, "_move_batch", dying)
        with pytest.raises(KeyboardInterrupt):
            moving.run(row)
    page = max_.get(reverse("support:calendar-tickets", args=[CODE])).content.decode()
    assert "<strong>2 of 7</strong>" in page
    assert "Move the rest" in page
    assert post(max_, "support:calendar-resume", CODE, row.pk).status_code == 302
    assert len(queued) == 2
    assert moving.run(row) == 5
    assert post(max_, "support:calendar-resume", CODE, row.pk).status_code == 409
    assert max_.get(reverse("support:calendar-resume", args=[CODE, row.pk])).status_code == 405


def test_only_managers_resume(client, cast):
    for person, status in [(cast.ana, 403), (cast.fin, 403), (cast.robin, 404)]:
        client.force_login(person)
        assert post(client, "support:calendar-resume", CODE, 1).status_code == status
