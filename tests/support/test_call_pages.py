"""The page of calls: who may tell, what comes back, and how many queries a long log costs."""

import pytest
from django.urls import reverse

from support.models import CallRecord, CallStriking
from tests.support.desk_cases import contract_under, utc
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db
SAID = {"channel": "phone", "offered_at": "2026-10-14T09:00", "ended": "answered", "seconds": "45"}


@pytest.fixture
def contract(cast):
    return contract_under("egroup-csp-advantage", number="C-77")


@pytest.fixture
def ana(client, cast, time_machine):
    time_machine.move_to(utc("2026-10-14 12:00"), tick=False)
    client.force_login(cast.ana)
    return client


def test_an_agent_tells_of_a_call_and_sees_its_result(ana, contract):
    assert post(ana, "support:call-tell", contract="C-77", **SAID).status_code == 302
    post(ana, "support:call-tell", contract="C-77", **{**SAID, "seconds": "300"})
    page = ana.get(reverse("support:call-list")).content.decode()
    assert "Answered after 45 s" in page
    assert "in time" in page
    assert "missed" in page


def test_a_form_sent_twice_tells_once(ana, contract):
    key = "3f6f8f2e-6d6e-4a55-9d8a-000000000001"
    for _ in range(2):
        post(ana, "support:call-tell", contract="C-77", key=key, **SAID)
    assert CallRecord.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"offered_at": "2026-10-14T13:30"}, "has not ended yet"),
        ({"offered_at": "2024-10-14T09:00"}, "was not in force on that day"),
        ({"seconds": "-1"}, "greater than or equal to 0"),
        ({"contract": "C-0"}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_comes_back_with_a_sentence(ana, contract, wrong, sentence):
    answer = post(ana, "support:call-tell", **{"contract": "C-77", **SAID, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert 'value="45"' in answer.content.decode() or "seconds" in wrong


def test_a_wrong_one_is_struck_out_and_says_by_whom(ana, cast, contract):
    post(ana, "support:call-tell", contract="C-77", **SAID)
    record = CallRecord.objects.get()
    assert post(ana, "support:call-strike", record.pk, reason="").status_code == 409
    post(ana, "support:call-strike", record.pk, reason="A test of the line")
    assert CallStriking.objects.get().record == record
    page = ana.get(reverse("support:call-list")).content.decode()
    assert f"Struck out by {cast.ana.name}: A test of the line" in page
    assert post(ana, "support:call-strike", 4711, reason="x").status_code == 404


def test_finance_reads_and_does_not_tell(client, cast, contract):
    client.force_login(cast.fin)
    assert client.get(reverse("support:call-list")).status_code == 200
    assert post(client, "support:call-tell", contract="C-77", **SAID).status_code == 403


def test_get_tells_nothing(ana, contract):
    assert ana.get(reverse("support:call-tell")).status_code == 405
    assert ana.get(reverse("support:call-strike", args=[1])).status_code == 405


def test_the_page_costs_the_same_however_long_the_log(ana, contract, django_assert_max_num_queries):
    for _ in range(8):
        post(ana, "support:call-tell", contract="C-77", **SAID)
    with django_assert_max_num_queries(9):
        ana.get(reverse("support:call-list"))
