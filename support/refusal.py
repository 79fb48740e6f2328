"""Refused: a rule said no, in a sentence for the person who asked."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg import errors

BUSY = (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure)


OUR_TIME = "_in_our_time"  # as bounds of instants and days are called (support.models.our_time)
NOT_OF_OUR_TIME = gettext_lazy("No page can show that day: look at the year.")


class Refused(Exception):
    """Raised by verbs. Pages show the sentence with status 409; commands print it and exit 1."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field  # the form field beside which the sentence belongs, where there is one


class Stale(Refused):
    """What somebody had before him when he wrote has changed: his words are given back to him, with what it is now."""


@contextmanager
def refusing(sentences: Mapping[str, str]) -> Iterator[None]:
    """Around a transaction: what a rule of the database said becomes Refused; any other error stays what it is.

    A guard brings its own sentence; a constraint has it in `sentences`, by its name. A lock that is not given in time
    is a sentence too.
    """
    try:
        yield
    except DatabaseError as error:
        if sentence := _sentence(error.__cause__, sentences):
            raise Refused(sentence) from error
        raise


def _sentence(cause: BaseException | None, sentences: Mapping[str, str]) -> str | None:
    if isinstance(cause, BUSY):
        return _("Somebody else is booking on this right now: send it again.")
    if not isinstance(cause, errors.IntegrityError):
        return None
    rule = cause.diag.constraint_name
    if rule and rule.endswith(OUR_TIME):
        return str(NOT_OF_OUR_TIME)
    raised_by_a_guard = isinstance(cause, errors.CheckViolation) and cause.diag.table_name is None
    if raised_by_a_guard and rule not in sentences:
        return cause.diag.message_primary
    return sentences.get(rule)
