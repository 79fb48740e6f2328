"""The guards of a migrated database are those in the repository, on every server (invariant 48)."""

import pytest
from django.db import ProgrammingError, connection

from config.database import roles
from tests.attacks import run


@pytest.mark.django_db
def test_the_fingerprint_is_the_one_in_the_repository():
    assert roles.guards() == roles.FACTS.read_text(), "run `manage.py check_guards --write` and read its diff"


@pytest.mark.parametrize(
    "tampering",
    [
        "ALTER TABLE support_customer DISABLE TRIGGER history_required",
        "GRANT DELETE ON support_user TO countersign_app",
        "ALTER TABLE support_contact DROP CONSTRAINT contact_is_never_staff",
    ],
)
def test_a_guard_that_is_taken_off_shows(own_database, tampering):
    before = roles.guards()
    with connection.as_owner():
        run(tampering)
    assert roles.guards() != before


@pytest.mark.parametrize(
    "attack",
    [
        "CREATE TEMP TABLE t (LIKE support_customer)",
        "CREATE TABLE t (LIKE support_customer)",
        "SELECT history_required()",
        "SET session_replication_role = replica",
    ],
)
@pytest.mark.django_db
def test_a_guard_cannot_be_borrowed(attack):
    with pytest.raises(ProgrammingError, match="permission denied"):
        run(attack)
