"""What an event may do to clocks, and under which condition: the terms in which the vocabulary is written."""

from dataclasses import dataclass
from enum import StrEnum

from support.clocks.facts import Facts
from support.clocks.terms import ClockKind


class Action(StrEnum):
    START = "start"  # a clock where the service has a target and none runs
    RESPOND = "respond"  # stops response and starts troubleshoot
    STOP = "stop"  # judged at this instant
    NEXT = "next"  # stops this cycle and starts the next
    REPLACE = "replace"  # by the new target, from the old start
    PROMISE = "promise"  # a clock to the instant that was promised, in place of an earlier promise
    RESTART = "restart"  # a new cycle from this instant in place of the open one
    CANCEL = "cancel"
    MOVE = "move"  # the rest runs under another calendar
    CORRECT = "correct"  # the verdict of one closed clock
    PAUSE = "pause"  # a wait starts
    RESUME = "resume"  # that wait ends
    ANSWER = "answer"  # the waits for the customer end that a reply ends
    RELEASE = "release"  # every wait ends
    ARM = "arm"  # the management alarm
    DISARM = "disarm"


class When(StrEnum):
    """What must hold for an effect."""

    ALWAYS = "always"
    PERSON = "a person wrote, between the provider and the customer or a partner"
    CONNECTED = "the call connected"
    ACCEPTABLE = "the customer did not refuse it"
    CHANGED = "the level is another one"
    LOSER = "the other ticket survives"
    PROCESSING = "the delegated admin relationship is on its way"
    SETTLED = "the delegated admin relationship is no longer on its way"
    NEWLY_COVERED = "the ticket was not covered before"
    TARGET_CHANGED = "the target is another one"


class Reach(StrEnum):
    """Whose clocks an event on the ticket touches; one on an engagement touches that engagement's alone."""

    OWN = "the ticket's own"
    ALL = "the ticket's and those of everything on it"


@dataclass(frozen=True, slots=True)
class Effect:
    """`by` is what the service must name for these clocks: in `response_by`, `update_by` or `fix_by`."""

    action: Action
    kinds: frozenset[ClockKind] = frozenset()
    when: When = When.ALWAYS
    by: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    facts: type[Facts]
    effects: tuple[Effect, ...] = ()
    reach: Reach = Reach.OWN
    version: int = 1
