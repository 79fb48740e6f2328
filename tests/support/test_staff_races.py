"""Two managers at once: both invitations count, and a reset waits for the other."""

from functools import partial

from support import setting_up, staff
from support.models import Team, User
from support.refusal import Refused
from support.roles import Role
from tests.billing.at_once import at_once
from tests.cases import NOON, Cast
from tests.factories import TESTS, UserFactory


def test_two_invitations_into_one_team_both_stand_in_its_history(own_database):
    cast, team = Cast.made(), Team(name="Voice").by(TESTS)
    team.save()
    invite = partial(staff.invite, roles=[Role.AGENT], team=team, time_zone="UTC", by=cast.max, at=NOON)
    at_once(2, lambda i: invite(name=f"Noor {'AB'[i]}", email=f"noor{i}@desk.example"))
    assert team.members.count() == 2
    assert "Noor A, Noor B" in team.history.latest("history_id").history_change_reason


def test_one_address_invited_twice_at_once_is_one_person(own_database):
    cast = Cast.made()

    def invite(_i):
        facts = {"name": "Noor", "email": "noor@desk.example", "time_zone": "UTC", "team": None}
        try:
            return staff.invite(**facts, roles=[Role.AGENT], by=cast.max, at=NOON)
        except Refused:
            return None

    assert sum(user is not None for user in at_once(2, invite)) == 1
    assert User.objects.filter(name="Noor").count() == 1


def test_two_resets_at_once_leave_two_reasons(own_database):
    cast, ruth = Cast.made(), UserFactory(is_superuser=True)
    managers = [cast.max, ruth]
    at_once(2, lambda i: staff.reset_access(cast.ana, reason=f"Reason {i}", by=managers[i], at=NOON))
    told = set(cast.ana.history.values_list("history_change_reason", "actor_name"))
    assert {("Access reset: Reason 0", "Max"), ("Access reset: Reason 1", ruth.name)} <= told


def test_the_first_day_ends_once(own_database):
    setting_up.new_code(at=NOON)

    def finish(_i):
        try:
            setting_up.finish(at=NOON)
        except Refused:
            return False
        return True

    assert sorted(at_once(2, finish)) == [False, True]
