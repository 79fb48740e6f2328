"""Who answers on the levels of the shipped ladder."""

from escalations.models import LadderContact
from tests.factories import TESTS


def duty(level, **fields):
    """A duty role on this level; `user` names a person instead."""
    fields = {"service": "exponential-e-ucc", "level": level, "phone": "+44 20 7946 0000", **fields}
    if "user" not in fields:
        fields = {"duty_role": f"Duty {level}", "email": f"level{level}@desk.example", **fields}
    row = LadderContact(**fields).by(TESTS)
    row.save()
    return row
