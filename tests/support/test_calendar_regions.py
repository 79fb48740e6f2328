"""A calendar whose region the package of holidays knows no more: it is read as it was stored, and nothing of it is dropped unsaid."""

import copy

import pytest
from django.urls import reverse

from support.models import CalendarVersion
from tests.factories import TESTS
from tests.support.page_cases import post
from tests.support.test_calendar_editor import CODE, newest, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars_anew")]


@pytest.fixture
def unknown():
    """A version whose region the package of holidays knows no more: it works by what was copied then."""
    row = newest()
    data = copy.deepcopy(row.data)
    data["calendar"]["holidays"] = {"country": "Atlantis"}
    data["holidays"] = [["2026-12-25", "Christmas Day"]]
    anew = CalendarVersion(
        name=CODE, version=row.version + 1, data=data, sha256="a" * 64, added_at=row.added_at
    )
    anew.actor = TESTS
    anew.save(force_insert=True)
    return anew


def test_a_region_that_is_known_no_more_is_not_dropped_unsaid(max_, unknown):
    page = max_.get(reverse("support:calendar-edit", args=[CODE])).text
    assert '<option value="Atlantis" selected>' in page
    for verb in ("preview", "save"):
        answer = post(max_, f"support:calendar-{verb}", CODE, **typed(after="2", country="Atlantis"))
        said = "Its public holidays are not offered any more: choose a country of the list, or none."
        assert (answer.status_code, said in answer.text) == (422, True)
        assert '<option value="Atlantis" selected>' in answer.text
    assert newest() == unknown
    assert post(max_, "support:calendar-save", CODE, **typed(after="2", country="GB")).status_code == 302


def test_a_part_of_a_country_that_is_known_no_more_is_not_either(max_, unknown):
    data = copy.deepcopy(unknown.data)
    data["calendar"]["holidays"] = {"country": "GB", "part": "XYZ"}
    anew = CalendarVersion(name=CODE, version=3, data=data, sha256="b" * 64, added_at=unknown.added_at)
    anew.actor = TESTS
    anew.save(force_insert=True)
    for verb in ("preview", "save"):
        answer = post(max_, f"support:calendar-{verb}", CODE, **typed(after="3", part="XYZ"))
        assert (answer.status_code, "Choose a region of this country" in answer.text) == (422, True)
        assert '<option value="XYZ" selected>' in answer.text
    other = post(max_, "support:calendar-preview", CODE, **typed(after="3", country="DE", part="XYZ"))
    assert other.status_code == 200


def test_a_calendar_of_such_a_region_is_not_copied_without_its_holidays(max_, unknown):
    said = {"source": CODE, "code": "mine", "name": "Mine"}
    answer = post(max_, "support:calendar-add", **said)
    assert (answer.status_code, "change its region first" in answer.text) == (422, True)
    assert not CalendarVersion.objects.filter(name="mine").exists()
