"""The table of relationships: what it works out, what it keeps of every change, what it refuses."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from billing.gdap_roles import GLOBAL_ADMINISTRATOR
from billing.models import GdapAct, GdapRelationship
from support.models import Customer
from tests.attacks import refused
from tests.billing.gdap_cases import TENANT, kept
from tests.cases import NOON
from tests.factories import TESTS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("left", "days"),
    [
        (timedelta(days=30), 30),
        (timedelta(days=6, hours=1), 7),
        (timedelta(minutes=1), 1),
        (-timedelta(1), 0),
    ],
)
def test_the_days_that_are_left_are_our_own_figure(db, left, days):
    assert kept(ends_at=NOON + left).days_left(NOON) == days


def test_only_an_active_one_has_days_left_and_only_a_pending_one_lapses():
    pending = kept(status="approvalPending", ends_at=None, pending_since=NOON)
    assert (pending.days_left(NOON), pending.lapses_at) == (None, NOON + timedelta(days=90))
    assert kept(2).lapses_at is None
    assert pending.invitation.endswith(f"/granularAdminRelationships/{pending.relationship_id}")


def test_access_is_active_assigned_listed_and_not_over():
    assert kept().gives_access(NOON)
    for n, fields in enumerate(
        [
            {"status": "expiring"},
            {"assigned": False},
            {"listed": False},
            {"ends_at": NOON},
            {"ends_at": None},
        ],
        2,
    ):
        assert not kept(n, **fields).gives_access(NOON)


def test_a_change_leaves_history_and_another_sync_alone_does_not():
    row = kept()
    row.status = "terminated"
    row.by(TESTS).save()
    assert row.history.count() == 2
    GdapRelationship.objects.filter(pk=row.pk).update(synced_at=NOON + timedelta(hours=1))
    connection.check_constraints()
    with refused("history_required"):
        GdapRelationship.objects.filter(pk=row.pk).update(status="active")
        connection.check_constraints()


def test_a_row_says_truly_whether_it_holds_global_administrator():
    kept(roles=[GLOBAL_ADMINISTRATOR], has_global_admin=True)
    with refused("global_admin_is_among_the_roles"):
        kept(2, roles=[GLOBAL_ADMINISTRATOR])


def test_nothing_of_it_is_deleted_and_acts_are_stamped_and_only_added(clock):
    row = kept()
    act = GdapAct(relationship_id=row.relationship_id, kind="end", reason="Not needed", acted_at=None)
    act.actor = TESTS
    act.save()
    act.refresh_from_db()
    assert act.acted_at == NOON
    for attack in [
        lambda: GdapAct.objects.update(reason="x"),
        lambda: GdapRelationship.objects.all().delete(),
    ]:
        with refused("permission denied"):
            attack()
    with refused("gdap_act_has_a_reason"):
        GdapAct.objects.create(relationship_id="x", kind="end", reason="", actor_kind="staff", actor_name="M")


def test_a_customers_tenant_is_a_tenant_and_nobody_elses(client, cast):
    cast.northwind.tenant_id = TENANT
    cast.northwind.by(TESTS).save()
    client.force_login(cast.max)
    address = reverse("admin:support_customer_change", args=[cast.tailspin.pk])
    form = client.get(address).context["adminform"].form
    said = {name: value for name, value in form.initial.items() if value is not None}
    for wrong, sentence in [("northwind.example", "32 figures"), (TENANT.upper(), "another customer")]:
        page = client.post(address, {**said, "tenant_id": wrong})
        assert sentence in page.text
    assert client.post(address, {**said, "tenant_id": TENANT.replace("6f", "7f")}).status_code == 302
    assert Customer.objects.get(pk=cast.tailspin.pk).tenant_id.hex.startswith("7f1b")


def test_the_records_show_a_relationship_and_let_nobody_change_it(client, cast):
    row = kept(customer=cast.northwind)
    client.force_login(cast.max)
    page = client.get(reverse("admin:billing_gdaprelationship_change", args=[row.pk])).text
    assert "Exchange Administrator" in page
    assert 'name="_save"' not in page
    listed = client.get(
        reverse("admin:billing_gdaprelationship_changelist"), {"status": "active", "q": "North"}
    )
    assert row.display_name in listed.text
