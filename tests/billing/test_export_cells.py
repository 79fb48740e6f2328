"""Cells of a CSV for finance, asked of the database: no text starts a formula, figures stay figures (16)."""

import csv
import io
import re
import sys
import unicodedata

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from billing.formats import cells
from tests.attacks import run

UNSEEN = {"Cc", "Cf", "Co", "Zs", "Zl", "Zp"}


def asked(expression, *parameters):
    """What the database makes of a cell, without the zeros or the quote of SQL."""
    [(cell,)] = run(f"SELECT ({expression})::text", *parameters)
    return cell


@pytest.mark.parametrize(
    "first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "\u200b=", " \ufeff@"]
)
def test_no_cell_starts_a_formula(db, first):
    assert asked(cells.text("%s::text"), f"{first}cmd") == f"'{first}cmd"
    assert cells.starts_a_formula(f"{first}cmd")
    assert asked(cells.text("%s::text"), "fine - = +") == "fine - = +"
    assert not cells.starts_a_formula("fine")


def test_what_is_not_seen_is_all_that_unicode_says_is_not_seen():
    unseen = {chr(n) for n in range(1, sys.maxunicode + 1) if unicodedata.category(chr(n)) in UNSEEN}
    missed = [f"{ord(letter):x}" for letter in sorted(unseen) if not re.match(rf"[{cells.UNSEEN}]", letter)]
    assert missed == []


@pytest.mark.hypothesis
@given(words=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40))
def test_the_database_and_python_agree_on_what_starts_a_formula(django_db_blocker, django_db_setup, words):
    with django_db_blocker.unblock():
        [(safe, starts)] = run(
            f"SELECT {cells.text('%s::text')}, {cells.begins_a_formula('%s::text')}", words, words
        )
    assert starts is cells.starts_a_formula(words)
    assert safe == (f"'{words}" if starts else words)


def test_amounts_are_figures_and_stay_negative(db):
    assert asked(cells.amount("-1500")) == "-1500.00"
    figures = {"20.000": "20", "0.000": "0", "100.000": "100", "17.500": "17.5"}
    assert {asked(cells.plain(f"{figure}")): None for figure in figures} == dict.fromkeys(figures.values())


@pytest.mark.hypothesis
@given(
    words=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=90),
    width=st.integers(1, 70),
)
def test_a_cell_is_never_wider_than_the_importer_takes_and_comes_back_as_it_is(
    django_db_blocker, django_db_setup, words, width
):
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        statement = f"COPY (SELECT 1, {cells.text('%s::text', width)}) TO STDOUT (FORMAT csv)"
        with cursor.copy(statement, [words]) as copy:
            sent = b"".join(bytes(piece) for piece in copy).decode()
    [[_one, cell]] = csv.reader(io.StringIO(sent, newline=""), strict=True)
    safe = f"'{words}" if cells.starts_a_formula(words) else words
    assert cell == safe[:width]
