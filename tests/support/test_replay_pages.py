"""A replay asked for on the page: followed, read, cancelled without a trace, and never by anybody but managers."""

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from support import versions
from support.desk import replay_runs, replaying
from support.models import Clock, Event, ReplayRun, Ticket
from tests.support.desk_cases import contract_under, raise_ticket, utc
from tests.support.page_cases import post
from tests.support.test_replay import connected

pytestmark = pytest.mark.django_db


@pytest.fixture
def max_(client, cast, time_machine):
    time_machine.move_to(utc("2026-11-10 12:00"), tick=False)
    client.force_login(cast.max)
    return client


@pytest.fixture
def ticket(cast):
    """Opened on a Friday evening, connected on Saturday: a miss under Premium, kept under Standard's hours."""
    contract = contract_under("enghouse-premium", holder=cast.northwind)
    made = raise_ticket(contract, utc("2026-10-16 18:30"), priority="P2")
    connected(made, "2026-10-17 08:00")
    return made


def asked(client, **fields):
    said = {
        "service": versions.latest("enghouse-standard").pk,
        "first": "2026-10",
        "last": "2026-10",
        **fields,
    }
    return post(client, "support:replay-ask", **said)


def page(client, run, **more):
    return client.get(reverse("support:replay-page", args=[run.pk]), **more)


def test_it_is_asked_for_followed_and_read(max_, ticket):
    before = Event.objects.count(), Clock.objects.count()
    answer = asked(max_)
    run = ReplayRun.objects.get()
    assert answer.url == reverse("support:replay-page", args=[run.pk])
    assert (ProcrastinateJob.objects.filter(task_name="support.replay").count(), run.ended_at) == (1, None)
    assert "Waiting for a worker" in page(max_, run).text
    replay_runs.perform(run.pk)
    told = page(max_, run).text
    assert ticket.number in told
    assert "First response" in told
    assert "95 %" in told
    assert "was missed" in told
    assert (Event.objects.count(), Clock.objects.count()) == before


def test_while_it_counts_the_part_that_follows_says_how_far(max_, ticket):
    asked(max_)
    run = ReplayRun.objects.get()
    ReplayRun.objects.update(total=400, done=100)
    part = page(max_, run, headers={"HX-Request": "true"}).text
    assert "100 of 400 tickets are judged" in part
    assert 'value="25"' in part
    assert "<form" not in part


def test_cancelled_while_it_counts_nothing_is_left(max_, ticket, monkeypatch):
    """Negative control: a run that is not removed ends with its result."""
    asked(max_)
    run = ReplayRun.objects.get()
    real = replaying.run

    def cancelled_half_way(tickets, service, on_progress, **more):
        assert post(max_, "support:replay-remove", run.pk).status_code == 302
        return real(tickets, service, on_progress, **more)

    monkeypatch.setattr(replaying, "run", cancelled_half_way)
    replay_runs.perform(run.pk)
    assert not ReplayRun.objects.exists()
    monkeypatch.undo()
    asked(max_)
    replay_runs.perform(ReplayRun.objects.get().pk)
    assert ReplayRun.objects.get().result["tickets"] == 1


def test_a_job_for_what_was_removed_does_nothing(db):
    replay_runs.perform(4711)


def test_one_that_fails_says_so_and_is_seen_among_the_jobs(max_, ticket, monkeypatch):
    asked(max_)
    run = ReplayRun.objects.get()
    monkeypatch.setattr(replaying, "run", lambda *_args, **_more: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        replay_runs.perform(run.pk)
    told = page(max_, run).text
    assert "It failed, and nothing was changed." in told
    assert "division by zero" in told


def test_run_again_after_a_kill_it_counts_from_the_beginning(max_, ticket):
    asked(max_)
    ReplayRun.objects.update(total=9, done=5)
    replay_runs.perform(ReplayRun.objects.get().pk)
    run = ReplayRun.objects.get()
    assert (run.total, run.done, run.result["flips"]) == (1, 1, len(run.result["flipped"]))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"first": "2026-11"}, "lies before the first"),
        ({"first": "soon"}, "Write a month such as 2026-10"),
        ({"first": "2020-01"}, "Three years at the most"),
        ({"service": "0"}, "not one of the available choices"),
        ({"customer": "nobody"}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_asked_comes_back(max_, fields, sentence):
    answer = asked(max_, **fields)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert not ReplayRun.objects.exists()


def test_five_at_once_are_enough(max_):
    for _ in range(replay_runs.MOST):
        asked(max_)
    assert "are at work" in asked(max_).text


def test_one_customer_alone(max_, ticket, cast):
    raise_ticket(
        contract_under("enghouse-premium", holder=cast.tailspin), utc("2026-10-16 18:30"), priority="P2"
    )
    asked(max_, customer=cast.tailspin.code)
    replay_runs.perform(ReplayRun.objects.get().pk)
    assert ReplayRun.objects.get().result["tickets"] == 1
    assert Ticket.objects.count() == 2


def test_only_managers(client, cast):
    client.force_login(cast.ana)
    assert client.get(reverse("support:replay-list")).status_code == 403
    assert asked(client).status_code == 403
    client.force_login(cast.robin)
    assert client.get(reverse("support:replay-list")).status_code == 404


def test_reading_asks_for_nothing(max_):
    assert max_.get(reverse("support:replay-ask")).status_code == 405
    assert max_.get(reverse("support:replay-remove", args=[1])).status_code == 405
    assert post(max_, "support:replay-remove", 4711).status_code == 404


def test_the_list_costs_the_same_however_long(max_, django_assert_max_num_queries):
    for _ in range(4):
        asked(max_)
    with django_assert_max_num_queries(8):
        max_.get(reverse("support:replay-list"))
