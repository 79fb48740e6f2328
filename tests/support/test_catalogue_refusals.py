"""A definition that cannot be kept is refused with file, key and one sentence."""

import pytest

from support.catalogue.calendars import Calendar
from support.catalogue.problems import DefinitionRefused, Problem
from tests.support.catalogue_cases import SMALL, problems_of, read_small, spoilt

HIGH = "priorities.High"
FIX = f"{HIGH}.targets.fix"
KINDS = "response, troubleshoot, update, customer_update, customer_answer, fix, committed, vendor_response, dispatch"
WAITS = "customer, vendor, approval, gdap, site_access, maintenance, other"

REFUSALS = [
    ("targets.response", "targets.repair", f"{HIGH}.targets.repair", f'"repair" is not one of: {KINDS}.'),
    (
        "meaning",
        "colour = 1\nmeaning",
        f"{HIGH}.colour",
        "unknown key; known here: code, name, rank, meaning, ",
    ),
    ('summary = "A small', 'sumary = "A', "sumary", "unknown key; known here: code, name, kind, "),
    ("rank = 1", 'rank = "1"', f"{HIGH}.rank", 'must be a whole number, not text "1".'),
    ("rank = 1", "rank = true", f"{HIGH}.rank", 'must be a whole number, not true or false "True".'),
    ("rank = 1", "rank = 0", f"{HIGH}.rank", "must be 1 or more; 1 is the most urgent."),
    ("rank = 2", "rank = 1", "priorities.Low.rank", "High already has rank 1."),
    ('code = "Low"', 'code = "High"', f"{HIGH}.code", '"High" is there twice.'),
    (
        'code = "Low"',
        'code = "Lo w"',
        "priorities.2.code",
        '"Lo w" must be letters, digits, "-" and "_" only.',
    ),
    ('name = "Low"', 'name = ""', "priorities.Low.name", "must not be blank, nor begin or end with a space."),
    (
        'calendar = "office"',
        'calendar = "moon"',
        f"{FIX}.calendar",
        '"moon" is not a calendar that is there.',
    ),
    (
        'calendar = "office", ',
        "",
        f"{FIX}.calendar",
        'is missing: "4 business hours" is counted inside a calendar.',
    ),
    (
        "4 business hours",
        "4 h",
        f"{FIX}.calendar",
        '"4 h" is elapsed time, which counts around the clock; it takes no',
    ),
    (
        "4 business hours",
        "4 hours",
        f"{FIX}.within",
        '"4 hours" is not an amount of time; write a whole number and',
    ),
    (
        "30 min",
        "30 s",
        f"{HIGH}.targets.response.within",
        "a clock counts whole minutes; seconds are for phone and",
    ),
    (
        "4 business hours",
        "500000 business hours",
        f"{FIX}.within",
        'can never be met: "office" has not that much time',
    ),
    ('default = "High"', 'default = "P1"', "assessment.default", '"P1" is not a priority of this service.'),
    ('fix = ["customer"]', 'fix = ["lunch"]', "waits.fix.1", f'"lunch" is not one of: {WAITS}.'),
    ("{ fix = [", "{ mend = [", "waits.mend", f'"mend" is not one of: {KINDS}.'),
    (
        "waits = {",
        'engineering = { level = 3, priorities = ["High"], every = "7 days", section = "one" }\nwaits = {',
        "engineering.level",
        "there is no support level 3.",
    ),
    (
        'does = "Answers.", section = "one" }',
        'does = "Answers.", section = "one", passes_on = ["response"] }',
        "levels.1.passes_on",
        "there is no level above it.",
    ),
    (
        '[ladder]\nsection = "one"',
        '[ladder]\nsection = "one"\nautomatic = ["fix"]',
        "ladder.automatic",
        "a missed clock raises a level on a ground that asks for a clock; there is none.",
    ),
    ("level = 2", "level = 3", "ladder.levels", "levels must be 1, 2, 3 … without a gap; found 1, 3."),
    (
        ', before_next = "4 h"',
        "",
        "ladder.levels.1.before_next",
        "is missing: a further level follows this one.",
    ),
    (
        '{ level = 1, name = "First"',
        '{ level = 2, name = "First"',
        "levels",
        "levels must be 1, 2, 3 … without a gap; f",
    ),
    (
        'measure = "response"',
        'measure = "speed"',
        "objectives.1.measure",
        '"speed" is not one of: response, troubleshoot',
    ),
    (
        'measure = "response"',
        'measure = "update"',
        "objectives.1.measure",
        "no priority has a target for update.",
    ),
    (
        'measure = "response"',
        'measure = "phone_answer"',
        "objectives.1.within",
        "an objective over phone_answer must say",
    ),
    ("80 %", "80", "objectives.1.share", '"80" is not a share; write it like "80 %" or "99.95 %".'),
    (
        'section = "one"\ntargets',
        'section = "two"\ntargets',
        f"{HIGH}.section",
        '"two" is not a section of the document.',
    ),
    (
        '"30 min"',
        '"30 min", reading = "x"',
        f"{HIGH}.targets.response.reading",
        '"x" is not a reading of this definition.',
    ),
    (
        '"30 min"',
        '"30 min", owed_by = "vendor"',
        f"{HIGH}.targets.response.owed_by",
        "a response clock is owed by the prov",
    ),
    (
        'meaning = "Much."',
        'meaning = "Much."\nchannels = ["fax"]',
        f"{HIGH}.channels.1",
        '"fax" is not one of: phone, em',
    ),
    (
        'meaning = "Much."',
        'meaning = "Much."\nchannels = ["chat"]',
        f"{HIGH}.channels",
        '"chat" is not a channel of this d',
    ),
    (
        'subject = "ticket"',
        'subject = "case"',
        "subject",
        "the clocks of a service of kind support run on the ticket.",
    ),
    ('kind = "support"\n', "", "kind", "is missing."),
    ('name = "Small"', "name = [", "", "is not TOML: "),
]


@pytest.mark.parametrize(("old", "new", "key", "reason"), REFUSALS)
def test_refused_with_key_and_reason(old, new, key, reason):
    (found, why), *_ = [p for p in problems_of(spoilt(old, new)) if p[0] == key]
    assert found == key
    assert why.startswith(reason)


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"), [case for case in REFUSALS if case[2] not in {"sumary"}]
)
def test_one_fault_is_told_once(old, new, key, reason):
    assert len(problems_of(spoilt(old, new))) == 1


def test_the_small_definition_is_accepted_as_it_stands():
    assert read_small().code == "small"


def test_all_problems_of_a_file_are_told_at_once():
    text = spoilt("targets.response", "targets.repair")
    text = spoilt("meaning", "colour = 1\nmeaning", text)
    text = spoilt('default = "High"', 'default = "P1"', text)
    text = spoilt('fix = ["customer"]', 'fix = ["lunch"]', text)
    text = spoilt("level = 2", "level = 3", text)
    assert {key for key, _ in problems_of(text)} == {
        f"{HIGH}.targets.repair",
        f"{HIGH}.colour",
        "assessment.default",
        "waits.fix.1",
        "ladder.levels",
    }


def test_what_could_not_be_read_is_not_blamed_a_second_time():
    text = spoilt("rank = 1", 'rank = "first"')
    assert [key for key, _ in problems_of(text)] == [f"{HIGH}.rank"]


def test_a_calendar_without_an_open_hour_can_never_meet_a_target():
    empty = Calendar("office", "Office", "Europe/London", "small-document", "1", {})
    reason = 'can never be met: the calendar "office" has no open hour.'
    assert problems_of(SMALL, {"office": empty}) == [(f"{FIX}.within", reason)]


def test_a_calendar_that_is_not_there():
    assert problems_of(SMALL, {}) == [(f"{FIX}.calendar", '"office" is not a calendar that is there.')]


def test_a_problem_reads_as_one_line():
    assert str(Problem("a.toml", "b.c", "is missing.")) == "a.toml: b.c: is missing."
    assert str(Problem("a.toml", "", "is not TOML.")) == "a.toml: is not TOML."
    assert str(DefinitionRefused([Problem("a", "b", "c."), Problem("d", "e", "f.")])) == "a: b: c.\nd: e: f."
