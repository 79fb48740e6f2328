"""One clock as it is shown, stored and judged: the result of a fold."""

from dataclasses import dataclass
from datetime import datetime

from support.clocks.deadline import Segment
from support.clocks.events import Cause, SubjectRef
from support.clocks.terms import ClockKind, Owes, Target
from support.clocks.verdicts import Attribution, ClockState, Verdict


@dataclass(frozen=True, slots=True)
class ClockInstance:
    """`cycle` counts from 1 per subject and kind; `revision` counts the rows that replaced each other in one cycle.

    `due_at` is None while the clock is paused and its due instant unknowable; of a clock that stopped in a wait it is
    the instant that would have followed had the wait ended there. `stopped_at` is when the row was closed, whatever its
    state. Stopping at the due instant is in time.
    """

    subject: SubjectRef
    kind: ClockKind
    cycle: int
    revision: int
    owed_by: Owes
    service: str
    priority: str
    target: Target
    started_at: datetime
    due_at: datetime | None
    state: ClockState
    verdict: Verdict
    attributed_to: Attribution | None
    stopped_at: datetime | None
    segments: tuple[Segment, ...]
    opened_by: Cause
    closed_by: Cause | None = None
    corrected_by: Cause | None = None

    @property
    def key(self) -> str:
        """What names this row within its ticket, and in the facts of `clock.corrected`."""
        return f"{self.subject}:{self.kind}:{self.cycle}.{self.revision}"

    @property
    def open(self) -> bool:
        return self.state in (ClockState.RUNNING, ClockState.PAUSED)

    def breached(self, at: datetime) -> bool:
        """Whether an open clock's due instant has come, whatever was noticed."""
        return self.open and self.due_at is not None and self.due_at <= at
