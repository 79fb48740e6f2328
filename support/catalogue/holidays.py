"""Public holidays of a region as rows to be copied into a calendar, so that a past verdict never changes with a package."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from holidays import country_holidays, list_supported_countries
from holidays.registry import COUNTRIES

WEEKEND = {5, 6}
NEAR = timedelta(days=10)

Row = tuple[date, str]


def is_known(country: str, part: str = "") -> bool:
    parts = list_supported_countries().get(country)
    return parts is not None and (not part or part in parts)


def countries() -> list[tuple[str, str]]:
    """(code, name) of every country whose public holidays are known, in the order of their names."""
    known = ((code, _apart(name)) for name, code, *_others in COUNTRIES.values())
    return sorted(known, key=lambda row: row[1])


def parts(country: str) -> list[tuple[str, str]]:
    """(code, name) of the parts of a country whose holidays differ; the code stands for a name that is not known."""
    if not is_known(country):
        return []
    known = type(country_holidays(country))
    names = {code: name for name, code in getattr(known, "subdivisions_aliases", {}).items()}
    return sorted(((code, names.get(code, code)) for code in known.subdivisions), key=lambda row: row[1])


def between(country: str, part: str = "", *, first_year: int, last_year: int) -> tuple[Row, ...]:
    """Holidays of these years, both included, one row a date; ValueError for an unknown region or years reversed.

    A Saturday or Sunday whose holiday is given back on a working day is left out: that working day stands for it.
    """
    if not is_known(country, part):
        raise ValueError(f'No public holidays are known for "{"/".join(filter(None, (country, part)))}".')
    if last_year < first_year:
        raise ValueError(f"{last_year} is before {first_year}.")
    # A year more on each side, since 1 January on a Saturday can be given back on 31 December.
    found: Mapping[date, str] = country_holidays(
        country, subdiv=part or None, years=range(first_year - 1, last_year + 2)
    )
    rows = sorted((on, name) for on, names in found.items() for name in names.split("; "))
    kept: dict[date, list[str]] = {}
    for on, name in rows:
        if first_year <= on.year <= last_year and not _given_back(on, name, rows):
            kept.setdefault(on, []).append(name)
    return tuple((on, "; ".join(names)) for on, names in kept.items())


def _apart(name: str) -> str:
    """ "United Kingdom" for UnitedKingdom."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


def _given_back(on: date, name: str, rows: list[Row]) -> bool:
    """Whether this is a day of a weekend, and a row such as "Boxing Day (observed)" near it stands for it."""
    return on.weekday() in WEEKEND and any(
        other.startswith(f"{name} (") and day.weekday() not in WEEKEND and abs(day - on) <= NEAR
        for day, other in rows
    )
