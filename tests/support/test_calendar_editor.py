"""The pages of calendars: reading them, changing one, looking first, and what is refused."""

import pytest
from django.urls import reverse

from support import versions
from support.calendars import editing, plan
from support.models import CalendarVersion
from support.refusal import Refused
from tests.factories import TESTS
from tests.support.desk_cases import contract_under, utc
from tests.support.page_cases import post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars_anew")]
CODE = "uk-business"
SHUT = {"first": "2026-10-26", "last": "2026-10-26", "name": "x", "windows": []}
HOURS = {"on": "2026-10-26", "name": "x", "windows": ["09:00-10:00"]}


def rows(prefix, *filled):
    said = {f"{prefix}-TOTAL_FORMS": len(filled), f"{prefix}-INITIAL_FORMS": 0}
    for number, row in enumerate(filled):
        said |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return said


def typed(*, closed=(), extra=(), **changes):
    """What the form of uk-business sends, with these changes."""
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:30")
    said = {"after": 1, "name": "UK business hours", "zone": "Europe/London", "country": "GB", "part": "ENG"}
    return said | week | rows("closed", *closed) | rows("extra", *extra) | changes


def newest(code=CODE):
    return CalendarVersion.objects.filter(name=code).order_by("-version").first()


def business(row):
    return versions.book([], [f"{row.name}@{row.version}"]).calendar(f"{row.name}@{row.version}")


def test_the_desk_reads_every_calendar_and_a_customer_none(client, cast):
    for person, status in [(cast.ana, 200), (cast.fin, 200), (cast.max, 200), (cast.robin, 404)]:
        client.force_login(person)
        for page in (reverse("support:calendar-list"), reverse("support:calendar-page", args=[CODE])):
            assert client.get(page).status_code == status
        assert client.get(reverse("support:calendar-tickets", args=[CODE])).status_code == status


@pytest.mark.parametrize("page", ["calendar-edit", "calendar-new"])
def test_only_managers_open_the_forms(client, cast, page):
    url = reverse(f"support:{page}", args=[CODE] if page == "calendar-edit" else [])
    for person, status in [(cast.ana, 403), (cast.fin, 403), (cast.robin, 404), (cast.max, 200)]:
        client.force_login(person)
        assert client.get(url).status_code == status


@pytest.mark.parametrize("verb", ["preview", "save", "move"])
def test_only_managers_send_them(client, cast, verb):
    for person, status in [(cast.ana, 403), (cast.fin, 403), (cast.robin, 404)]:
        client.force_login(person)
        assert post(client, f"support:calendar-{verb}", CODE, **typed()).status_code == status
    client.force_login(cast.max)
    assert client.get(reverse(f"support:calendar-{verb}", args=[CODE])).status_code == 405
    assert newest().version == 1


def test_the_list_counts_pins_in_as_many_queries_however_many(max_, django_assert_max_num_queries):
    for _ in range(3):
        contract = contract_under("exponential-e-ucc")
        pin = contract.calendars.model(contract=contract, name=CODE, calendar=newest())
        pin.by(TESTS).save()
    with django_assert_max_num_queries(6):
        page = max_.get(reverse("support:calendar-list")).content.decode()
    assert "3 pin version 1" in page


def test_a_calendar_that_is_not_there_is_not_found(max_):
    assert max_.get(reverse("support:calendar-page", args=["nowhere"])).status_code == 404
    assert post(max_, "support:calendar-save", "nowhere", **typed()).status_code == 404


def test_saving_makes_a_new_version_and_keeps_the_old(max_, cast):
    old = newest().data
    answer = post(max_, "support:calendar-save", CODE, **typed(fri="09:00-12:00, 13:00 – 16:00"))
    assert answer.url == reverse("support:calendar-tickets", args=[CODE])
    assert (newest().version, newest().actor_name) == (2, cast.max.name)
    assert CalendarVersion.objects.get(name=CODE, version=1).data == old
    assert business(newest()).elapsed(utc("2026-10-16 00:00"), utc("2026-10-17 00:00")) == 6 * 60


def test_holidays_closures_and_extra_days_decide_what_is_open(max_):
    closed = [
        {"first": "2026-10-26", "last": "2026-10-28", "title": "Moving house"},
        {"first": "2026-10-29", "windows": "12:00-14:00", "title": "Town hall"},
    ]
    extra = [{"on": "2026-12-25", "windows": "10:00-12:00", "title": "Night shift"}]
    said = typed(closed=closed, extra=extra, left_out=["2026-12-28"])
    assert post(max_, "support:calendar-save", CODE, **said).status_code == 302
    calendar = business(newest())
    open_minutes = {
        day: calendar.elapsed(utc(f"{day} 00:00"), utc(f"{day} 23:59"))
        for day in ("2026-10-26", "2026-10-28", "2026-10-29", "2026-12-25", "2026-12-28", "2027-01-01")
    }
    assert list(open_minutes.values()) == [0, 0, 6.5 * 60, 2 * 60, 8.5 * 60, 0]
    page = max_.get(reverse("support:calendar-edit", args=[CODE])).content.decode()
    for text in ("Moving house", "12:00-14:00", "Night shift", 'value="2026-12-28" checked'):
        assert text in page or text.replace(" checked", "") in page


def test_holidays_of_another_region_are_copied_ten_years_ahead(max_):
    assert post(max_, "support:calendar-save", CODE, **typed(part="SCT")).status_code == 302
    data = newest().data
    assert ["2026-11-30", "Saint Andrew's Day"] in data["holidays"]
    assert data["known_until"] == "2036-12-31"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"mon": "09:00-17:00, 16:00-18:00"}, "16:00-18:00 begins before 09:00-17:00 has ended"),
        ({"mon": "17:00-09:00"}, "ends before it begins"),
        ({"mon": "09:00-09:00"}, "ends before it begins"),
        ({"mon": "nine to five"}, "is no hours"),
        ({"mon": "09:00-24:30"}, "There is no 24:30 on a clock"),
        ({"zone": "Mars/Base"}, "not one of the available choices"),
        ({"part": "TX"}, "Choose a region of this country"),
        ({"after": 7}, "in the meantime"),
        ({"closed": [{"first": "2026-10-26"}]}, "This field is required"),
        ({"closed": [{"first": "2026-10-26", "last": "2026-10-25", "title": "x"}]}, "ends before it begins"),
        ({"closed": [{"first": "2020-10-26", "last": "2026-10-25", "title": "x"}]}, "a year at most"),
        ({"closed": [{"first": "2050-10-26", "title": "x"}]}, "between 2016 and 2036"),
        ({"extra": [{"on": "2050-10-26", "windows": "09:00-10:00"}]}, "between 2016 and 2036"),
        ({"extra": [{"on": "2026-10-26", "windows": ""}]}, "This field is required"),
        ({"extra": [{"on": "2026-10-26", "windows": "09:00-10:00"}] * 2}, "in another row"),
        (
            {
                "closed": [{"first": "2026-10-26", "title": "x"}],
                "extra": [{"on": "2026-10-26", "windows": "09:00-10:00"}],
            },
            "open or closed, not both",
        ),
    ],
)
def test_what_cannot_be_comes_back_with_a_sentence_and_all_that_was_typed(max_, wrong, sentence):
    answer = post(max_, "support:calendar-save", CODE, **typed(sat="10:00-11:11", **wrong))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="10:00-11:11"' in page
    assert newest().version == 1


@pytest.mark.parametrize("verb", ["save", "preview"])
def test_a_calendar_that_is_never_open_is_refused(max_, verb):
    shut = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "")
    answer = post(max_, f"support:calendar-{verb}", CODE, **typed(**shut))
    assert answer.status_code == 422
    assert "never open in the year to come" in answer.content.decode()


def test_a_save_that_says_nothing_new_is_refused(max_):
    row = newest()
    assert post(max_, "support:calendar-save", CODE, **typed(fri="09:00-12:00")).status_code == 302
    again = post(max_, "support:calendar-save", CODE, **typed(fri="09:00-12:00", after=2))
    assert again.status_code == 422
    assert "says the same" in again.content.decode()
    assert post(max_, "support:calendar-save", CODE, **typed(after=2)).status_code == 302
    assert newest().version == 3  # what an older one said may be said again
    assert newest().sha256 != row.sha256


def test_a_form_sent_twice_saves_once(max_):
    key = "3f6f8f2e-6d6e-4a55-9d8a-000000000077"
    for _ in range(2):
        assert post(max_, "support:calendar-save", CODE, key=key, **typed(fri="")).status_code == 302
    assert newest().version == 2


def test_a_preview_stores_nothing_and_says_what_differs_in_words(max_):
    closed = [{"first": "2026-10-20", "title": "Stocktaking"}]
    answer = post(max_, "support:calendar-preview", CODE, **typed(fri="", closed=closed))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert newest().version == 1
    assert "9 days change" in page  # eight Fridays and a Tuesday
    assert "was 09:00–17:30" in page
    assert "Stocktaking" in page
    assert "42 h 30" in page
    assert 'name="closed-3-first"' in page  # three empty rows again


def test_a_preview_of_another_country_shows_its_regions(max_):
    page = post(max_, "support:calendar-preview", CODE, **typed(country="DE", part="ENG")).content.decode()
    assert "Bayern" in page or "Bavaria" in page
    assert "Tag der Arbeit" in page or "Labor Day" in page


def test_another_zone_is_said_before_it_is_saved(max_):
    page = post(max_, "support:calendar-preview", CODE, **typed(zone="Europe/Berlin")).content.decode()
    assert "The hours were of Europe/London" in page


def test_a_copy_begins_a_calendar_of_its_own(max_):
    said = {"source": CODE, "name": "Northwind", "code": "northwind-uk"}
    answer = post(max_, "support:calendar-add", **said)
    assert answer.url == reverse("support:calendar-edit", args=["northwind-uk"])
    copy = newest("northwind-uk")
    assert (copy.version, copy.data["calendar"]["name"]) == (1, "Northwind")
    assert copy.data["holidays"] == newest().data["holidays"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"code": CODE}, "with this code already"),
        ({"code": "new"}, "taken by a page"),
        ({"code": "two words"}, "Enter a valid"),
        ({"source": "nowhere"}, "not one of the available"),
    ],
)
def test_a_copy_that_cannot_be_says_why(max_, wrong, sentence):
    answer = post(max_, "support:calendar-add", **{"source": CODE, "name": "N", "code": "n", **wrong})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"closures": [SHUT], "extra_days": [HOURS]}, "2026-10-26 is open or closed, not both"),
        ({"extra_days": [HOURS, HOURS]}, "has its hours twice"),
    ],
)
def test_no_path_saves_a_day_that_is_open_and_closed(said, sentence):
    data = plan.data_of(plan.plan_of(newest().data), 2026) | said
    with pytest.raises(Refused, match=sentence):
        editing.save(CODE, data, after=1, by=TESTS, at=utc("2026-10-14 12:00"))
    assert newest().version == 1
