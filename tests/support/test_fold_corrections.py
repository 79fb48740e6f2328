"""A closed verdict changes only when a manager corrects it."""

import pytest

from support.clocks.events import FoldError
from tests.support.terms_cases import UCC
from tests.support.timeline_cases import opened

KEY = "ticket:1:response:1.1"


def late():
    return opened("2026-03-02 09:00", UCC, "Critical").at("2026-03-02 09:40", "message.sent")


def corrected(line, **facts):
    return line.at("2026-03-05 09:00", "clock.corrected", reason="mail_delayed", **facts)


def test_a_correction_sets_the_verdict_and_says_so():
    clock = corrected(late(), clock=KEY, verdict="met").clock("response")
    assert (clock.verdict, clock.attributed_to, clock.corrected_by.seq) == ("met", None, 3)


def test_a_correction_to_missed_names_the_provider():
    line = opened("2026-03-02 09:00", UCC, "Critical").at("2026-03-02 09:20", "message.sent")
    clock = corrected(line, clock=KEY, verdict="missed").clock("response")
    assert (clock.verdict, clock.attributed_to) == ("missed", "provider")


@pytest.mark.parametrize("key", ["ticket:1:response:2.1", "ticket:1:fix:1.1"])
def test_only_a_closed_clock_can_be_corrected(key):
    with pytest.raises(FoldError, match="not a closed clock"):
        corrected(late(), clock=key, verdict="met").fold()
