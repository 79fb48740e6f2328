import pytest

from support.catalogue.layout import WIDTH, table
from support.catalogue.show import show
from tests.support.catalogue_cases import calendars, definition, shipped

ALL = sorted(shipped().definitions)


def page(code):
    return show(definition(code), calendars())


def flat(text):
    return " ".join(text.split())


@pytest.mark.parametrize("code", ALL)
def test_no_line_is_wider_than_the_page(code):
    assert max(map(len, page(code).splitlines())) <= WIDTH


@pytest.mark.parametrize("code", ALL)
def test_readings_and_contradictions_are_printed(code):
    text = flat(page(code))
    for reading in definition(code).readings:
        assert f"{reading.key}: {reading.chosen} Why: {reading.why}" in text
    for found in definition(code).contradictions:
        assert f"{found.key}: {found.says} Treated: {found.treated}" in text


def test_a_service_without_contradictions_says_so():
    assert "- None were found." in page("microsoft-o365-dedicated")


@pytest.mark.parametrize("code", ALL)
def test_the_document_and_its_sections_are_printed(code):
    document, text = definition(code).document, page(code)
    assert flat(document.title) in flat(text)
    for section in document.sections.values():
        assert section in text


def test_targets_are_a_table_with_the_section_and_the_reading_of_each_figure():
    lines = [" ".join(line.split()) for line in page("exponential-e-ucc").splitlines()]
    assert "Critical 30 min [d r1] 1 h [d r2] 5 h [d r3]" in lines
    assert "Low 4 h [d r1] 1 h [d r2] 48 business hours by uk-business [d r4]" in lines
    assert "d How to Raise an Issue, priority table" in lines


def test_calendars_are_printed_with_their_hours():
    text = flat(page("exponential-e-ucc"))
    assert (
        "uk-business Mon–Fri 09:00–17:30, How to Raise an Issue, priority table Europe/London, closed" in text
    )


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("exponential-e-ucc", "3 Senior Support Leader 16 h"),
        (
            "exponential-e-ucc",
            "The fix clock stops while waiting for the customer, an approval, GDAP, access to the",
        ),
        ("enghouse-standard", "- availability: 99.95 % (cloud only)"),
        ("enghouse-standard", "(cloud only)"),
        (
            "enghouse-standard",
            "A response is a call that connects or a session, remote or on site; never an automatic",
        ),
        ("enghouse-premium", "Announced 30 days before."),
        ("egroup-csp-advantage", "- phone answer: 80 % within 120 s"),
        ("egroup-csp-advantage", "HAND-OFF OF PRIORITY A [c r2]"),
        (
            "microsoft-o365-dedicated",
            "A: first notice within 1 h, then every 2 h, and whenever there is news",
        ),
        ("calltower-ese", "250.00 USD an hour, in steps of 15 min."),
        ("calltower-ese", "- dns: Management of external DNS records"),
        ("microsoft-csp", "B, effort: business by vendor-business; continuous once escalated."),
    ],
)
def test_what_a_manager_looks_for_is_there(code, sentence):
    assert sentence in flat(page(code))


def test_a_table_wraps_its_widest_column():
    lines = table(["", "says"], [["one", "word " * 40], ["two", "short"]])
    assert max(map(len, lines)) <= WIDTH
    assert [line[2:5] for line in lines[2:] if line[2:5].strip()] == ["one", "two"]
