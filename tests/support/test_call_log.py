"""The log of calls: read strictly, taken once, struck out rather than changed."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from support.desk import calling, importing_calls
from support.desk.answers import LEFT_OUT, MET, MISSED, judged
from support.desk.call_log import load
from support.desk.csv_log import NotALog
from support.models import CallRecord
from support.refusal import Refused
from tests.attacks import refused, run
from tests.factories import ANA
from tests.support.desk_cases import contract_under, utc

pytestmark = pytest.mark.django_db
HEADER = "id,channel,contract,offered_at,answered_at,abandoned_at"
NOW = utc("2026-10-31 12:00")


@pytest.fixture
def contract(db):
    return contract_under("egroup-csp-advantage", number="C-77")


@pytest.fixture
def a_log(tmp_path):
    def write(*rows, header=HEADER, name="october.csv"):
        file = tmp_path / name
        file.write_text("\n".join([header, *rows]) + "\n")
        return file

    return write


def told(contract, offered="2026-10-14 09:00", seconds=30, answered=True, channel="phone"):
    fields = {"channel": channel, "offered_at": utc(offered), "waited": timedelta(seconds=seconds)}
    return calling.tell(contract, **fields, answered=answered, by=ANA, at=NOW)


@pytest.mark.parametrize(
    ("answered", "seconds", "result"),
    [
        (True, 0, MET),
        (True, 120, MET),
        (True, 121, MISSED),
        (False, 119, LEFT_OUT),
        (False, 120, MISSED),
        (False, 600, MISSED),
    ],
)
def test_abandoned_before_the_time_is_left_out_and_after_it_a_miss(answered, seconds, result):
    assert judged(answered, timedelta(seconds=seconds), timedelta(seconds=120)) == result


def test_each_call_of_a_log_is_taken_once(contract, a_log):
    file = a_log(
        "1,phone,C-77,2026-10-14T09:00:00Z,2026-10-14T09:00:45Z,",
        "2,chat,C-77,2026-10-14T11:00:00+02:00,,2026-10-14T11:03:00+02:00",
        "2,chat,C-77,2026-10-14T09:00:00Z,,2026-10-14T09:03:00Z",
    )
    log = load(file)
    assert (importing_calls.run(log, source="pbx", at=NOW), log.rejected) == (2, [])
    assert importing_calls.run(load(file), source="pbx", at=NOW) == 0
    assert importing_calls.run(load(file), source="another", at=NOW) == 2
    first, second = CallRecord.objects.filter(source="pbx").order_by("source_key")
    assert first.answered_at == utc("2026-10-14 09:00") + timedelta(seconds=45)
    assert (second.offered_at, second.answered_at) == (utc("2026-10-14 09:00"), None)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,phone,C-77,2026-10-14T09:00:00Z,,", "either answered or abandoned"),
        ("1,phone,C-77,2026-10-14T09:00:00Z,2026-10-14T09:00:01Z,2026-10-14T09:00:01Z", "either answered or"),
        (
            "1,phone,C-77,2026-10-14 09:00,2026-10-14T09:00:01Z,",
            "offered_at 2026-10-14 09:00 is not an instant",
        ),
        ("1,phone,C-77,2026-10-14T09:00:00Z,2026-10-14T08:59:59Z,", "answered_at lies before offered_at"),
        ("1,fax,C-77,2026-10-14T09:00:00Z,2026-10-14T09:00:01Z,", "channel fax is not one of: phone, chat"),
        ("1,phone,C-78,2026-10-14T09:00:00Z,2026-10-14T09:00:01Z,", "there is no contract C-78"),
        ("1,phone,C-77,2024-10-14T09:00:00Z,2024-10-14T09:00:01Z,", "was not in force on that day"),
        ("1,phone,C-77,2026-11-14T09:00:00Z,2026-11-14T09:00:01Z,", "it lies in the future"),
        (",phone,C-77,2026-10-14T09:00:00Z,2026-10-14T09:00:01Z,", "id is empty"),
        ("1,phone,C-77", "3 cells where 6 belong"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(contract, a_log, row, reason):
    log = load(a_log(row, "9,phone,C-77,2026-10-14T09:00:00Z,2026-10-14T09:00:01Z,"))
    assert importing_calls.run(log, source="pbx", at=NOW) == 1
    [rejected] = log.rejected
    assert reason in rejected.reason
    assert rejected.line == 2


def test_what_was_told_otherwise_before_is_not_changed(contract, a_log):
    importing_calls.run(
        load(a_log("1,phone,C-77,2026-10-14T09:00:00Z,2026-10-14T09:00:45Z,")), source="pbx", at=NOW
    )
    log = load(a_log("1,phone,C-77,2026-10-14T09:00:00Z,2026-10-14T09:05:45Z,"))
    assert importing_calls.run(log, source="pbx", at=NOW) == 0
    assert "told otherwise before" in log.rejected[0].reason


def test_the_command_prints_counts_and_keeps_what_it_rejected(contract, a_log, settings, capsys):
    file = a_log("1,phone,C-77,2026-10-14T09:00:00Z,2026-10-14T09:00:45Z,", "2,phone,C-0,x,,")
    call_command("import_calls", file, json=True)
    said = capsys.readouterr()
    assert json.loads(said.out) == {"calls": 1, "created": 1, "rejected": 1}
    assert "Line 3: offered_at x is not an instant" in said.err
    assert "2,phone,C-0,x,,,3," in (settings.REJECTS_FOLDER / "october.csv").read_text()


def test_where_no_row_can_be_taken_the_command_says_that_nothing_was_imported(contract, a_log, capsys):
    good = "1,phone,C-77,2026-10-14T09:00:00Z,2026-10-14T09:00:45Z,"
    bad = ["2,phone,C-0,x,,", "3,phone,C-404,2026-10-14T09:00:00Z,,2026-10-14T09:00:45Z"]
    call_command("import_calls", a_log(*bad))
    said = capsys.readouterr()
    assert said.err.splitlines()[-1] == "Nothing was imported: not one row could be taken."
    assert said.out == "1 calls, 0 new; 2 rows not taken.\n"
    for _again in range(2):  # what is known already was imported, once
        call_command("import_calls", a_log(good, *bad))
        assert "Nothing was imported" not in capsys.readouterr().err


@pytest.mark.parametrize(("header", "why"), [("id,channel", "lacks contract"), ("", "is empty")])
def test_a_file_that_is_no_log_is_refused(a_log, header, why):
    with pytest.raises(NotALog, match=why):
        load(a_log(header=header))
    with pytest.raises(CommandError, match=why):
        call_command("import_calls", a_log(header=header))


def test_a_call_that_has_not_ended_cannot_be_told(contract):
    with pytest.raises(Refused, match="not ended"):
        told(contract, offered="2026-10-31 11:59", seconds=61)
    with pytest.raises(Refused, match="not in force"):
        told(contract, offered="2024-10-14 09:00")


def test_a_record_is_struck_out_once_with_a_reason(contract):
    record = told(contract)
    with pytest.raises(Refused, match="why"):
        calling.strike(record, reason=" ", by=ANA, at=NOW)
    calling.strike(record, reason="Test call", by=ANA, at=NOW)
    assert not CallRecord.objects.standing().exists()
    with pytest.raises(Refused, match="already"):
        calling.strike(record, reason="Again", by=ANA, at=NOW)


@pytest.mark.parametrize(
    "what", ["UPDATE support_callrecord SET answered_at = offered_at", "DELETE FROM support_callrecord"]
)
def test_what_was_told_stays(contract, what):
    told(contract)
    with refused("permission denied"):
        run(what)


@pytest.mark.parametrize(
    ("answered", "abandoned", "rule"),
    [
        ("'2026-10-14 09:01Z'", "'2026-10-14 09:01Z'", "calls_end_once"),
        ("NULL", "NULL", "calls_end_once"),
        ("'2026-10-14 08:59Z'", "NULL", "calls_end_once"),
        ("'2026-10-31 12:01Z'", "NULL", "calls_are_recorded_afterwards"),
    ],
)
def test_the_database_refuses_a_call_that_cannot_be(contract, answered, abandoned, rule):
    columns = "contract_id, channel, offered_at, answered_at, abandoned_at, recorded_at, source, source_key, actor_kind, actor_name"
    with pytest.raises(IntegrityError, match=rule), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO support_callrecord ({columns}) VALUES ({contract.pk}, 'phone', '2026-10-14 09:00Z', "
            f"{answered}, {abandoned}, '2026-10-31 12:00Z', '', '', 'system', 'tests')"
        )
