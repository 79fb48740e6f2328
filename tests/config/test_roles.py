"""One table role × page, one table role × model: the only sources of permissions (invariant 43)."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from support import roles
from support.actors import Actor
from support.management.commands.sync_roles import drift
from tests.attacks import refused
from tests.cases import NOON
from tests.factories import TESTS, UserFactory


@pytest.mark.django_db
def test_migrating_writes_the_groups():
    assert set(Group.objects.values_list("name", flat=True)) == set(roles.Role)
    assert drift() == {}


def test_drift_is_found_and_mended(own_database):
    group = Group.objects.get(name=roles.Role.AGENT)
    with connection.as_owner():
        group.permissions.add(Permission.objects.get(codename="delete_user"))
    with pytest.raises(CommandError, match="Agents"):
        call_command("sync_roles", check=True)
    call_command("sync_roles", verbosity=0)
    assert drift() == {}


def test_a_role_is_given_with_history_or_not_at_all(own_database):
    ana, finance = UserFactory(), Group.objects.get(name=roles.Role.FINANCE)
    with refused("roles_leave_history"):
        ana.groups.add(finance)
    ana.give_roles([roles.Role.FINANCE], by=TESTS, at=NOON)
    last = ana.history.latest("history_id")
    assert (last.history_change_reason, last.actor_name) == ("Roles: Finance", TESTS.name)
    with refused("roles_leave_history"):
        ana.groups.clear()
    ana.disable(by=TESTS, at=NOON)
    assert ana.history.latest("history_id").history_change_reason is None


@pytest.mark.django_db
def test_losing_a_role_works_on_the_next_request(client, cast):
    client.force_login(cast.max)
    assert client.get("/admin/").status_code == 200
    cast.max.give_roles([], by=Actor.of(cast.ana), at=timezone.now())
    assert client.get("/admin/").status_code == 403


@pytest.mark.django_db
def test_disabling_a_person_works_on_the_next_request(client, cast):
    client.force_login(cast.max)
    cast.max.is_active = False
    cast.max.save()
    assert client.get("/admin/").status_code == 302


def test_the_longest_fit_wins():
    assert roles.of_page("admin:support_customer_changelist") == {roles.Role.MANAGER, roles.Role.FINANCE}
    assert roles.of_page("nobody-knows-it") is None
