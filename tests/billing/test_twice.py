"""The hour that comes twice as the clocks go back: on 1 November 2026 in New York 01:00 to 02:00 is 05:00 UTC, and 06:00 again."""

from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from billing.forms.time import TimeBookForm
from billing.models import TimeEntry
from tests.billing.billing_cases import at, entry, set_clock, world
from tests.billing.test_time_correct import send
from tests.factories import TESTS
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db
QUESTION = "this time came twice: choose which one it was"


@pytest.fixture
def w(clock, time_machine):
    made = world(work_until=at(0, day=20, month=12))
    set_clock(at(12, day=1, month=11))
    time_machine.move_to(at(12, day=1, month=11), tick=False)
    made.ana.time_zone = "America/New_York"
    made.ana.by(TESTS).save()
    yield made
    set_clock(None)


@pytest.fixture
def ana(client, w):
    client.force_login(w.ana)
    return client


def book(client, w, start, stop, **readings):
    said = {"started_at": f"2026-11-01T{start}", "stopped_at": f"2026-11-01T{stop}", "text": "Night work"}
    return post(client, "billing:time-book", w.engagement.reference, **said, **readings)


def test_it_is_asked_which_was_meant_and_nothing_is_lost(ana, w):
    answer = book(ana, w, "01:10", "02:40")
    assert answer.status_code == 422
    assert QUESTION in answer.text
    assert 'value="2026-11-01T01:10"' in answer.text
    assert "01:10 EDT, before the clocks went back" in answer.text
    assert "01:10 EST, after they went back" in answer.text
    assert "stopped_at_reading" not in answer.text
    assert not TimeEntry.objects.exists()


@pytest.mark.parametrize(("reading", "minutes"), [("first", 150), ("second", 90)])
def test_each_reading_is_what_it_says(ana, w, reading, minutes):
    assert book(ana, w, "01:10", "02:40", started_at_reading=reading).status_code == 302
    [row] = TimeEntry.objects.all()
    assert row.raw_minutes == minutes


def test_from_one_to_the_other_is_an_hour(ana, w):
    readings = {"started_at_reading": "first", "stopped_at_reading": "second"}
    assert book(ana, w, "01:30", "01:30", **readings).status_code == 302
    assert TimeEntry.objects.get().raw_minutes == 60


def test_what_was_worked_in_the_second_stays_there_when_it_is_corrected(ana, w):
    row = entry(w, at(6 + 10 / 60, day=1, month=11), at(7 + 40 / 60, day=1, month=11))
    row.save()
    page = ana.get(reverse("billing:time-correct", args=[w.engagement.reference, row.pk])).text
    assert '<option value="second" selected>' in page
    end = "2026-11-01T02:40"
    said = {"start": "2026-11-01T01:20", "stop": end}
    refused = send(ana, w, row, **said)
    assert (refused.status_code, QUESTION in refused.text) == (422, True)
    assert send(ana, w, row, **said, started_at_reading="second").status_code == 302
    [left] = TimeEntry.objects.live()
    assert (left.started_at, left.raw_minutes) == (at(6 + 20 / 60, day=1, month=11), 80)


def test_a_reading_can_be_corrected_itself(ana, w):
    row = entry(w, at(6.5, day=1, month=11), at(7.5, day=1, month=11))
    row.save()
    said = {"start": "2026-11-01T01:30", "stop": "2026-11-01T02:30", "started_at_reading": "first"}
    assert send(ana, w, row, **said).status_code == 302
    assert [each.raw_minutes for each in TimeEntry.objects.live()] == [120]


@pytest.mark.parametrize("reading", ["", "first", "second", "third"])
def test_any_other_time_needs_none_and_takes_none(reading):
    said = {"started_at": "2026-11-01T03:00", "stopped_at": "2026-11-01T03:30", "text": "x"}
    with timezone.override(ZoneInfo("America/New_York")):
        form = TimeBookForm(said | {"started_at_reading": reading})
        assert form.is_valid(), form.errors
        assert form.cleaned_data["started_at"] == at(8, day=1, month=11)
        assert "Which of the two" not in str(form)


def test_a_time_that_never_was_is_refused():
    said = {"started_at": "2026-03-08T02:30", "stopped_at": "2026-03-08T03:30", "text": "x"}
    with timezone.override(ZoneInfo("America/New_York")):
        form = TimeBookForm(said)
        assert "it was never there" in str(form.errors)
        assert "Which of the two" not in str(form)
