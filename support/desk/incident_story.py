"""What the rows of an incident tell, in the words of a timeline: pure, from how the ticket stood to how it stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from support.clocks.terms import WaitReason
from support.desk.incident_log import Row, State

OPEN, WAITING, RESOLVED, CLOSED = "open", "waiting", "resolved", "closed"
DONE = (RESOLVED, CLOSED)
ENDS = {State.RESOLVED: RESOLVED, State.CLOSED: CLOSED}
WAITS = {
    State.USER: WaitReason.CUSTOMER,
    State.VENDOR: WaitReason.VENDOR,
    State.PROBLEM: WaitReason.OTHER,
    State.EVIDENCE: WaitReason.OTHER,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a ticket stands after a row. `owner` is the id of the person of the desk whom the log names, if there is one."""

    level: str
    state: str = OPEN
    responded: bool = False
    awaited: WaitReason | None = None
    owner: int | None = None
    outcome: str = ""
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    kind: str
    row: Row
    facts: Mapping[str, Any] = field(default_factory=dict)


def level_of(priority: int | None, scale: Sequence[str]) -> str:
    """The log's 1 is the first of the scale; what lies beyond its last is the last. "" when it is unknown."""
    return scale[min(priority, len(scale)) - 1] if priority else ""


def follow(
    rows: Iterable[Row], standing: Standing, *, scale: Sequence[str], staff: Mapping[str, int]
) -> tuple[list[Happening], Standing]:
    """What happened in these rows, which come in order, and how the ticket stands after them.

    `scale` are the priorities that 1, 2, … stand for; `staff` the ids of the people of the desk by name.
    """
    telling = _Telling(standing, scale, staff)
    for row in rows:
        telling.take(row)
    return telling.told, telling.standing


class _Telling:
    def __init__(self, standing: Standing, scale: Sequence[str], staff: Mapping[str, int]) -> None:
        self.standing, self.told = standing, list[Happening]()
        self._scale, self._staff = scale, staff

    def take(self, row: Row) -> None:
        """A row says how things stand since: the priority it names holds for what else it tells."""
        self._reopened(row)
        self._agreed(row)
        self._handed(row)
        self._responded(row)
        self._waiting(row)
        self._ended(row)

    def _tell(self, row: Row, kind: str, **facts: Any) -> None:
        self.told.append(Happening(kind, row, facts))

    def _reopened(self, row: Row) -> None:
        # From closed the log may go back to resolved; a ticket goes there by way of being open.
        back = row.state not in ENDS or (row.state is State.RESOLVED and self.standing.state == CLOSED)
        if back and self.standing.state in DONE:
            self._tell(row, "ticket.reopened")
            self.standing = replace(self.standing, state=OPEN, outcome="", done_at=None)

    def _agreed(self, row: Row) -> None:
        level = level_of(row.priority, self._scale)
        if level and level != self.standing.level:
            self._tell(row, "priority.agreed", level=level)
            self.standing = replace(self.standing, level=level)

    def _handed(self, row: Row) -> None:
        owner = self._staff.get(row.assigned_to)
        if owner != self.standing.owner:
            self._tell(row, "owner.changed", old=self.standing.owner, new=owner)
            self.standing = replace(self.standing, owner=owner)

    def _responded(self, row: Row) -> None:
        """Somebody is at work from the first row that is active or assigned: the event that is a response everywhere,
        also where a message is none. One that is resolved at once needs no other event than that."""
        if not self.standing.responded and (row.state is State.ACTIVE or row.assigned_to):
            self._tell(row, "session.connected")
            self.standing = replace(self.standing, responded=True)

    def _waiting(self, row: Row) -> None:
        reason = WAITS.get(row.state)
        if reason is self.standing.awaited:
            return
        if self.standing.awaited:
            self._tell(row, "wait.ended", reason=self.standing.awaited)
        if reason:
            self._tell(row, "wait.started", reason=reason)
        self.standing = replace(self.standing, awaited=reason, state=WAITING if reason else OPEN)

    def _ended(self, row: Row) -> None:
        to = ENDS.get(row.state)
        if to is None or to == self.standing.state:
            return
        if to == RESOLVED:
            self._tell(row, "ticket.resolved", outcome="resolved")
        else:
            self._tell(row, "ticket.closed")
        if self.standing.state not in DONE:
            outcome = "resolved" if to == RESOLVED else "archived"
            self.standing = replace(self.standing, outcome=outcome, done_at=row.at)
        self.standing = replace(self.standing, state=to, responded=True)
