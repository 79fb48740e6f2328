"""One after the other, apart from each other: the rest is done, and every error is raised."""

import pytest

from support.apart import apart


def test_what_fails_keeps_nothing_else_from_being_done_and_is_raised_at_the_end():
    done = []
    with pytest.raises(ExceptionGroup, match="Not counted") as failed, apart("Not counted") as one:
        for each in (1, 0, 2, "x"):
            with one():
                done.append(4 // each)
    assert done == [4, 2]
    assert [type(error) for error in failed.value.exceptions] == [ZeroDivisionError, TypeError]


def test_where_nothing_fails_nothing_is_raised():
    with apart("Not counted") as one, one():
        pass


def test_what_fails_between_them_is_not_held_back():
    with pytest.raises(KeyError), apart("Not counted"):
        raise KeyError


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_whoever_ends_the_job_ends_it_at_once(error):
    with pytest.raises(error), apart("Not counted") as one, one():
        raise error
