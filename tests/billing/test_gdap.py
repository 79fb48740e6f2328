"""No billable start without GDAP where it is needed: as the last reading said, within a day (invariant 10)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing import gdap, timing
from billing.models import GdapReading
from billing.shown import standing
from support.actors import Actor
from support.models import File
from support.refusal import Refused
from tests.attacks import refused
from tests.billing.billing_cases import EXCHANGE, at, entry, set_clock, world
from tests.billing.gdap_cases import TENANT
from tests.factories import TESTS
from tests.ground import standing_on
from tests.support.desk_cases import due

OTHER = "69091246-20e8-4a56-aa4d-066075b2a7a8"


@standing_on
def needing():
    return world(gdap=[EXCHANGE])


def confirm(w, when, **fields):
    set_clock(when)
    upload = SimpleUploadedFile("seen.png", b"picture", "image/png")
    evidence = File.objects.take(upload, customer=w.ticket.customer, visibility="internal", by=TESTS, at=when)
    fields = {
        "status": "active",
        "ends_at": at(0, day=1, month=12),
        "assigned": True,
        "roles": [EXCHANGE, OTHER],
        "reason": "Seen in the partner centre.",
        "by": Actor.of(w.max),
        **fields,
    }
    return gdap.confirm(w.ticket.customer, evidence=evidence, at=when, **fields)


def test_without_a_reading_nothing_starts(needing):
    with pytest.raises(Refused, match="GDAP is not active enough"):
        timing.start_timer(needing.approval, person=needing.ana, at=at(18))
    with refused("gdap_active_at_start"):
        entry(needing, at(11), at(12)).save()
    assert not gdap.active(needing.engagement)


def test_a_reading_counts_from_its_own_instant_on(needing):
    confirm(needing, at(18), seen_at=at(9))
    set_clock(at(19))
    with refused("gdap_active_at_start"):
        entry(needing, at(17.9), at(18.5)).save()
    entry(needing, at(18), at(19)).save()
    assert gdap.active(needing.engagement)


def test_active_enough_is_all_of_it(needing):
    lacking = [
        {"status": "terminated"},
        {"assigned": False},
        {"roles": [OTHER]},
        {"ends_at": at(18.2)},
        {"ends_at": None},
    ]
    for turn, fields in enumerate(lacking):
        confirm(needing, at(17 + turn / 10))
        confirm(needing, at(17.05 + turn / 10), **fields)
        set_clock(at(18.5))
        with pytest.raises(Refused, match="GDAP"):
            timing.start_timer(needing.approval, person=needing.ana, at=at(18.5))


def test_after_a_day_it_has_to_be_read_again(needing):
    confirm(needing, at(18))
    set_clock(at(18, day=15))
    with pytest.raises(Refused, match="GDAP"):
        timing.start_timer(needing.approval, person=needing.ana, at=at(18, day=15))


def test_stopping_asks_nothing_of_gdap(needing):
    set_clock(at(23, day=31))
    confirm(needing, at(23, day=31))
    timing.start_timer(needing.approval, person=needing.ana, at=at(23, day=31))
    confirm(needing, at(23.5, day=31), status="terminated")
    set_clock(at(1, day=1, month=11))
    result = timing.stop_timer(needing.ana.timer, by=Actor.of(needing.ana), at=at(1, day=1, month=11))
    assert [row.billed_minutes for row in result.entries] == [60, 60]


def test_while_it_is_processed_the_ticket_waits_and_nobody_is_late(needing):
    ticket = needing.ticket
    before = due(ticket, "update")
    confirm(needing, at(19), status="approvalPending", assigned=False)
    ticket.refresh_from_db()
    assert (ticket.state, due(ticket, "update")) == ("waiting", None)
    confirm(needing, at(21), status="active")
    ticket.refresh_from_db()
    assert (ticket.state, due(ticket, "update")) != ("waiting", before)
    assert ticket.state == "open"


def test_only_a_manager_confirms_by_hand_with_reason_and_evidence(needing):
    with pytest.raises(Refused, match="Only a support manager"):
        confirm(needing, at(18), by=Actor.of(needing.ana))
    with pytest.raises(Refused, match="why you confirm"):
        confirm(needing, at(18), reason="")
    with pytest.raises(Refused, match="template id"):
        confirm(needing, at(18), roles=["Exchange"])
    with pytest.raises(Refused, match="later than now"):
        confirm(needing, at(18), seen_at=at(19))
    with refused("gdap_by_hand_has_reason_and_evidence"):
        GdapReading.objects.create(customer=needing.ticket.customer, status="active", reason="Trust me.")


def test_readings_are_stamped_and_only_added(needing):
    row = GdapReading.objects.create(
        customer=needing.ticket.customer, status="active", source="graph", read_at=at(1)
    )
    row.refresh_from_db()
    assert row.read_at == at(18)
    with refused("permission denied"):
        GdapReading.objects.update(status="active")


def test_an_engagement_without_roles_needs_none(w):
    timing.start_timer(w.approval, person=w.ana, at=at(18))


def test_what_was_read_of_another_tenant_says_nothing_of_this_one(needing):
    customer = needing.ticket.customer
    customer.tenant_id = "11111111-1111-4111-8111-111111111111"
    set_clock(at(8.5))
    customer.by(TESTS, at(8.5)).save()
    confirm(needing, at(9))
    set_clock(at(18))
    assert gdap.active(needing.engagement)
    entry(needing, at(11), at(11.5)).save()
    customer.tenant_id = "22222222-2222-4222-8222-222222222222"
    set_clock(at(12))
    customer.by(TESTS, at(12)).save()
    set_clock(at(18))
    assert not gdap.active(needing.engagement)
    with refused("gdap_active_at_start"):
        entry(needing, at(13), at(14)).save()
    entry(needing, at(11.5), at(11.75), piece="00000000-0000-0000-0000-00000000000b").save()  # begun before
    [said] = standing(needing.engagement, needing.ana, at(18)).gdap_lacks
    assert "read of another tenant" in said
    confirm(needing, at(18))
    assert gdap.active(needing.engagement)


def test_what_was_seen_while_no_tenant_was_noted_says_nothing_of_the_one_after(needing):
    customer = needing.ticket.customer
    for hour, tenant in [(8.5, TENANT), (12, None), (16, TENANT.replace("6f", "7f"))]:
        set_clock(at(hour))
        customer.tenant_id = tenant
        customer.by(TESTS, at(hour)).save()
        if tenant is None:
            confirm(needing, at(13))
            assert gdap.active(needing.engagement)
    set_clock(at(18))
    assert not gdap.active(needing.engagement)


@pytest.mark.parametrize("last", [TENANT, TENANT.replace("6f", "8f")])
def test_work_under_a_tenant_between_two_needs_a_reading_of_that_one(needing, last):
    customer = needing.ticket.customer
    for hour, tenant in [(8.5, TENANT), (12, TENANT.replace("6f", "7f")), (14, last)]:
        set_clock(at(hour))
        customer.tenant_id = tenant
        customer.by(TESTS, at(hour)).save()
        if hour == 8.5:
            confirm(needing, at(9))
    set_clock(at(18))
    with refused("gdap_active_at_start"):
        entry(needing, at(12.5), at(13)).save()
    entry(needing, at(11), at(11.5)).save()


def test_what_somebody_saw_before_a_later_look_opens_nothing(needing):
    confirm(needing, at(18), status="terminated")
    with pytest.raises(Refused, match="looked since then"):
        confirm(needing, at(19), seen_at=at(9))
    confirm(needing, at(19), seen_at=at(18.5))
    assert gdap.active(needing.engagement)
    confirm(needing, at(19.25) + timedelta(seconds=5), status="terminated")
    confirm(needing, at(19.25) + timedelta(seconds=50), seen_at=at(19.25))  # typed to the minute
    assert gdap.active(needing.engagement)


def test_what_was_seen_before_the_tenant_changed_says_nothing_of_the_new_one(needing):
    customer = needing.ticket.customer
    for hour, tenant in [(17, TENANT), (18, TENANT.replace("6f", "7f"))]:
        set_clock(at(hour))
        customer.tenant_id = tenant
        customer.by(TESTS, at(hour)).save()
    confirm(needing, at(19), seen_at=at(17.5))
    assert not gdap.active(needing.engagement)
    confirm(needing, at(19.5), seen_at=at(18.5))
    assert gdap.active(needing.engagement)
