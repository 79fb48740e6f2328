"""Managers keep regions and the rota in the records; hand-offs are only read there."""

import pytest
from django.urls import reverse

from escalations.models import Duty, Region
from support.actors import Actor
from tests.escalations.handoff_cases import offered, on_duty, person, region, severe
from tests.factories import TESTS
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db

SHIFT = {"from_at": "2026-10-15T00:00", "until_at": "2026-10-15T10:00"}


def add(client, **data):
    return client.post(reverse("admin:escalations_duty_add"), {"region": region("au").pk, **SHIFT, **data})


def test_a_line_of_the_rota_is_added_once_with_its_actor_and_removed_again(client, cast):
    client.force_login(cast.max)
    assert add(client, person=cast.ana.pk).status_code == 302
    row = Duty.objects.get()
    assert row.history.get().actor_name == "Max"
    assert "in that time already" in add(client, person=cast.ana.pk).content.decode()
    assert (
        "not after its beginning"
        in add(client, person=cast.max.pk, until_at="2026-10-14T10:00").content.decode()
    )
    assert add(client, person=cast.max.pk, until_at="").status_code == 200
    gone = client.post(reverse("admin:escalations_duty_delete", args=[row.pk]), {"post": "yes"})
    assert (gone.status_code, Duty.objects.count()) == (302, 0)


def test_a_line_from_the_hour_that_comes_twice_is_kept_as_it_is(client, cast):
    cast.max.time_zone = "Europe/London"
    cast.max.by(TESTS).save()
    row = on_duty(cast.ana, "au", "2026-10-25 01:20", "2026-10-25 09:00")  # the second 01:20 there
    client.force_login(cast.max)
    here = reverse("admin:escalations_duty_change", args=[row.pk])
    page = client.get(here).text
    assert ('value="2026-10-25T01:20"' in page, '<option value="second" selected>' in page) == (True, True)
    said = {"person": cast.ana.pk, "region": region("us").pk, "until_at": "2026-10-25T09:00"}
    asked = client.post(here, {**said, "from_at": "2026-10-25T01:20"})
    assert "this time came twice: choose which one it was" in asked.text
    kept = client.post(here, {**said, "from_at": "2026-10-25T01:20", "from_at_reading": "second"})
    row.refresh_from_db()
    assert (kept.status_code, row.region.code, row.from_at) == (302, "us", utc("2026-10-25 01:20"))


def test_a_region_changes_its_phone_route_and_not_its_code_and_stays(client, cast):
    client.force_login(cast.max)
    row = region("au")
    here = reverse("admin:escalations_region_change", args=[row.pk])
    said = {"name": "Australia", "time_zone": "Australia/Sydney", "calendar": "au-distributor", "covers": ""}
    data = {**said, "phone": "Line 2, option 1", "alarm_minutes": 45, "code": "nz"}
    assert client.post(here, data).status_code == 302
    row = Region.objects.get(pk=row.pk)
    assert (row.code, row.phone, row.alarm_minutes) == ("au", "Line 2, option 1", 45)
    assert "no calendar of this name" in client.post(here, {**data, "calendar": "nowhere"}).content.decode()
    assert (
        client.post(reverse("admin:escalations_region_delete", args=[row.pk]), {"post": "yes"}).status_code
        == 403
    )


@pytest.mark.parametrize("model", ["handoff", "handoffstep", "handoffalarm"])
def test_hand_offs_are_found_and_read_and_nothing_else(client, cast, now, model):
    now("2026-10-14 20:00")
    on_duty(person("Sol"))
    offered(severe(owner=cast.ana), now, Actor.of(cast.ana))
    client.force_login(cast.max)
    assert client.get(reverse(f"admin:escalations_{model}_changelist"), {"q": "SR-"}).status_code == 200
    assert client.get(reverse(f"admin:escalations_{model}_add")).status_code == 403
