"""`serve` keeps the site and the worker running, and says so when one of them ends by itself."""

import pytest
from django.core.management.base import CommandError

from config.management.commands.serve import AT_ONCE, PAUSES, Child

ENDS = ["-c", "raise SystemExit(1)"]


def ended(child, now):
    """Started at that instant, and its process is over."""
    child.start(now)
    child.process.wait(timeout=30)
    return child


def test_what_ends_as_soon_as_it_was_started_ends_everything():
    with pytest.raises(CommandError, match="The worker has ended by itself"):
        ended(Child("worker", ENDS), 0).look(AT_ONCE - 1)


def test_what_ends_later_is_started_again_after_a_pause():
    child = ended(Child("worker", ENDS), 0)
    assert "It starts again in 1 s" in child.look(40)
    assert (child.look(40.5), child.process) == ("", None)
    child.look(41)
    assert child.starts == 2
    child.process.wait(timeout=30)


def test_the_pauses_grow_while_it_ends_again_and_again():
    child, now, pauses = ended(Child("site", ENDS), 0), 40, []
    for _time in range(7):
        before = now
        child.look(now)
        now = child.again_at
        pauses.append(now - before)
        child.look(now)
        child.process.wait(timeout=30)
    assert pauses == [*PAUSES, PAUSES[-1], PAUSES[-1]]


def test_after_a_while_without_a_fall_they_begin_anew():
    child = ended(Child("site", ENDS), 0)
    child.starts = 6
    child.look(3600)
    assert child.again_at == 3600 + PAUSES[0]
