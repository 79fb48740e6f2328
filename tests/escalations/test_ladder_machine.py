"""Whatever is done to a ladder, in whatever order: no level comes early, and none that was raised is lost."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from escalations.invariants import checks
from escalations.models import Escalation
from support.actors import Actor
from support.mail import outbox
from support.models import Mail
from support.refusal import Refused
from tests.escalations.ladder_cases import GROUND, ladder_ticket
from tests.escalations.ladder_contacts import duty
from tests.factories import ANA
from tests.support.desk_cases import utc

# Minutes that lead over nights, the weekend, Christmas and both bank holidays of the year's end.
WAITS = st.sampled_from([1, 30, 239, 240, 241, 720, 959, 960, 1440, 2880, 5000])
DEEDS = st.sampled_from(
    ["raise", "raise", "raise", "override", "accept", "decline", "acknowledge", "act", "step down", "close"]
)
TIMES = {1: 240, 2: 240, 3: 960, 4: 1440}  # spec: 4 h, 4 h, 16 h, 24 h


class Model:
    """The ladder by its rules alone: a stack of levels, each with the instant from which the next may come."""

    def __init__(self):
        self.stack, self.raised = [], 0

    def following(self):
        return min(self.stack[-1][0] + 1, 4) if self.stack else 1

    def is_early(self, at):
        return bool(self.stack) and at < self.stack[-1][1]

    def push(self, at):
        level = self.following()
        self.stack.append([level, at + timedelta(minutes=TIMES[level]), set()])
        self.raised += 1


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(WAITS, DEEDS), min_size=3, max_size=12), st.sets(st.integers(1, 4)), st.integers(0, 5)
)
@example([(30, "step down"), (1, "step down"), (241, "raise"), (241, "raise")], set(), 4)
def test_no_level_is_early_and_none_is_lost(clock, cast, story, named, climbed):
    with transaction.atomic():
        at = clock(utc("2026-12-23 17:00"))
        ticket, model = ladder_ticket(), Model()
        for level in named:  # the others have nobody: the desk is told
            duty(level)
        for wait, deed in [*[(5000, "raise")] * climbed, *story]:
            at = clock(at + timedelta(minutes=wait))
            play(ticket, model, deed, at, cast)
            stands = Escalation.current(ticket)
            assert (stands.level if stands else None) == (model.stack[-1][0] if model.stack else None)
        assert Escalation.objects.filter(ticket=ticket).count() == model.raised
        assert told(ticket, named)
        assert [list(check.breaches()) for check in checks()] == [[] for check in checks()]
        transaction.set_rollback(True)


def play(ticket, model, deed, at, cast):
    if deed in ("raise", "override"):
        return go_up(ticket, model, deed, at, cast)
    current = Escalation.current(ticket)
    if current is None:
        return None
    done = model.stack[-1][2]
    if deed == "accept" and not done:
        current.accept(by=ANA, at=at)
        done.add("accepted")
    elif deed == "acknowledge" and "taken" not in done:
        current.acknowledge(by=ANA, at=at)
        done |= {"accepted", "taken"}
    elif deed == "act" and "taken" in done:
        current.act(words="Called the carrier.", by=ANA, at=at)
    elif deed == "decline" and not done:
        current.decline(item="progressing", by=ANA, at=at)
        model.stack.pop()
    elif deed == "step down" and model.stack[-1][0] > 1:
        current.step_down(reason="Agreed.", by=ANA, at=at)
        level = model.stack[-1][0]
        while model.stack[-1][0] == level:
            model.stack.pop()
        below = model.stack[-1]
        below[1] = max(below[1], at + timedelta(minutes=TIMES[below[0]]))
    elif deed == "close":
        current.close(reason="Agreed.", by=ANA, at=at)
        model.stack.clear()
    return None


def go_up(ticket, model, deed, at, cast):
    words = {"ground": GROUND, "reason": "Third day."}
    if deed == "override":
        words |= {"by": Actor.of(cast.max), "override_reason": "Their board is on the phone."}
    else:
        words["by"] = ANA
    if model.is_early(at) and deed == "raise":
        with pytest.raises(Refused, match="not before"):
            Escalation.escalate(ticket, at=at, **words)
        return
    row = Escalation.escalate(ticket, at=at, **words)
    assert (row.level, row.override_reason != "") == (model.following(), model.is_early(at))
    model.push(at)


def told(ticket, named):
    """Each level that was raised went to its contact, or to the desk outside his hours or where there is none."""
    for row in Escalation.objects.filter(ticket=ticket):
        to = Mail.objects.get(key=f"escalation:{row.pk}:raised").to
        at_home = row.fallback or row.level not in named
        assert to == ([outbox.desk()] if at_home else [f"level{row.level}@desk.example"])
    return True
