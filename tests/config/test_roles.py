"""One table role × page, one table role × model: the only sources of permissions (invariant 43)."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command

from support import roles
from support.management.commands.sync_roles import drift


@pytest.mark.django_db
def test_migrating_writes_the_groups():
    assert set(Group.objects.values_list("name", flat=True)) == set(roles.Role)
    assert drift() == {}


@pytest.mark.django_db
def test_drift_is_found_and_mended():
    group = Group.objects.get(name=roles.Role.AGENT)
    group.permissions.add(Permission.objects.get(codename="delete_user"))
    with pytest.raises(CommandError, match="Agents"):
        call_command("sync_roles", check=True)
    call_command("sync_roles", verbosity=0)
    assert drift() == {}


@pytest.mark.django_db
def test_losing_a_role_works_on_the_next_request(client, cast):
    client.force_login(cast.max)
    assert client.get("/admin/").status_code == 200
    cast.max.groups.clear()
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
