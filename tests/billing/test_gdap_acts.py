"""What managers have Microsoft do: only with GDAP_WRITE on, with a reason, and never against open work."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse

from billing import gdap, gdap_shown
from billing.graph.client import Graph
from billing.models import GdapAct, GdapRelationship
from tests.attacks import run
from tests.billing.billing_cases import EXCHANGE
from tests.billing.gdap_cases import READER, TENANT, assignment, kept, relationship_id, told
from tests.billing.page_cases import engagement_for
from tests.factories import TESTS
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db
REASON = {"reason": "The contract has ended."}
DRAFT = {
    "name": "Northwind 2027",
    "days": "365",
    "roles": [EXCHANGE],
    "reason": "New work",
    "customer": "northwind",
}


@pytest.fixture
def microsoft(stub, monkeypatch, settings):
    settings.GDAP_WRITE = True
    monkeypatch.setattr(Graph, "configured", classmethod(lambda cls, **options: stub.graph(**options)))
    return stub


@pytest.fixture
def max(client, cast, microsoft):
    cast.northwind.tenant_id = TENANT
    cast.northwind.by(TESTS).save()
    client.force_login(cast.max)
    return client


def known(stub, cast, status="active", **fields):
    stub.give(told(status=status, **fields), assignments=[assignment()])
    return kept(customer=cast.northwind, status=status, tenant_id=TENANT)


@contextmanager
def another_reading():
    """Somebody else's connection, in the middle of what he writes."""
    held, done = threading.Event(), threading.Event()

    def hold():
        try:
            with transaction.atomic():
                gdap.hold()
                held.set()
                done.wait()
        finally:
            held.set()
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        holder = pool.submit(hold)
        held.wait()
        try:
            yield
        finally:
            done.set()
        holder.result()


def sent(stub):
    return [(one.method, one.body) for one in stub.writes()]


def test_a_draft_is_made_locked_and_recorded_with_its_reason(max, microsoft, cast):
    assert post(max, "billing:gdap-create", **DRAFT).status_code == 302
    row = GdapRelationship.objects.get()
    assert (row.status, row.customer, row.roles, row.duration) == (
        "created",
        cast.northwind,
        [EXCHANGE],
        "P365D",
    )
    assert post(max, "billing:gdap-lock", row.pk, **REASON).status_code == 302
    assert sent(microsoft)[1] == ("POST", {"action": "lockForApproval"})
    assert [(act.kind, act.actor_name) for act in GdapAct.objects.all()] == [
        ("lock", "Max"),
        ("create", "Max"),
    ]
    assert "The contract has ended." in max.get(reverse("billing:gdap-page", args=[row.pk])).text


def test_an_active_one_is_extended_and_ended(max, microsoft, cast):
    row = known(microsoft, cast)
    assert post(max, "billing:gdap-extend", row.pk, on="on", **REASON).status_code == 302
    assert post(max, "billing:gdap-end", row.pk, **REASON).status_code == 302
    assert sent(microsoft) == [("PATCH", {"autoExtendDuration": "P180D"}), ("POST", {"action": "terminate"})]


def test_one_that_open_work_needs_is_never_ended(max, microsoft, cast):
    engagement = engagement_for(cast, gdap_roles=(EXCHANGE,))
    row = known(microsoft, cast)
    page = post(max, "billing:gdap-end", row.pk, **REASON)
    assert (page.status_code, f"Open work needs it: {engagement.reference}." in page.text) == (422, True)
    assert (sent(microsoft), GdapAct.objects.count()) == ([], 0)


def test_microsofts_own_word_on_whose_it_is_and_what_it_holds_counts_too(max, microsoft, cast):
    engagement_for(cast, gdap_roles=(READER,))
    microsoft.give(told())
    row = kept(customer=None, roles=[], assigned_roles=[])
    assert post(max, "billing:gdap-end", row.pk, **REASON).status_code == 422
    assert sent(microsoft) == []


@pytest.mark.parametrize(
    ("verb", "status", "sentence"),
    [
        ("lock", "active", "Only a draft is sent"),
        ("end", "expiring", "Only an active relationship can be ended"),
        ("end", "approvalPending", "Only an active"),
        ("extend", "terminated", "Only an active relationship is extended"),
        ("delete", "approvalPending", "Only a draft can be deleted"),
    ],
)
def test_in_another_state_at_microsoft_it_is_refused(max, microsoft, cast, verb, status, sentence):
    row = known(microsoft, cast)
    microsoft.rows[relationship_id()]["status"] = status
    page = post(max, f"billing:gdap-{verb}", row.pk, **REASON)
    assert (page.status_code, sentence in page.text) == (422, True)
    assert sent(microsoft) == []


def test_a_draft_is_deleted(max, microsoft, cast):
    row = known(microsoft, cast, status="created")
    assert post(max, "billing:gdap-delete", row.pk, **REASON).status_code == 302
    assert (microsoft.rows, GdapRelationship.objects.get().listed) == ({}, False)


def test_what_microsoft_refuses_leaves_nothing_behind(max, microsoft, cast):
    row = known(microsoft, cast)
    microsoft.mishaps.extend([None, (400, {}, {"error": {"message": "<b>Not now.</b>"}})])
    page = post(max, "billing:gdap-end", row.pk, **REASON)
    assert "Microsoft refused (400). &lt;b&gt;Not now." in page.text
    assert GdapAct.objects.count() == 0
    microsoft.mishaps.append((429, {"Retry-After": "99"}, None))
    assert "too busy" in post(max, "billing:gdap-end", row.pk, **REASON).text
    assert microsoft.slept == []


@pytest.mark.parametrize("verb", ["end", "extend", "lock", "delete"])
@pytest.mark.parametrize("mishap", [(500, {}, None), (503, {}, None), "close"])
def test_who_asked_for_what_whose_answer_was_lost_is_kept(max, microsoft, cast, verb, mishap):
    row = known(microsoft, cast, status="active" if verb in ("end", "extend") else "created")
    looks = 2 if verb == "delete" else 1
    microsoft.mishaps.extend([None] * looks + [mishap])
    page = max.get(post(max, f"billing:gdap-{verb}", row.pk, **REASON).url)
    assert "answer was lost" in page.text
    assert [(act.kind, act.reason) for act in GdapAct.objects.all()] == [(verb, REASON["reason"])]
    assert GdapRelationship.objects.get().listed


def test_who_asked_for_a_draft_whose_answer_was_lost_is_kept(max, microsoft):
    microsoft.mishaps.append("close")
    page = max.get(post(max, "billing:gdap-create", **DRAFT).url)
    assert "Microsoft’s answer was lost" in page.text
    again = max.get(reverse("billing:gdap-list")).text
    assert f"{DRAFT['name']} for northwind, asked for by Max" in again
    assert DRAFT["reason"] in again
    act = GdapAct.objects.get()
    assert (act.kind, act.asked["name"], act.asked["customer"]) == ("create", DRAFT["name"], "northwind")
    assert gdap_shown.lost(act.acted_at + timedelta(days=1)) == [act]
    assert gdap_shown.lost(act.acted_at + timedelta(days=2)) == []  # by then it would have been read


@pytest.mark.parametrize("verb", ["create", "delete"])
def test_what_microsoft_did_is_kept_while_somebody_else_writes_what_he_read(max, microsoft, cast, verb):
    row = known(microsoft, cast, status="created") if verb == "delete" else None

    run("SET LOCAL lock_timeout = '50ms'")
    with another_reading():
        page = post(max, f"billing:gdap-{verb}", *([row.pk] if row else []), **(REASON if row else DRAFT))
    assert "somebody else was writing what he read" in max.get(page.url).text
    act = GdapAct.objects.get()
    assert (act.kind, len(microsoft.writes())) == (verb, 1)
    assert gdap_shown.lost(act.acted_at) == ([act] if verb == "create" else [])


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": ""}, "required"),
        ({"days": "731"}, "730"),
        ({"roles": []}, "required"),
        ({"roles": ["62e90394-69f5-4237-9190-012177145e10"], "auto_extend": "on"}, "cannot be extended"),
        ({"customer": "tailspin"}, "valid choice"),
    ],
)
def test_a_draft_that_cannot_be_is_not_asked_for(max, microsoft, fields, sentence):
    page = post(max, "billing:gdap-create", **DRAFT | fields)
    assert page.status_code == 422
    assert sentence in page.text or "available choices" in page.text
    assert sent(microsoft) == []


VERBS = ["lock", "end", "extend", "delete"]


def test_without_gdap_write_nothing_is_ever_written(max, microsoft, cast, settings):
    settings.GDAP_WRITE = False
    row = known(microsoft, cast)
    for status in ["active", "created"]:
        microsoft.rows[relationship_id()]["status"] = status
        for verb in VERBS:
            page = post(max, f"billing:gdap-{verb}", row.pk, **REASON)
            assert (page.status_code, "only read here" in page.text) == (422, True)
    assert "only read here" in post(max, "billing:gdap-create", **DRAFT).text
    assert (microsoft.asked, GdapAct.objects.count()) == ([], 0)
    assert (
        reverse("billing:gdap-end", args=[row.pk])
        not in max.get(reverse("billing:gdap-page", args=[row.pk])).text
    )
    assert reverse("billing:gdap-create") not in max.get("/gdap/").text


def test_nobody_but_a_manager_asks_microsoft_for_anything(client, cast, microsoft):
    row = known(microsoft, cast)
    for person in [cast.ana, cast.fin, cast.robin]:
        client.force_login(person)
        for verb in VERBS:
            assert post(client, f"billing:gdap-{verb}", row.pk, **REASON).status_code in (403, 404)
    client.force_login(cast.max)
    for verb in VERBS:
        assert client.get(reverse(f"billing:gdap-{verb}", args=[row.pk])).status_code == 405
        assert post(client, f"billing:gdap-{verb}", row.pk + 1, **REASON).status_code == 404
    assert microsoft.asked == []


def test_without_a_registration_a_verb_says_so(max, cast, monkeypatch):
    monkeypatch.setattr(Graph, "configured", classmethod(lambda cls, **options: None))
    assert "No app registration" in post(max, "billing:gdap-end", kept().pk, **REASON).text
