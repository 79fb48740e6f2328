"""What the catalogue's tests share: the shipped definitions, and a small one to be spoilt in one place."""

from functools import cache

import pytest

from support.catalogue.calendars import Calendar, Weekday, Window
from support.catalogue.definition import Definition
from support.catalogue.folder import Catalogue, read_folder
from support.catalogue.problems import DefinitionRefused
from support.catalogue.reading import read_calendar, read_definition

FILE = "small.toml"


@cache
def shipped() -> Catalogue:
    return read_folder()


def definition(code) -> Definition:
    return shipped().definitions[code].value


def calendars():
    return {code: loaded.value for code, loaded in shipped().calendars.items()}


def calendar(code="office", windows=("09:00-17:00",)) -> Calendar:
    hours = {Weekday.MONDAY: tuple(map(Window.parse, windows))}
    return Calendar(code, "Office", "Europe/London", "small-document", "1", hours)


SMALL = """
code = "small"
name = "Small"
kind = "support"
subject = "ticket"
summary = "A small service."
document = { code = "small-document", title = "Small", sections = { one = "1 All" } }
desk = { section = "one", channels = ["phone", "email"] }
assessment = { decided_by = "The desk.", default = "High", section = "one" }
waits = { fix = ["customer"] }
levels = [
    { level = 1, name = "First", done_by = "Desk", does = "Answers.", section = "one" },
]

[[priorities]]
code = "High"
name = "High"
rank = 1
meaning = "Much."
section = "one"
targets.response = { within = "30 min", section = "one" }
targets.fix = { within = "4 business hours", calendar = "office", section = "one" }

[[priorities]]
code = "Low"
name = "Low"
rank = 2
meaning = "Little."
section = "one"

[[objectives]]
measure = "response"
share = "80 %"
section = "one"

[ladder]
section = "one"
grounds = [{ code = "missed", text = "A target was missed" }]
levels = [
    { level = 1, name = "Desk", before_next = "4 h", section = "one" },
    { level = 2, name = "Manager", section = "one" },
]
"""

OFFICE = """
code = "office"
name = "Office"
zone = "Europe/London"
document = "small-document"
section = "1 All"
holidays = { country = "GB", part = "ENG" }
hours = { mon = ["09:00-12:00", "13:00-17:00"] }
"""


def read_small(text=SMALL, known=None):
    return read_definition(text, file=FILE, calendars={"office": calendar()} if known is None else known)


def problems_of(text, known=None):
    """(key, reason) of all problems for which this definition is refused."""
    with pytest.raises(DefinitionRefused) as refused:
        read_small(text, known)
    assert {problem.file for problem in refused.value.problems} == {FILE}
    return [(problem.key, problem.reason) for problem in refused.value.problems]


def calendar_problems_of(text):
    with pytest.raises(DefinitionRefused) as refused:
        read_calendar(text, file="office.toml")
    return [(problem.key, problem.reason) for problem in refused.value.problems]


def spoilt(old, new, text=SMALL):
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)
