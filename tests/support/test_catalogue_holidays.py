from datetime import date

import pytest

from support.catalogue import holidays


def test_the_bank_holidays_of_england_in_2026():
    assert holidays.between("GB", "ENG", first_year=2026, last_year=2026) == (
        (date(2026, 1, 1), "New Year's Day"),
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2026, 5, 4), "May Day"),
        (date(2026, 5, 25), "Spring Bank Holiday"),
        (date(2026, 8, 31), "Late Summer Bank Holiday"),
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 28), "Boxing Day (observed)"),
    )


def test_a_weekend_whose_holiday_is_given_back_is_left_out():
    rows = holidays.between("GB", "ENG", first_year=2016, last_year=2036)
    assert [on for on, _ in rows if on.weekday() >= 5] == []


def test_a_weekend_whose_holiday_is_not_given_back_stays():
    rows = dict(holidays.between("DE", first_year=2026, last_year=2026))
    assert date(2026, 10, 3) in rows
    assert date(2026, 10, 3).weekday() == 5


def test_a_holiday_given_back_in_the_year_before_is_found_there():
    rows = dict(holidays.between("US", first_year=2027, last_year=2028))
    assert rows[date(2027, 12, 31)] == "New Year's Day (observed)"
    assert date(2028, 1, 1) not in rows


def test_the_year_after_alone_does_not_bring_the_weekend_back():
    assert date(2028, 1, 1) not in dict(holidays.between("US", first_year=2028, last_year=2028))


def test_dates_are_in_order_and_each_is_there_once():
    dates = [on for on, _ in holidays.between("GB", "SCT", first_year=2016, last_year=2036)]
    assert dates == sorted(set(dates))


@pytest.mark.parametrize(("country", "part"), [("XX", ""), ("GB", "XX"), ("", "")])
def test_an_unknown_region_is_refused(country, part):
    with pytest.raises(ValueError, match="No public holidays are known"):
        holidays.between(country, part, first_year=2026, last_year=2026)


def test_years_reversed_are_refused():
    with pytest.raises(ValueError, match="2025 is before 2026"):
        holidays.between("GB", first_year=2026, last_year=2025)
