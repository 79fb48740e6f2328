"""The deadline calculator: the same clocks as a ticket's, for a ticket that never was."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from support.models import Clock, Event, Ticket

pytestmark = pytest.mark.django_db


def run(capsys, *words, **options):
    said = io.StringIO()
    call_command("deadlines", *words, json=True, stdout=said, **options)
    assert capsys.readouterr().out == "", "what calls the command chooses where it prints"
    return {one["kind"]: one for one in json.loads(said.getvalue())["clocks"]}


@pytest.mark.parametrize(
    ("service", "priority", "at", "expected"),
    [
        # Plan's hours around the clock: 30 min, 2 h, 4 h.
        (
            "enghouse-premium",
            "P1",
            "2026-10-12T10:00Z",
            {
                "response": "2026-10-12T10:30:00Z",
                "update": "2026-10-12T12:00:00Z",
                "fix": "2026-10-12T14:00:00Z",
            },
        ),
        # Monday 16:00 London: response an hour later, troubleshooting an hour after that; 48 h of 8.5 a day is the
        # next Tuesday at 13:00 London, which is 12:00Z.
        (
            "exponential-e-ucc",
            "Normal",
            "2026-10-12T16:00+01:00",
            {
                "response": "2026-10-12T16:00:00Z",
                "troubleshoot": "2026-10-12T17:00:00Z",
                "fix": "2026-10-20T12:00:00Z",
            },
        ),
        # Tuesday 03:00 Denver counts from 06:00; a business day later.
        ("calltower-ese", "P3", "2026-10-13T03:00-06:00", {"update": "2026-10-14T12:00:00Z"}),
        (
            "microsoft-csp",
            "A",
            "2026-10-12T10:00Z",
            {"vendor_response": "2026-10-12T11:00:00Z", "dispatch": "2026-10-12T14:00:00Z"},
        ),
        # Monday 06:00 in New York: four business hours from 09:00; the question counts as asked at once.
        (
            "microsoft-csp",
            "C",
            "2026-10-12T10:00Z",
            {"vendor_response": "2026-10-12T17:00:00Z", "customer_answer": "2026-10-13T10:00:00Z"},
        ),
        (
            "microsoft-o365-dedicated",
            "A",
            "2026-10-12T10:00Z",
            {
                "response": "2026-10-12T11:00:00Z",
                "update": "2026-10-12T12:00:00Z",
                "customer_update": "2026-10-12T12:00:00Z",
            },
        ),
        ("microsoft-o365-dedicated", "D", "2026-10-12T10:00Z", {}),
    ],
)
def test_every_clock_of_a_priority(capsys, service, priority, at, expected):
    found = run(capsys, service, priority=priority, at=at)
    assert {kind: one["due"] for kind, one in found.items()} == expected
    assert all(one["why"] and one["owed_by"] for one in found.values())


def test_waits_move_on_what_the_service_says(capsys):
    waits = ["2026-10-13T09:00Z..2026-10-13T12:00Z:customer", "2026-10-13T13:00Z..2026-10-13T14:00Z:vendor"]
    found = run(capsys, "exponential-e-ucc", priority="Normal", at="2026-10-12T16:00+01:00", waits=waits)
    assert found["fix"]["due"] == "2026-10-20T15:00:00Z"
    assert "It stood still for 3 h of business time, waiting for the customer." in found["fix"]["why"]


def test_on_premises_nothing_is_promised_for_the_cloud(capsys):
    found = run(capsys, "enghouse-premium", priority="P1", at="2026-10-12T10:00Z", deployment="on_premises")
    assert "fix" not in found


def test_nothing_is_written(capsys):
    run(capsys, "enghouse-premium", priority="P1", at="2026-10-12T10:00Z")
    assert not Ticket.objects.exists()
    assert not Event.objects.exists()
    assert not Clock.objects.exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"priority": "P9"}, "has no priority P9. There are: P1, P2, P3, P4."),
        ({"at": "2026-10-12T10:00"}, "is not an instant"),
        ({"at": "9999-12-31T23:59Z"}, "lies too far away"),
        ({"at": "yesterday"}, "is not an instant"),
        ({"waits": ["x"]}, "is not a wait"),
        ({"waits": ["2026-10-12T12:00Z..2026-10-12T11:00Z:customer"]}, "ends after it has begun"),
        ({"waits": ["2026-10-12T09:00Z..2026-10-12T11:00Z:customer"]}, "begins at the opening or later"),
        ({"waits": ["2026-10-12T11:00Z..2026-10-12T12:00Z:holiday"]}, "is not a wait"),
        ({"timezone": "Mars/One"}, "is not a time zone"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(options, sentence):
    said = {"priority": "P1", "at": "2026-10-12T10:00Z", **options}
    with pytest.raises(CommandError, match=sentence):
        call_command("deadlines", "enghouse-premium", stdout=io.StringIO(), **said)


@pytest.mark.parametrize("service", ["nope", "enghouse-premium@9", "enghouse-premium@x"])
def test_an_unknown_service_is_named_with_those_that_there_are(service):
    with pytest.raises(CommandError, match="There are: calltower-ese"):
        call_command("deadlines", service, priority="P1", at="2026-10-12T10:00Z")


def test_beyond_the_known_holidays_nothing_is_promised():
    with pytest.raises(CommandError, match="the last date with known holidays"):
        call_command("deadlines", "exponential-e-ucc", priority="Normal", at="2090-10-12T10:00Z")


def test_the_page_tells_the_same_in_the_readers_zone(client, cast):
    cast.ana.time_zone = "Europe/London"
    cast.ana.save()
    client.force_login(cast.ana)
    address = reverse("support:deadline-list")
    assert "Troubleshooting is counted as if" in client.get(address).text
    asked = {"level": "exponential-e-ucc:Normal", "at": "2026-10-12T16:00", "deployment": "cloud"}
    page = client.get(address, asked).text
    assert "Tue 20 Oct, 13:00" in page
    assert "Fix within 48 business hours" in page
    waiting = {"wait_from": "2026-10-13T10:00", "wait_to": "2026-10-13T13:00", "wait_for": "customer"}
    assert "Tue 20 Oct, 16:00" in client.get(address, asked | waiting).text
    half = client.get(address, asked | {"wait_for": "customer"})
    assert (half.status_code, "A wait has a beginning, an end and a reason." in half.text) == (422, True)
    wrong = client.get(address, asked | waiting | {"wait_to": "2026-10-13T09:00"})
    assert (wrong.status_code, "ends after it has begun" in wrong.text) == (422, True)
    assert client.get(address, asked | {"level": "nope:P1"}).status_code == 422
    assert client.post(address).status_code == 405
    client.force_login(cast.kim)
    assert client.get(address).status_code == 404
