"""One row of Microsoft's answer: what it says, and that nothing in it can stop a reading."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from billing.graph.reading import DEEPEST, clean, relationship
from tests.billing.gdap_cases import EXCHANGE, READER, TENANT, assignment, relationship_id, told


def test_a_row_says_all_of_it():
    said = relationship(
        told(autoExtendDuration="P180D"), [assignment(EXCHANGE.upper()), assignment(READER, status="pending")]
    )
    assert (said.relationship_id, said.status, said.display_name) == (
        relationship_id(),
        "active",
        "Northwind support 1",
    )
    assert (said.tenant_id, said.duration, said.auto_extend) == (UUID(TENANT), "P730D", True)
    assert said.ends_at == datetime(2028, 1, 12, 8, 0, 0, 123456, tzinfo=UTC)
    assert said.roles == (EXCHANGE, READER)
    assert (said.assigned, said.assigned_roles) == (True, (EXCHANGE,))


@pytest.mark.parametrize("extend", ["P0D", "PT0S", None, 4])
def test_no_extension_is_written_in_several_ways(extend):
    assert not relationship(told(autoExtendDuration=extend)).auto_extend


def test_a_status_that_is_new_is_kept_as_it_is():
    assert relationship(told(status="unknownFutureValue")).status == "unknownFutureValue"
    assert relationship(told(status="on hold/soon")).status == "on-hold-soon"


@pytest.mark.parametrize(
    "odd", [None, 5, "x", [], {}, [None], {"unifiedRoles": {}}, {"unifiedRoles": [{}, 1]}, "\0"]
)
@pytest.mark.parametrize("name", [name for name in told() if name != "id"])
def test_whatever_stands_in_a_property_nothing_crashes(name, odd):
    said = relationship(told(**{name: odd}), [odd, {"status": "active", "accessDetails": odd}])
    assert said.relationship_id == relationship_id()


@pytest.mark.parametrize("row", [None, [], "x", {}, {"id": ""}, {"id": 4}])
def test_a_row_without_an_id_is_none(row):
    assert relationship(row) is None


@pytest.mark.parametrize(
    "instant",
    [
        "2026",
        "9999-12-31T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "2026-10-14T10:00:00",
        "soon",
    ],
)
def test_an_instant_that_is_none_reads_as_none(instant):
    assert relationship(told(endDateTime=instant)).ends_at is None


def test_a_row_without_a_bottom_is_kept_as_deep_as_anybody_reads():
    row = told()
    for _level in range(2000):
        row = {"id": "x", "deeper": row}
    kept, depth = relationship(row).raw, 0
    while kept:
        kept, depth = kept["deeper"], depth + 1
    assert depth == DEEPEST + 1


def test_what_the_database_refuses_is_left_out():
    assert clean({"a\0": ["b\0c", "\ud800"]}) == {"a": ["bc", "?"]}
