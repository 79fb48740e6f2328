"""A definition stored as JSON reads back as itself, and as what its file says."""

import json
import tomllib

import pytest

from support.catalogue.folder import SHIPPED
from support.catalogue.plain import as_data
from support.catalogue.problems import DefinitionRefused
from support.catalogue.reading import calendar_from_data, definition_from_data
from tests.support.catalogue_cases import SMALL, calendar, calendars, definition, shipped

WRONG = (7, 1.5, True, None, "x", [], ["x"], {}, {"x": 1}, [{}])


def stored(value):
    """As jsonb keeps it: shorter keys first, whatever the order was."""
    data = json.loads(json.dumps(as_data(value)))
    return shuffled(data)


def shuffled(data):
    if isinstance(data, dict):
        return {name: shuffled(data[name]) for name in sorted(data, key=lambda name: (len(name), name))}
    return [shuffled(entry) for entry in data] if isinstance(data, list) else data


@pytest.mark.parametrize("code", sorted(shipped().definitions))
def test_a_definition_reads_back_from_json(code):
    again = definition_from_data(stored(definition(code)), calendars=calendars())
    assert again == definition(code)
    assert repr(again) == repr(definition(code))
    assert again.terms(2) == definition(code).terms(2)


@pytest.mark.parametrize("code", sorted(calendars()))
def test_a_calendar_reads_back_from_json(code):
    again = calendar_from_data(stored(calendars()[code]))
    assert repr(again) == repr(calendars()[code])


@pytest.mark.parametrize("code", sorted(shipped().definitions))
def test_the_plain_form_says_what_the_file_says(code):
    file = SHIPPED / shipped().definitions[code].file
    assert as_data(definition(code)) == tomllib.loads(file.read_text(encoding="utf-8"))


def test_stored_data_is_checked_like_a_file():
    data = as_data(definition("exponential-e-ucc")) | {"colour": "red"}
    with pytest.raises(DefinitionRefused, match="stored definition: colour: unknown key"):
        definition_from_data(data, calendars=calendars())


def spoilings(data):
    """The data with one value, at any depth, put in the place of another."""
    steps = (
        list(data.items())
        if isinstance(data, dict)
        else list(enumerate(data))
        if isinstance(data, list)
        else []
    )
    for step, value in steps:
        for entry in (*WRONG, *spoilings(value)):
            copy = dict(data) if isinstance(data, dict) else list(data)
            copy[step] = entry
            yield copy


def problems_with(data):
    try:
        definition_from_data(data, calendars={"office": calendar()})
    except DefinitionRefused as refused:
        return refused.problems
    return ()


def test_whatever_stands_in_the_place_of_a_value_is_taken_or_refused_and_never_breaks():
    refusals = [found for data in spoilings(tomllib.loads(SMALL)) if (found := problems_with(data))]
    assert len(refusals) > 500
    assert all(problem.reason.endswith(".") for problems in refusals for problem in problems)
