"""A statement of work on paper takes seconds whatever is written in it, and its stored bytes stay what they are."""

import time

import pytest

from billing import stating
from billing.models import StatementOfWork
from support.actors import Actor
from support.refusal import Refused
from tests.billing.billing_cases import at, requested, world
from tests.ground import standing_on
from tests.paper import needs_pango

pytestmark = pytest.mark.django_db


@standing_on
def w():
    w = world()
    w.fresh = requested(w.contract, ticket=w.ticket)
    return w


def write(w, text):
    return stating.write(w.fresh, text=text, by=Actor.of(w.ana), at=at(18))


@needs_pango
@pytest.mark.parametrize("text", ["W" * 59_000, ("W" * 100 + " ") * 584], ids=["one word", "long words"])
def test_long_words_cost_no_more_than_prose(w, text):
    """Unbroken, each takes more than twenty seconds of one processor."""
    made = write(w, text)
    stating.as_pdf(made)  # the letters are read
    began = time.process_time()
    stating.as_pdf(made)
    assert time.process_time() - began < 8


def test_long_words_break_on_paper_alone_and_never_inside_a_sign(w):
    made = write(w, "<" * 40 + " " + "a" * 33 + " " + "b" * 32)
    printed = stating.printed(made)
    assert "&lt;" * 32 + "\u200b" + "&lt;" * 8 in printed
    assert "a" * 32 + "\u200ba" in printed
    assert "b" * 32 + "<" in printed
    assert printed.replace("\u200b", "") == stating.shown(made)
    assert "\u200b" not in stating.shown(StatementOfWork.objects.get())


def test_one_of_endless_lines_is_refused(w):
    with pytest.raises(Refused, match="fewer than 2000 lines") as why:
        write(w, "x\n" * 1999 + "x\nx")
    assert why.value.field == "text"
    assert write(w, "x\n" * 1999).version == 1
