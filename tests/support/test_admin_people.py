"""Managers make, disable and enable people; nobody lifts himself or others above a manager."""

import pytest
from django.contrib.auth.models import Group

from support.models import User
from support.roles import Role
from tests.factories import UserFactory
from tests.support.test_admin_changes import posted

pytestmark = pytest.mark.django_db
ADD = "/admin/support/user/add/"


@pytest.fixture
def root(cast):
    return UserFactory(name="Ruth", email="ruth@staff.example", is_superuser=True)


@pytest.fixture
def manager(client, cast):
    client.force_login(cast.max)
    return client


def groups(*names):
    return list(Group.objects.filter(name__in=names).values_list("pk", flat=True))


def new(**changes):
    fields = {"name": "Noor", "email": "noor@staff.example", "kind": "staff", "locale": "en-gb"}
    fields |= {"time_zone": "Europe/London", "groups": groups(Role.AGENT), "usable_password": "true"}
    return fields | {"password1": "a long enough one", "password2": "a long enough one"} | changes


def page(user):
    return f"/admin/support/user/{user.pk}/change/"


def test_a_new_person_can_sign_in_and_is_the_managers_deed(manager):
    assert manager.post(ADD, new()).status_code == 302
    noor = User.objects.get(email="noor@staff.example")
    assert noor.check_password("a long enough one")
    assert noor.roles == {Role.AGENT}
    made = noor.history.get()
    assert (made.actor_name, made.history_change_reason) == ("Max", "Roles: Agents")


def test_without_a_password_the_person_chooses_one(manager):
    manager.post(ADD, new(usable_password="false", password1="", password2=""))
    assert not User.objects.get(email="noor@staff.example").has_usable_password()


@pytest.mark.parametrize(("kind", "role"), [("customer", Role.AGENT), ("staff", Role.CUSTOMER)])
def test_roles_fit_the_kind(manager, kind, role):
    assert manager.post(ADD, new(kind=kind, groups=groups(role))).status_code == 200
    assert not User.objects.filter(email="noor@staff.example").exists()


def test_an_address_is_taken_in_any_case(manager, cast):
    assert manager.post(ADD, new(email=cast.ana.email.upper())).status_code == 200


def test_a_manager_makes_no_superuser_not_even_of_himself(manager, cast):
    manager.post(ADD, new(is_superuser="on"))
    for user in (cast.max, cast.ana):
        posted(manager, page(user), is_superuser="on", kind="customer", user_permissions="1")
        user.refresh_from_db()
        assert not user.is_superuser
        assert user.kind == "staff"
        assert not user.user_permissions.exists()
    assert not User.objects.filter(is_superuser=True).exists()


def test_a_manager_gives_any_of_the_four_roles(manager, cast):
    assert posted(manager, page(cast.ana), groups=groups(Role.AGENT, Role.FINANCE)).status_code == 302
    assert User.objects.get(pk=cast.ana.pk).roles == {Role.AGENT, Role.FINANCE}
    assert cast.ana.history.first().history_change_reason == "Roles: Agents, Finance"


def test_a_superusers_account_is_out_of_a_managers_reach(manager, root):
    before = User.objects.get(pk=root.pk)
    assert "_save" not in manager.get(page(root)).content.decode()
    assert manager.post(page(root), new(email="max@evil.example")).status_code == 403
    words = {"password1": "a long enough one", "password2": "a long enough one", "usable_password": "true"}
    assert manager.post(f"/admin/support/user/{root.pk}/password/", words).status_code == 403
    manager.post("/admin/support/user/", {"action": "disable", "_selected_action": [root.pk]})
    after = User.objects.get(pk=root.pk)
    assert (after.email, after.password, after.is_active) == (before.email, before.password, True)


def test_a_superuser_may_all_that(client, cast, root):
    client.force_login(root)
    assert posted(client, page(cast.ana), is_superuser="on").status_code == 302
    assert User.objects.get(pk=cast.ana.pk).is_superuser


def test_a_contacts_account_never_becomes_staff(client, cast, root):
    client.force_login(root)
    response = posted(client, page(cast.robin), kind="staff", groups=groups(Role.AGENT))
    assert "staff is never a contact" in response.content.decode()


def test_disable_and_enable_are_verbs_with_history(manager, cast):
    for action, active in [("disable", False), ("enable", True)]:
        data = {"action": action, "_selected_action": [cast.ana.pk, cast.max.pk]}
        assert "Not Max" in manager.post("/admin/support/user/", data, follow=True).content.decode()
        cast.ana.refresh_from_db()
        assert cast.ana.is_active is active
        assert cast.ana.history.first().actor_name == "Max"
    assert User.objects.get(pk=cast.max.pk).is_active


def test_a_new_password_is_set_without_standing_in_the_history(manager, cast):
    before = cast.ana.history.count()
    words = {"password1": "quite another one", "password2": "quite another one", "usable_password": "true"}
    assert manager.post(f"/admin/support/user/{cast.ana.pk}/password/", words).status_code == 302
    cast.ana.refresh_from_db()
    assert cast.ana.check_password("quite another one")
    assert cast.ana.history.count() == before


def test_roles_themselves_are_only_read(client, cast, root):
    for person in (cast.max, root):
        client.force_login(person)
        agents = Group.objects.get(name=Role.AGENT)
        shown = client.get(f"/admin/auth/group/{agents.pk}/change/").content.decode()
        assert "Ana" in shown
        assert "_save" not in shown


def test_secrets_of_second_factors_are_not_shown(client, cast, root):
    from allauth.mfa.totp.internal.auth import TOTP

    row = TOTP.activate(cast.ana, "JBSWY3DPEHPK3PXP").instance
    client.force_login(root)
    url = f"/admin/mfa/authenticator/{row.pk}/change/"
    assert "JBSWY3DPEHPK3PXP" not in client.get(url).content.decode()
