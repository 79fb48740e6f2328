"""What a ticket's clocks should say, by the written rules and not by the engine: events in, rows out.

Rules are quoted by their number on the specification's page of clocks; the others are in docs/clocks.md.
"""

from datetime import datetime
from typing import Any, NamedTuple

from tests.support.minute_counting import Moment, definition, instant_of, minute_of
from tests.support.oracle_track import UPDATES, Clock, Track

BEGINNINGS = {
    "ticket.opened": ("response", "update", "customer_update", "fix"),
    "engagement.requested": ("response", "update", "customer_update", "fix"),
    "case.opened": ("vendor_response", "dispatch"),
}
OWED_AT_THE_END = ("response", "troubleshoot", "update", "customer_update", "fix", "committed")
KEEP_THEIR_START = ("response", "troubleshoot", "fix")
TALK = ("message.sent", "message.received", "call.made", "call.taken", "session.connected", "notice.sent")
CALLS = ("call.made", "call.taken")


class Wait(NamedTuple):
    on: str
    reason: str
    ends_on_reply: bool

    def concerns(self, subject: str) -> bool:
        """One of the ticket concerns all that is on it; an engagement's own, that engagement and the ticket."""
        return self.on == subject or self.on.startswith("ticket:") or subject.startswith("ticket:")


class Row(NamedTuple):
    """One clock, in words and instants that can be laid beside the engine's."""

    subject: str
    kind: str
    cycle: int
    revision: int
    started_at: datetime
    due_at: datetime | None
    state: str
    verdict: str
    attributed_to: str | None
    stopped_at: datetime | None


class Oracle:
    """One ticket and all that is on it. Subjects are written "ticket:1"; instants are whole minutes."""

    def __init__(self) -> None:
        self.now = 0
        self.tracks: dict[str, Track] = {}
        self.waits: dict[Any, Wait] = {}

    def hear(self, kind: str, at: datetime, on: str, *, person: bool = True, **facts: Any) -> None:
        """An event of this kind; whether a `person` was behind it."""
        self.until(at)
        if kind in BEGINNINGS:
            self._begin(kind, on, **facts)
        elif happens := EFFECTS.get(kind):
            said = {"kind": kind, "on": on, "person": person, **facts}
            happens(self, self._reached(kind, on), said)
        self._look_who_waits()

    def until(self, at: datetime) -> None:
        """Live on to this instant, a minute at a time."""
        self.now = minute_of(at)
        for track in self.tracks.values():
            track.live_until(self.now)

    def rows(self) -> list[Row]:
        """Every clock as it stands now, ordered by its name."""
        return sorted(_row(track, clock) for track in self.tracks.values() for clock in track.clocks)

    def _begin(self, kind, on, *, service="", priority="", severity="", deployment="", **_):
        track = Track(on, self.now, service.split("@")[0], priority or severity, deployment)
        self.tracks[on] = track
        self._look_who_waits()
        track.owe(*BEGINNINGS[kind])

    def _reached(self, kind, on):
        """Talk and the end of a ticket reach all that is on it, but what is on an engagement reaches that alone."""
        everything = (kind in TALK or kind.startswith("ticket.")) and not on.startswith("engagement:")
        return [
            track for track in self.tracks.values() if not track.over and (everything or track.subject == on)
        ]

    def _look_who_waits(self):
        for track in self.tracks.values():
            reasons = {wait.reason for wait in self.waits.values() if wait.concerns(track.subject)}
            track.present = Moment(frozenset(reasons), track.present.around_the_clock)

    def _end_waits(self, on, which=lambda wait: True):
        """What happens on an engagement ends the waits of that engagement alone."""
        alone = on.startswith("engagement:")
        ended = {name for name, wait in self.waits.items() if which(wait) and (not alone or wait.on == on)}
        self.waits = {name: wait for name, wait in self.waits.items() if name not in ended}

    # What the events do, to the tracks that they reach.

    def _provider_speaks(self, reached, said):
        for track in reached if _between_people(said, said.get("to")) else ():
            self._responds(track, said)
            track.next("update")

    def _customer_speaks(self, reached, said):
        if not _between_people(said, said.get("sender")):
            return
        for track in reached:
            if said["kind"] == "call.taken":
                self._responds(track, said)
            track.next("customer_update")
            track.stop("customer_answer")
        self._end_waits(said["on"], lambda wait: wait.reason == "customer" and wait.ends_on_reply)

    def _connects(self, reached, said):
        for track in reached:
            self._responds(track, said)

    def _responds(self, track, said):
        """Rule 8: what counts as the first response is the service's; troubleshooting begins with it."""
        way = said["kind"].split(".")[0]
        counts = track.service and way in definition(track.service).get("response_by", (way,))
        if counts and track.stop("response"):
            track.owe("troubleshoot")

    def _tells_of_an_outage(self, reached, said):
        for track in reached:
            track.next("update")

    def _stops(self, reached, said):
        for track in reached:
            track.stop(STOPPED_BY[said["kind"]])

    def _gets_round_it(self, reached, said):
        """One that the customer refused ends nothing."""
        for track in reached if said.get("accepted") is not False else ():
            track.end("update")
            self._fixes(track, "workaround")

    def _plans(self, reached, said):
        for track in reached:
            self._fixes(track, "plan")

    def _fixes(self, track, way):
        """The service says what ends fix besides the resolution."""
        if track.service and way in definition(track.service).get("fix_by", ()):
            track.stop("fix")

    def _waits(self, reached, said):
        """Rule 7: maintenance stops something only where it was announced in time."""
        if said["reason"] != "maintenance" or said.get("announced_in_time"):
            self.waits[said["id"]] = Wait(said["on"], said["reason"], said.get("ends_on_reply", True))

    def _goes_on(self, reached, said):
        self.waits.pop(said["id"], None)  # the customer's answer may have ended it

    def _gets_another_level(self, reached, said):
        """The same level again changes nothing."""
        for track in reached:
            if said["level"] != track.priority:
                track.priority = said["level"]
                for kind in KEEP_THEIR_START:
                    track.replace(kind)
                for kind in UPDATES:
                    track.restart(kind)

    def _gets_another_severity(self, reached, said):
        for track in reached:
            track.priority = said["severity"]
            track.replace("vendor_response")
            track.replace("dispatch")

    def _switches_hours(self, reached, said):
        for track in reached:
            track.present = Moment(track.present.waiting, said["effort"] == "24x7")

    def _promises(self, reached, said):
        for track in reached:
            track.promise(minute_of(datetime.fromisoformat(said["promised_at"])))

    def _withdraws(self, reached, said):
        for track in reached:
            track.cancel("committed")

    def _is_done(self, reached, said):
        for track in reached:
            track.end(*OWED_AT_THE_END)
        self._end_waits(said["on"])

    def _is_dropped(self, reached, said):
        if said.get("survives"):
            return
        for track in reached:
            track.cancel()
            track.over = said["kind"] == "engagement.ended"
        self._end_waits(said["on"])

    def _is_reopened(self, reached, said):
        """Rule 6: a new fix and new updates, no new response."""
        for track in reached:
            track.owe("fix", *UPDATES)

    def _vendor_is_done(self, reached, said):
        for track in reached:
            track.cancel("vendor_response", "dispatch", "customer_answer")

    def _vendor_asks(self, reached, said):
        for track in reached:
            track.owe("customer_answer")


def _between_people(said: dict[str, Any], party: str | None) -> bool:
    """A person's words between us and the customer or a partner, or a call that connected."""
    if said["kind"] in CALLS:
        return said["connected"]
    return said["person"] and not said.get("automatic") and (party or "customer") in ("customer", "partner")


def _row(track: Track, clock: Clock) -> Row:
    due_at, state = clock.due_at, clock.state
    if clock.stopped_at is None:
        due_at = track.due(clock, track.present)
        state = "paused" if due_at is None else "running"
    name = (track.subject, clock.kind, clock.cycle, clock.revision)
    begun, due_at, stopped = map(instant_of, (clock.started_at, due_at, clock.stopped_at))
    return Row(*name, begun, due_at, state, clock.verdict, clock.attributed_to, stopped)


STOPPED_BY = {
    "troubleshoot.done": "troubleshoot",
    "case.answered": "vendor_response",
    "case.dispatched": "dispatch",
}
EFFECTS = {
    "message.sent": Oracle._provider_speaks,
    "call.made": Oracle._provider_speaks,
    "message.received": Oracle._customer_speaks,
    "call.taken": Oracle._customer_speaks,
    "session.connected": Oracle._connects,
    "notice.sent": Oracle._tells_of_an_outage,
    **dict.fromkeys(STOPPED_BY, Oracle._stops),
    "workaround.given": Oracle._gets_round_it,
    "plan.given": Oracle._plans,
    "wait.started": Oracle._waits,
    "wait.ended": Oracle._goes_on,
    "priority.assessed": Oracle._gets_another_level,
    "priority.agreed": Oracle._gets_another_level,
    "effort.switched": Oracle._switches_hours,
    "commitment.made": Oracle._promises,
    "commitment.changed": Oracle._promises,
    "commitment.withdrawn": Oracle._withdraws,
    "ticket.resolved": Oracle._is_done,
    "ticket.restored": Oracle._is_done,
    "ticket.archived": Oracle._is_dropped,
    "ticket.declined": Oracle._is_dropped,
    "ticket.closed": Oracle._is_dropped,
    "ticket.merged": Oracle._is_dropped,
    "engagement.ended": Oracle._is_dropped,
    "ticket.reopened": Oracle._is_reopened,
    "case.severity": Oracle._gets_another_severity,
    "case.closed": Oracle._vendor_is_done,
    "case.asked_customer": Oracle._vendor_asks,
}
