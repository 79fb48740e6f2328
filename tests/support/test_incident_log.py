"""Reading an audit log: rows in their order, times in the command's zone, and a reason for each row that is not read."""

import gzip
from datetime import UTC, datetime

import pytest

from support.desk.csv_log import NotALog
from support.desk.incident_log import load
from tests.support.incident_cases import SAMPLE, a_log

LONDON = "Europe/London"
NOW = datetime(2026, 10, 31, 12, 0, tzinfo=UTC)


def read(path, zone):
    return load(path, zone, until=NOW)


def changed(tmp_path, **cells):
    """One row of an incident, with these cells."""
    return read(a_log(tmp_path, lambda row: False, more=[("INC0000001", cells)]), LONDON)


def test_incidents_come_in_the_order_of_their_opening_with_their_rows_in_order():
    log = read(SAMPLE, LONDON)
    assert [incident.number for incident in log.incidents] == [f"INC{n:07}" for n in range(1, 9)]
    sixth = log.incidents[5]
    assert [(row.at, row.mod) for row in sixth.rows] == [
        (datetime(2016, 6, 10, 9, 0, tzinfo=UTC), 0),  # 08:00 in the log, before its opening
        (datetime(2016, 6, 10, 9, 0, tzinfo=UTC), 1),
        (datetime(2016, 6, 10, 9, 0, tzinfo=UTC), 2),
        (datetime(2016, 6, 10, 10, 0, tzinfo=UTC), 3),
    ]
    assert log.rejected == []


@pytest.mark.parametrize(
    ("written", "zone", "instant"),
    [
        ("06-06-2016 09:00", "UTC", "2016-06-06 09:00+00:00"),
        ("06-06-2016 09:00", LONDON, "2016-06-06 09:00+01:00"),
        ("06-06-2016 09:00", "America/Denver", "2016-06-06 09:00-06:00"),
        ("27-03-2016 01:30", LONDON, "2016-03-27 02:30+01:00"),  # in the gap: moved on by it
        ("30-10-2016 01:30", LONDON, "2016-10-30 01:30+01:00"),  # doubled: the first of the two
    ],
)
def test_times_are_wall_clock_of_the_zone(tmp_path, written, zone, instant):
    cells = {"opened_at": written, "sys_updated_at": written}
    log = read(a_log(tmp_path, lambda row: False, more=[("INC0000001", cells)]), zone)
    assert log.incidents[0].opened_at == datetime.fromisoformat(instant)


def test_a_row_has_the_same_key_in_every_zone_and_every_export(tmp_path):
    more = [("INC0000001", {"sys_mod_count": "9"}), ("INC0000001", {"sys_mod_count": "9"})]
    path = a_log(tmp_path, lambda row: row["number"] == "INC0000001", more=more)
    for zone in (LONDON, "America/Denver"):
        keys = [row.key for row in read(path, zone).incidents[0].rows]
        assert keys == [
            "201606060902.0",
            "201606060920.1",
            "201606061200.2",
            "201606130900.3",
            "201606130900.9",
            "201606130900.9.2",  # a row that is there twice
        ]


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: b"\xef\xbb\xbf" + data])
def test_gzipped_or_with_a_byte_order_mark_it_is_the_same_log(tmp_path, pack):
    path = tmp_path / "log"
    path.write_bytes(pack(SAMPLE.read_bytes()))
    assert read(path, LONDON).incidents == read(SAMPLE, LONDON).incidents


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("number", "?", "number is unknown"),
        ("number", "I" * 41, "number is longer than 40 letters"),
        ("incident_state", "-100", "incident_state -100 is not one of: New, Active"),
        ("incident_state", "", "incident_state is unknown"),
        ("sys_mod_count", "two", "sys_mod_count two is not a whole number"),
        ("sys_mod_count", "1" * 10, "longer than 9"),
        ("sys_mod_count", "²", "not a whole number"),
        ("opened_at", "?", "opened_at is unknown"),
        ("opened_at", "2016-06-06 09:00", "opened_at 2016-06-06 09:00 is not a time; DD-MM-YYYY HH:MM"),
        ("sys_updated_at", "31-06-2016 09:00", "sys_updated_at 31-06-2016 09:00 is not a time"),
        ("sys_updated_at", "01-01-0001 00:00", "is not of 1970 to 2100"),
        ("opened_at", "31-10-2026 12:01", "its time is after 31-10-2026 12:00 UTC"),
        ("sys_updated_at", "01-01-2099 00:00", "its time is after"),
        ("priority", "High", "priority High does not begin with"),
        ("priority", "0 - None", "priority 0 - None does not begin with"),
        ("location", "L" * 201, "location is longer than 200"),
        ("category", "\0", "category is not text in UTF-8"),
    ],
)
def test_a_row_that_cannot_be_read_has_its_line_and_reason(tmp_path, column, cell, reason):
    log = changed(tmp_path, **{column: cell})
    assert log.incidents == []
    assert [row.line for row in log.rejected] == [2]
    assert reason in log.rejected[0].reason


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda row: row + b",one too many", "37 cells where 36 belong"),
        (lambda row: row.replace(b"Telephony", b"T\xffl"), "category is not text in UTF-8"),
        (lambda row: row.replace(b"Telephony", b"T" * 200_000), "category is longer than 32000 letters"),
    ],
)
def test_the_rest_goes_on_after_a_damaged_row(tmp_path, damage, reason):
    lines = SAMPLE.read_bytes().splitlines()
    path = tmp_path / "damaged.csv"
    path.write_bytes(b"\n".join([*lines[:5], damage(lines[5]), b"", *lines[6:]]))
    log = read(path, LONDON)
    assert [(row.line, reason in row.reason) for row in log.rejected] == [(6, True)]
    assert sum(len(incident.rows) for incident in log.incidents) == 31


def test_a_rejected_row_is_kept_whole_however_long_its_cells_are(tmp_path):
    log = changed(tmp_path, category="T" * 200_000)
    assert "T" * 200_000 in log.rejected[0].cells
    assert len(log.rejected[0].cells) == len(log.columns)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"number,priority\nINC1,1\n", "it lacks incident_state, sys_mod_count, opened_at"),
        (SAMPLE.read_bytes().splitlines()[0], "has its columns and not one row"),
        (gzip.compress(SAMPLE.read_bytes())[:200], "cannot be read"),
        (b"\x1f\x8b" + b"nonsense" * 9, "cannot be read"),
        (b"PK\x03\x04" + bytes(range(256)) * 4, "is no audit log of incidents"),
    ],
)
def test_what_is_no_log_is_refused_in_a_sentence(tmp_path, data, sentence):
    path = tmp_path / "log.csv"
    path.write_bytes(data)
    with pytest.raises(NotALog, match=sentence):
        read(path, LONDON)


def test_a_missing_file_a_folder_and_an_unknown_zone_are_refused(tmp_path):
    with pytest.raises(NotALog, match="There is no file"):
        read(tmp_path / "nowhere.csv", LONDON)
    with pytest.raises(NotALog, match="cannot be read: Is a directory"):
        read(tmp_path, LONDON)
    for zone in ("Europe/Lundon", "", "../etc/passwd", "Europe"):
        with pytest.raises(NotALog, match="is not a time zone"):
            read(SAMPLE, zone)
