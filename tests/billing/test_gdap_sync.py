"""The hourly look at Microsoft: what it keeps, which readings it writes, and that the gate follows them."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from billing import gdap, gdap_sync, timing
from billing.graph.client import Graph, GraphError
from billing.models import GdapReading, GdapRelationship
from billing.tasks import sync_gdap
from support.actors import Actor
from support.models import Customer, Event
from support.refusal import Refused
from tests.billing.billing_cases import at, requested, set_clock, world
from tests.billing.gdap_cases import EXCHANGE, READER, TENANT, assignment, relationship_id, told
from tests.factories import TESTS, CustomerFactory
from tests.ground import standing_on

OTHER = TENANT.replace("6f", "7f")


@standing_on
def w():
    made = world(gdap=[EXCHANGE])
    customer = made.ticket.customer
    customer.tenant_id = TENANT
    customer.by(TESTS).save()
    return made


def sync(stub, when):
    set_clock(when)
    return gdap_sync.run(stub.graph(), at=when)


def starts(w, when) -> bool:
    set_clock(when)
    try:
        timing.start_timer(w.approval, person=w.ana, at=when)
    except Refused as refused:
        assert "GDAP" in refused.sentence
        return False
    timing.stop_timer(w.ana.timer, by=Actor.of(w.ana), at=when)
    return True


def changes(w) -> list:
    return list(Event.objects.filter(ticket=w.ticket, kind="gdap.changed").order_by("seq"))


def test_an_active_relationship_lets_work_start(w, stub):
    stub.give(told(), assignments=[assignment(EXCHANGE)])
    assert not starts(w, at(18))
    outcome = sync(stub, at(18.1))
    assert (outcome.relationships, outcome.readings, outcome.strangers) == (1, 1, 0)
    assert starts(w, at(18.2))
    [row] = GdapRelationship.objects.all()
    assert (row.customer, row.assigned_roles, row.source) == (w.ticket.customer, [EXCHANGE], "graph")
    assert [event.source for event in changes(w)] == ["graph"]


@pytest.mark.parametrize(
    ("fields", "assignments"),
    [
        ({"status": "activating"}, [assignment()]),
        ({"status": "expiring"}, [assignment()]),
        ({"status": "onHold"}, [assignment()]),
        ({"status": None}, [assignment()]),
        ({}, []),
        ({}, [assignment(status="pending")]),
        ({}, [assignment(READER)]),
        ({"accessDetails": {"unifiedRoles": [{"roleDefinitionId": READER}]}}, [assignment()]),
        ({"endDateTime": "2026-10-14T18:00:00Z"}, [assignment()]),
        ({"endDateTime": None}, [assignment()]),
        ({"customer": {"tenantId": OTHER}}, [assignment()]),
        ({"customer": None}, [assignment()]),
    ],
)
def test_anything_less_than_active_enough_starts_no_work(w, stub, fields, assignments):
    stub.give(told(**fields), assignments=assignments)
    sync(stub, at(18.1))
    assert not starts(w, at(18.2))


def test_two_relationships_give_their_roles_together_until_the_first_ends(w, stub):
    reader_only = {"unifiedRoles": [{"roleDefinitionId": READER}]}
    stub.give(
        told(1, accessDetails=reader_only, endDateTime="2026-11-01T00:00:00Z"),
        assignments=[assignment(READER)],
    )
    stub.give(told(2), assignments=[assignment(EXCHANGE)])
    stub.give(told(3, status="terminated"))
    sync(stub, at(18.1))
    reading = GdapReading.objects.get()
    assert (reading.status, reading.roles) == ("active", sorted([EXCHANGE, READER]))
    assert (reading.ends_at, reading.seen_at) == (at(0, day=1, month=11), at(18.1))


def test_a_day_of_syncs_keeps_the_gate_open_with_a_handful_of_readings(w, stub):
    stub.give(told(), assignments=[assignment(EXCHANGE)])
    for hour in range(49):
        sync(stub, at(18.1) + timedelta(hours=hour))
        assert gdap.active(w.engagement)
    assert GdapReading.objects.count() == 9
    assert len(changes(w)) == 1
    assert GdapRelationship.history.count() == 1


def test_where_nobody_needs_it_a_reading_a_day_is_enough(clock, stub):
    CustomerFactory(tenant_id=TENANT)
    stub.give(told(), told(2, status="terminated", customer={"tenantId": OTHER}), assignments=[assignment()])
    CustomerFactory(tenant_id=OTHER)
    for hour in range(49):
        sync(stub, at(18.1) + timedelta(hours=hour))
    readings = GdapReading.objects.values_list("status", flat=True)
    assert sorted(readings) == ["active", "active", "active", "terminated"]
    set_clock(None)


def test_what_ends_closes_the_gate_and_is_told_once(w, stub):
    stub.give(told(), assignments=[assignment(EXCHANGE)])
    sync(stub, at(18.1))
    stub.rows[relationship_id()]["status"] = "terminating"
    sync(stub, at(19.1))
    sync(stub, at(20.1))
    assert not starts(w, at(20.2))
    assert [event.facts["status"] for event in changes(w)] == ["active", "terminating"]


def test_what_is_not_listed_any_more_gives_no_access(w, stub):
    stub.give(told(), assignments=[assignment(EXCHANGE)])
    sync(stub, at(18.1))
    stub.rows.clear()
    assert sync(stub, at(19.1)).unlisted == 1
    assert not starts(w, at(19.2))
    assert not GdapRelationship.objects.get().listed
    assert GdapReading.objects.first().status == "notListed"


def test_a_relationship_that_turns_out_to_be_anothers_is_taken_away(w, stub):
    stub.give(told(), assignments=[assignment(EXCHANGE)])
    sync(stub, at(18.1))
    stub.rows[relationship_id()]["customer"] = {"tenantId": OTHER}
    sync(stub, at(19.1))
    assert not starts(w, at(19.2))


def test_while_it_is_processed_the_ticket_waits_until_it_is_active(w, stub):
    stub.give(told(status="approvalPending", endDateTime=None))
    sync(stub, at(18.1))
    w.ticket.refresh_from_db()
    assert w.ticket.state == "waiting"
    assert GdapRelationship.objects.get().pending_since == at(8, day=12, month=1) + timedelta(seconds=0.1)
    stub.give(told(), assignments=[assignment(EXCHANGE)])
    sync(stub, at(19.1))
    w.ticket.refresh_from_db()
    assert w.ticket.state == "open"
    assert GdapRelationship.objects.get().pending_since is None


def test_an_engagement_that_came_later_hears_of_it_with_the_next_reading(w, stub):
    stub.give(told(status="approvalPending", endDateTime=None))
    sync(stub, at(4))
    late = requested(w.contract, gdap_roles=(EXCHANGE,))
    sync(stub, at(18.1))
    assert Event.objects.filter(ticket=late.ticket, kind="gdap.changed").count() == 1
    assert len(changes(w)) == 2  # requested at 08:00 as well


def test_a_list_that_breaks_off_changes_nothing(w, stub):
    stub.give(*(told(n) for n in range(1, 4)), assignments=[assignment()])
    sync(stub, at(18.1))
    stub.mishaps.extend([None] * 1 + [(500, {}, None)])
    with pytest.raises(GraphError):
        sync(stub, at(19.1))
    assert GdapRelationship.objects.filter(listed=True, synced_at=at(18.1)).count() == 3


def test_a_customer_whose_relationship_cannot_be_read_gets_no_reading_and_the_others_do(w, stub):
    CustomerFactory(tenant_id=OTHER)
    stub.page_size = 9
    stub.give(told(), assignments=[assignment(EXCHANGE)])
    sync(stub, at(18.1))
    stub.give(told(2, customer={"tenantId": OTHER}), assignments=[assignment(EXCHANGE)])
    stub.mishaps.extend([None, (500, {}, None)])
    outcome = sync(stub, at(18.1, day=15) + timedelta(minutes=1))
    assert (outcome.unread, outcome.readings, outcome.unlisted) == ([relationship_id()], 1, 0)
    assert not starts(w, at(18.2, day=15))


def test_when_one_after_the_other_fails_it_is_microsoft_and_the_job_is_tried_again(w, stub):
    stub.page_size = 9
    stub.give(*(told(n) for n in range(1, 6)))
    stub.mishaps.extend([None] + [(500, {}, None)] * 9)
    with pytest.raises(GraphError):
        sync(stub, at(18.1))
    assert len(stub.asked) == 4


def test_a_later_confirmation_by_hand_is_not_overwritten_by_what_was_read_before_it(w, stub):
    stub.give(told(), assignments=[assignment(EXCHANGE)])
    GdapReading.objects.create(
        customer=w.ticket.customer, status="terminated", source="graph", actor_kind="staff", actor_name="Max"
    )
    assert gdap_sync.run(stub.graph(), at=at(17)).readings == 0
    assert not starts(w, at(18.2))


def test_the_token_ends_in_the_middle_and_the_sync_goes_on(w, stub):
    stub.give(*(told(n) for n in range(1, 6)), assignments=[assignment(EXCHANGE)])
    stub.token_lasts = 3
    outcome = sync(stub, at(18.1))
    assert (outcome.relationships, stub.tokens) == (5, 3)
    assert starts(w, at(18.2))


def test_odd_rows_are_kept_raw_and_stop_nothing(w, stub):
    stub.give(
        told(1, status="someFuture thing", odd={"a\0": float("nan")}), told(2, customer=7, displayName=[])
    )
    stub.give({"id": relationship_id(3)})
    stub.rows["x"] = {"no": "id"}
    outcome = sync(stub, at(18.1))
    assert (outcome.relationships, outcome.unread, outcome.strangers) == (3, ["?"], 2)
    row = GdapRelationship.objects.get(relationship_id=relationship_id())
    assert (row.status, row.raw["odd"]) == ("someFuture-thing", {"a": None})
    assert GdapReading.objects.get().status == "someFuture-thing"


def test_a_sync_only_ever_reads(w, stub, settings):
    settings.GDAP_WRITE = True
    stub.give(told(), told(2, status="created"), assignments=[assignment()])
    sync(stub, at(18.1))
    assert stub.writes() == []


@pytest.fixture
def configured(stub, monkeypatch):
    monkeypatch.setattr(Graph, "configured", classmethod(lambda cls: stub.graph()))
    return stub


def test_the_command_says_what_it_did(w, configured, time_machine):
    time_machine.move_to(at(18), tick=False)
    configured.give(told(), told(2, customer=None), assignments=[assignment()])
    said, asked_again = io.StringIO(), io.StringIO()
    call_command("sync_gdap", stdout=said)
    assert said.getvalue().startswith("2 relationships, 1 new readings; 1 of no customer of ours, 0 not")
    call_command("sync_gdap", "--json", stdout=asked_again)
    assert json.loads(asked_again.getvalue()) == {
        "relationships": 2,
        "readings": 0,
        "not_listed_any_more": 0,
        "of_no_customer": 1,
        "not_read": 0,
    }


def test_the_command_fails_with_a_sentence(db, configured):
    configured.mishaps.append((403, {}, None))
    with pytest.raises(CommandError, match="lacks a permission"):
        call_command("sync_gdap")


def test_without_an_app_registration_the_job_does_nothing_and_the_command_says_so(db, settings):
    settings.GRAPH = {}
    sync_gdap(timestamp=0)
    with pytest.raises(CommandError, match="No app registration"):
        call_command("sync_gdap")


def test_the_job_reads_and_is_queued_hourly_once(w, configured):
    configured.give(told(), assignments=[assignment()])
    sync_gdap(timestamp=0)
    assert GdapRelationship.objects.get().synced_at <= timezone.now()
    assert sync_gdap.queueing_lock == "billing.sync_gdap"
    configured.mishaps.append((500, {}, None))
    with pytest.raises(GraphError):
        sync_gdap(timestamp=0)


def test_a_tenant_that_is_corrected_during_a_sync_is_not_read_by_the_old_one(w, stub, monkeypatch):
    stub.give(told(), assignments=[assignment(EXCHANGE)])
    unlist = gdap_sync._unlist

    def meanwhile(*args):
        unlist(*args)
        set_clock(at(18.2))
        moved = Customer.objects.get(pk=w.ticket.customer_id)
        moved.tenant_id = OTHER
        moved.by(TESTS, at(18.2)).save()

    monkeypatch.setattr(gdap_sync, "_unlist", meanwhile)
    sync(stub, at(18.1))
    assert not starts(w, at(18.4))
    assert GdapReading.objects.get().status == "notListed"
