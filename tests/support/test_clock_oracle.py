"""That the oracle can tell: whatever the engine had read otherwise in a definition, the comparison shows it."""

from dataclasses import replace

import pytest

from support.clocks.book import Book
from support.clocks.terms import WaitReason
from tests.support.calendar_cases import utc
from tests.support.two_reckonings import BOOK, CALENDARS, CASE, ESE, TERMS, VENDOR, Reckoned

MORNING = utc("2026-03-27 09:00")  # the last Friday before London's clocks change
PROMISES = [
    (code, step.code, kind)
    for (code, _), terms in TERMS.items()
    for step in terms.priorities
    for kind in step.targets
]


def a_minute_longer(code, priority, kind):
    """The shipped services but for one target; a business day gets a day."""
    terms = TERMS[code, 1]
    target = terms.priority(priority).targets[kind]
    changed = {kind: replace(target, amount=target.amount + 1)}
    steps = [
        replace(step, targets={**step.targets, **changed}) if step.code == priority else step
        for step in terms.priorities
    ]
    return Book({**TERMS, (code, 1): replace(terms, priorities=tuple(steps))}, CALENDARS)


def begun(book, code, priority):
    """A ticket on which every clock of this priority runs or has run."""
    desk = Reckoned(MORNING, book)
    if code in (ESE, VENDOR):
        desk.opens_without_a_service()
        (desk.engages if code == ESE else desk.asks_the_vendor)(priority)
    else:
        desk.opens(code, priority)
    if code == VENDOR:
        desk.happens("case.asked_customer", on=CASE)
    desk.happens("call.made", connected=True)
    return desk


@pytest.mark.parametrize(("code", "priority", "kind"), PROMISES)
def test_a_target_that_is_a_minute_longer_is_told_apart(code, priority, kind):
    desk = begun(BOOK, code, priority)
    assert kind in {row.kind for row in desk.by_the_minute()}
    assert desk.by_the_engine() == desk.by_the_minute()
    spoilt = begun(a_minute_longer(code, priority, kind), code, priority)
    assert {ours[:4] for ours in set(spoilt.by_the_engine()) - set(spoilt.by_the_minute())} == {
        row[:4] for row in desk.by_the_minute() if row.kind == kind
    }


def waited(book):
    desk = begun(book, "exponential-e-ucc", "High")
    desk.happens("wait.started", id=1, reason="site_access")
    return desk


def test_a_wait_that_stops_nothing_any_more_is_told_apart():
    assert waited(BOOK).by_the_engine() == waited(BOOK).by_the_minute()
    terms = TERMS["exponential-e-ucc", 1]
    stops = {kind: reasons - {WaitReason.SITE_ACCESS} for kind, reasons in terms.stopped_by.items()}
    spoilt = waited(Book({**TERMS, (terms.code, 1): replace(terms, stopped_by=stops)}, CALENDARS))
    assert spoilt.by_the_engine() != spoilt.by_the_minute()


def test_a_calendar_of_another_place_is_told_apart():
    swapped = {**CALENDARS, ("uk-business", 1): CALENDARS["us-distributor-weekdays", 1]}
    spoilt = begun(Book(TERMS, swapped), "exponential-e-ucc", "Low")
    assert spoilt.by_the_engine() != spoilt.by_the_minute()
