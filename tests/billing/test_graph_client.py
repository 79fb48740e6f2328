"""How Microsoft Graph is asked: page by page, with patience, with its own token, and nowhere else."""

import logging
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from billing.graph import client, relationships
from billing.graph.client import Gone, GraphError
from tests.billing.gdap_cases import READER, assignment, relationship_id, told
from tests.billing.graph_stub import SECRET

BUSY = {"error": {"code": "TooManyRequests", "message": "Slow down."}}


def ids(rows):
    return [row["id"] for row in rows]


def test_a_list_is_read_to_its_last_page(stub):
    stub.give(*(told(n) for n in range(1, 6)))
    assert ids(relationships.every(stub.graph())) == [relationship_id(n) for n in range(1, 6)]
    assert (len(stub.asked), stub.tokens, stub.slept) == (3, 1, [])


def test_a_next_page_at_another_host_is_never_asked_for(stub):
    stub.give(*(told(n) for n in range(1, 4)))
    for elsewhere in [
        lambda link: link.replace("127.0.0.1", "localhost"),
        lambda link: link.replace(f":{stub.port}", f":{stub.port}@evil.example"),
        lambda link: link.replace("http:", "https:"),
        lambda link: f"//evil.example/{link}",
        lambda link: link.replace("/v1.0/", "/beta/"),
        lambda link: {"href": link},
    ]:
        stub.next_link, stub.asked = elsewhere, []
        with pytest.raises(GraphError, match="at another host"):
            relationships.every(stub.graph())
        assert len(stub.asked) == 1


def test_a_list_without_an_end_is_given_up(stub, monkeypatch):
    monkeypatch.setattr(client, "MOST_PAGES", 5)
    stub.give(*(told(n) for n in range(1, 4)))
    stub.next_link = lambda link: link.replace("skiptoken=2", "skiptoken=0")
    with pytest.raises(GraphError, match="did not end after 5 pages"):
        relationships.every(stub.graph())
    assert len(stub.asked) == 5


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_waited_for(stub, status):
    stub.give(told())
    stub.mishaps.extend([(status, {"Retry-After": "17"}, BUSY), (status, {"Retry-After": "3"}, BUSY)])
    assert len(relationships.every(stub.graph())) == 1
    assert stub.slept == [17, 3]


def test_retry_after_may_be_a_date(stub):
    stub.give(told())
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    stub.mishaps.append((429, {"Retry-After": date}, BUSY))
    relationships.every(stub.graph())
    assert 50 < stub.slept[0] <= 60


@pytest.mark.parametrize(
    "odd",
    [
        "Wed, 21 Oct 99999999999999999999 07:28:00 GMT",
        "Wed, 21 Oct 2026 07:28:00 +999999999999",
        "soon",
        "-1",
    ],
)
def test_a_retry_after_that_says_nothing_is_as_none(stub, odd):
    stub.give(told())
    stub.mishaps.append((429, {"Retry-After": odd}, BUSY))
    assert len(relationships.every(stub.graph())) == 1
    assert 0 <= stub.slept[0] <= 1


def test_an_answer_that_drips_is_given_up(stub, monkeypatch):
    monkeypatch.setattr(client, "WHOLE_ANSWER", 0.3)
    stub.mishaps.append("drip")
    with pytest.raises(GraphError, match="in time"):
        relationships.every(stub.graph(tries=1))


def test_a_number_that_no_database_holds_is_none(stub):
    stub.mishaps.append((200, {}, b'{"value": [{"id": "x", "far": 1e999, "near": 1.5, "odd": NaN}]}'))
    assert relationships.every(stub.graph()) == [{"id": "x", "far": None, "near": 1.5, "odd": None}]


def test_without_retry_after_each_pause_is_twice_as_long_less_a_random_part(stub):
    stub.mishaps.extend([(503, {}, b"<html>busy</html>")] * 9)
    with pytest.raises(GraphError, match="too busy"):
        relationships.every(stub.graph())
    assert len(stub.asked) == client.TRIES
    assert all(2**n / 2 <= pause <= 2**n for n, pause in enumerate(stub.slept))


def test_a_pause_of_an_hour_is_left_to_the_next_run(stub):
    stub.mishaps.append((429, {"Retry-After": "3600"}, BUSY))
    with pytest.raises(GraphError, match="pause of 60 minutes"):
        relationships.every(stub.graph())
    assert stub.slept == []


def test_a_token_that_ends_in_the_middle_is_renewed_and_the_list_goes_on(stub):
    stub.give(*(told(n) for n in range(1, 8)))
    stub.token_lasts = 2
    assert len(relationships.every(stub.graph())) == 7
    assert stub.tokens == 2


def test_a_token_that_is_never_good_is_renewed_once_only(stub):
    stub.token_lasts = 0
    with pytest.raises(GraphError, match="lacks a permission"):
        relationships.every(stub.graph())
    assert (stub.tokens, len(stub.asked)) == (2, 2)


@pytest.mark.parametrize("mishap", ["close", (500, {}, None), (503, {"Retry-After": "2"}, None)])
def test_a_token_that_was_not_given_for_once_is_asked_for_again(stub, mishap):
    stub.give(told())
    stub.token_mishaps.append(mishap)
    assert len(relationships.every(stub.graph())) == 1
    stub.token_mishaps.extend([mishap] * client.TRIES)
    with pytest.raises(GraphError, match=r"Microsoft (could not be reached|was too busy)"):
        relationships.every(stub.graph())


def test_a_wrong_secret_is_said_in_a_sentence_without_it(stub, caplog):
    caplog.set_level(logging.DEBUG)
    graph = stub.graph()
    graph.secret = wrong = "wrong-and-secret"
    with pytest.raises(GraphError, match=r"no token \(invalid_client\)") as raised:
        relationships.every(graph)
    assert wrong not in f"{raised.value!r}{raised.getrepr(style='long')}{graph!r}{caplog.text}".replace(
        f'wrong = "{wrong}"', ""
    )


def test_neither_secret_nor_token_is_ever_logged(stub, caplog):
    caplog.set_level(logging.DEBUG)
    stub.give(told(), assignments=[assignment(READER)])
    graph = stub.graph()
    relationships.assignments(graph, relationship_id())
    stub.mishaps.append((403, {}, BUSY))
    with pytest.raises(GraphError):
        relationships.every(graph)
    assert caplog.records
    assert SECRET not in f"{caplog.text}{graph!r}"
    assert "token-1" not in f"{caplog.text}{graph!r}"


def test_a_token_is_never_sent_on_to_where_a_redirect_points(stub):
    stub.mishaps.append((302, {"Location": f"{stub.base}/elsewhere"}, None))
    with pytest.raises(GraphError, match="refused"):
        relationships.every(stub.graph())
    assert len(stub.asked) == 1


@pytest.mark.parametrize("mishap", ["close", "slow", (200, {}, b"<html>"), (200, {}, b"[" * 100_000)])
def test_a_read_that_breaks_is_tried_again_and_said_in_a_sentence(stub, mishap):
    stub.give(told())
    stub.mishaps.append(mishap)
    assert len(relationships.every(stub.graph(timeout=(2, 0.2)))) == 1
    stub.mishaps.extend([mishap] * client.TRIES)
    with pytest.raises(GraphError, match="Microsoft"):
        relationships.every(stub.graph(timeout=(2, 0.2)))


def test_a_write_that_breaks_is_never_sent_twice(stub):
    stub.give(told())
    stub.mishaps.append("close")
    with pytest.raises(GraphError, match="connection broke"):
        relationships.request(stub.graph(), relationship_id(), relationships.END)
    assert len(stub.writes()) == 1


def test_an_answer_without_an_end_is_cut_off(stub, monkeypatch):
    monkeypatch.setattr(client, "MOST_BYTES", 1000)
    stub.mishaps.extend([(200, {}, b" " * 200_000)] * client.TRIES)
    with pytest.raises(GraphError, match="too long"):
        relationships.every(stub.graph())


@pytest.mark.parametrize("body", [b'{"value": 4}', b"{}", b'{"value": null}'])
def test_a_list_that_is_none_is_said(stub, body):
    stub.mishaps.append((200, {}, body))
    with pytest.raises(GraphError, match="is no list"):
        relationships.every(stub.graph())


def test_what_is_gone_is_gone(stub):
    with pytest.raises(Gone):
        relationships.one(stub.graph(), "none/../of")
    assert "none%2F..%2Fof" in stub.asked[0].path


def test_auto_extend_reads_again_where_somebody_was_faster(stub):
    stub.give(told())
    relationships.extend(stub.graph(), relationship_id(), etag='W/"old"', on=True)
    assert [one.method for one in stub.asked] == ["PATCH", "GET", "PATCH"]
    assert stub.rows[relationship_id()]["autoExtendDuration"] == "P180D"


def test_only_a_draft_is_deleted(stub):
    stub.give(told(), told(2, status="created"))
    graph = stub.graph()
    with pytest.raises(GraphError, match="Only a draft"):
        relationships.delete(graph, relationship_id())
    assert stub.writes() == []
    relationships.delete(graph, relationship_id(2))
    assert list(stub.rows) == [relationship_id()]
