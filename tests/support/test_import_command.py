"""The command: what it prints, where rejected rows go, and what it refuses in one sentence."""

import json
import sys
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from support.desk import importing
from support.desk.incident_log import load
from support.management import progress
from support.models import Customer, Event, Ticket
from tests.support.incident_cases import RULES, SAMPLE, a_log, imported

pytestmark = pytest.mark.django_db
BAD = [
    ("INC0000001", {"opened_at": "yesterday"}),
    ("INC0000002", {"incident_state": "-100", "category": '=1+1 "quoted", with a comma'}),
]


@pytest.fixture
def rejects(settings):
    return settings.REJECTS_FOLDER


def test_json_prints_one_object():
    assert json.loads(imported(json=True)) == {
        "incidents": 8,
        "created": 8,
        "events": 35,
        "rejected": 0,
        "priorities": {"P1": 3, "P2": 3, "P3": 1, "P4": 1},
        "clocks": {
            "response": {"met": 5, "missed": 3, "running": 0, "unjudged": 1},
            "update": {"met": 0, "missed": 0, "running": 0, "unjudged": 7},
            "fix": {"met": 4, "missed": 2, "running": 1, "unjudged": 0},
        },
    }


def test_again_it_tells_of_the_same_tickets_and_adds_none():
    first = json.loads(imported(json=True))
    assert json.loads(imported(json=True)) == {**first, "created": 0, "events": 0}


def test_without_json_it_prints_a_table():
    lines = imported().splitlines()
    assert lines[0] == "8 incidents, 8 new; 35 events added, 0 rows not taken."
    assert "P1                3" in lines
    assert "response                 5         3         0         1" in lines


def test_rejected_rows_are_told_and_kept_while_the_rest_goes_on(tmp_path, capsys, rejects):
    told = json.loads(imported(a_log(tmp_path, more=BAD, name="june.csv"), json=True))
    assert (told["incidents"], told["created"], told["rejected"]) == (8, 8, 2)
    said = capsys.readouterr().err
    assert "Line 34: opened_at yesterday is not a time; DD-MM-YYYY HH:MM was expected." in said
    assert "Line 35: incident_state -100 is not one of: New" in said
    assert f"2 rows were not taken; they are in {rejects / 'june.csv'}." in said
    kept = (rejects / "june.csv").read_text().splitlines()
    assert kept[0] == SAMPLE.read_text().splitlines()[0] + ",line,reason"
    assert '=1+1 ""quoted"", with a comma' in kept[2]
    assert len(kept) == 3


def test_rejects_that_were_mended_can_be_imported_and_are_gone_after_a_clean_import(tmp_path, rejects):
    imported(a_log(tmp_path, more=BAD[:1], name="june.csv.gz"))
    mended = tmp_path / "june.csv"
    mended.write_text((rejects / "june.csv").read_text().replace("yesterday", "06-06-2016 09:00"))
    assert json.loads(imported(mended, json=True))["rejected"] == 0
    assert not (rejects / "june.csv").exists()


def test_rejects_that_were_mended_in_their_place_are_not_taken_away(tmp_path, rejects):
    imported(a_log(tmp_path, more=BAD, name="june.csv"))
    mended = rejects / "june.csv"
    mended.write_text(mended.read_text().replace("yesterday", "06-06-2016 09:00"))
    assert json.loads(imported(mended, json=True))["rejected"] == 1
    assert mended.exists()
    assert len((rejects / "june-again.csv").read_text().splitlines()) == 2


def test_a_file_of_rejects_alone_is_no_failure(tmp_path):
    told = json.loads(imported(a_log(tmp_path, lambda row: False, more=BAD), json=True))
    assert (told["incidents"], told["rejected"], told["clocks"]) == (0, 2, {})


def test_an_incident_whose_clocks_cannot_be_counted_is_rejected_with_its_rows(tmp_path):
    """Nobody knows the holidays of 2098; what reads the log later than today has to say so."""
    far = {"opened_at": "06-06-2098 09:00", "sys_updated_at": "06-06-2098 10:00", "location": "Far away"}
    path = a_log(tmp_path, more=[("INC0000007", {"number": "INC0000009", **far})])
    later = datetime(2099, 1, 1, tzinfo=UTC)
    log = load(path, "Europe/London", until=later)
    service = importing.service_for("exponential-e-ucc")
    done = importing.run(log, service=service, zone="Europe/London", deployment="cloud", at=later)
    [row] = log.rejected
    assert (done.created, row.line) == (8, 34)
    assert row.reason.startswith("INC0000009: ")
    assert not Customer.objects.filter(name="Far away").exists()


def test_a_row_of_the_future_is_rejected(tmp_path, capsys):
    far = {"opened_at": "06-06-2099 09:00", "sys_updated_at": "06-06-2099 10:00", "location": "Far away"}
    path = a_log(tmp_path, more=[("INC0000007", {"number": "INC0000009", **far})])
    told = json.loads(imported(path, json=True))
    assert (told["created"], told["rejected"]) == (8, 1)
    assert "Line 34: its time is after" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"service": "nope"}, "No service is called nope. There are: egroup-csp-advantage, enghouse-premium"),
        ({"service": "calltower-ese"}, "calltower-ese is no support service"),
        ({"service": "microsoft-csp"}, "microsoft-csp is no support service"),
        ({"timezone": "Europe/Lundon"}, "Europe/Lundon is not a time zone"),
        ({"path": "nowhere.csv"}, "There is no file nowhere.csv."),
        ({"path": "/dev/null"}, "/dev/null is empty."),
        ({"path": "pyproject.toml"}, "is no audit log of incidents: it lacks number, incident_state"),
    ],
)
def test_what_it_refuses_is_one_sentence_and_changes_nothing(changes, sentence):
    options = {**RULES, **changes}
    with pytest.raises(CommandError) as refused:
        imported(options.pop("path", SAMPLE), **options)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)
    assert (Ticket.objects.count(), Event.objects.count()) == (0, 0)


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_told_once_it_takes_longer_than_a_second(monkeypatch, capsys, terminal):
    ticks = iter(range(100))
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(ticks) / 2)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    out = imported(json=True)
    assert json.loads(out)["created"] == 8
    said = capsys.readouterr().err
    assert "2 of 8 incidents" in said
    assert said.endswith("8 of 8 incidents\n")
    assert ("\r" in said) is terminal


def test_it_says_nothing_about_progress_when_it_is_quick(monkeypatch, capsys):
    monkeypatch.setattr(progress.time, "monotonic", lambda: 0.5)
    imported()
    assert capsys.readouterr().err == ""


def test_the_help_names_what_it_needs(capsys):
    with pytest.raises(SystemExit):
        call_command("import_incidents", "--help")
    assert "--timezone ZONE" in capsys.readouterr().out
