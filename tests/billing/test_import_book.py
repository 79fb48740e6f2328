"""import_book on the command line: counts, rejects beside the file, dry runs, templates; at once and cut short."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from billing.book import importing, sheet
from support.models import Customer
from tests.attacks import run
from tests.billing.at_once import at_once
from tests.billing.book_cases import a_file, table
from tests.cases import NOON
from tests.factories import TESTS

ROWS = [f"c{n},Customer {n}" for n in range(30)]


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "book.csv"
    made.write_bytes(a_file("customers", "acme,Acme", "bad one,Bad"))
    return made


def told(*args, **options):
    out, err = io.StringIO(), io.StringIO()
    call_command("import_book", *args, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


@pytest.mark.django_db
def test_it_counts_and_keeps_what_was_not_taken_beside_the_file(file):
    out, err = told(file, kind="customers", json=True)
    counts = {"kind": "customers", "rows": 2, "created": 1, "changed": 0, "unchanged": 0, "rejected": 1}
    assert json.loads(out) == counts
    assert "Line 3: code: Enter a valid" in err
    rejects = file.with_name("book.rejects.csv")
    [row] = table(rejects.read_bytes())
    assert (row["code"], row["line"]) == ("bad one", "3")
    rejects.write_text(rejects.read_text().replace("bad one", "good-one"))
    out, _err = told(rejects, kind="customers")
    assert out == "1 rows: 1 new, 0 changed, 0 unchanged, 0 not taken.\n"
    assert Customer.objects.filter(name="Bad").get().history.get().actor_name == "import"


@pytest.mark.django_db
def test_a_dry_run_says_what_it_would_do_and_writes_nothing(file):
    out, err = told(file, kind="customers", dry_run=True)
    assert out == (
        "2 rows: 1 new, 0 changed, 0 unchanged, 1 not taken. Nothing was written: this was a dry run.\n"
    )
    assert "Line 3: " in err
    assert (Customer.objects.count(), list(file.parent.glob("*.rejects.csv"))) == (0, [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("args", "options", "sentence"),
    [
        ([], {}, "Name the FILE and its --kind"),
        (["nowhere.csv"], {"kind": "customers"}, "There is no file nowhere.csv."),
        (["/"], {"kind": "customers"}, "/ cannot be read"),
    ],
)
def test_what_cannot_begin_is_one_sentence(args, options, sentence):
    with pytest.raises(CommandError, match=sentence):
        told(*args, **options)


def test_a_template_is_printed():
    out, _err = told(template="contracts")
    [row] = table(out.encode())
    assert (row["number"], row["starts_on"]) == ("C-northwind", "2026-01-01")


def taken(rows=ROWS):
    read = sheet.read(a_file("customers", *rows), "book.csv", "customers")
    return importing.run(read, by=TESTS, at=NOON), read.rejected


def test_of_two_at_once_each_row_is_taken_once(own_database, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 5)
    answers = at_once(2, lambda _i: taken())
    assert sum(done.created for done, _rejected in answers) == 30
    assert sum(done.unchanged for done, _rejected in answers) == 30
    assert [rejected for _done, rejected in answers] == [[], []]
    assert run("SELECT count(*) FROM support_historicalcustomer") == [(30,)]


def test_cut_short_it_leaves_whole_rows_and_repeated_it_completes(own_database, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 5)
    real, calls = importing._take, []

    def killed(*args):
        calls.append(1)
        if len(calls) == 13:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(importing, "_take", killed)
    with pytest.raises(KeyboardInterrupt):
        taken()
    assert (Customer.objects.count(), Customer.history.count()) == (10, 10)
    monkeypatch.setattr(importing, "_take", real)
    done, _rejected = taken()
    assert (done.created, done.unchanged) == (20, 10)
    assert Customer.history.count() == 30
