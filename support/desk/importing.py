"""Incidents of another system's audit log become tickets with their timelines, through the same door as a person's work."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from support import timeline, versions
from support.actors import Actor
from support.catalogue.promises import Party
from support.clocks.calendar import HolidaysUnknown, NeverOpen
from support.clocks.events import FoldError
from support.clocks.terms import ClockKind, WaitReason
from support.desk.csv_log import Rejected
from support.desk.import_contracts import Contracts
from support.desk.incident_log import Incident, Log
from support.desk.incident_story import Happening, Standing, follow, level_of
from support.desk.opening import opening_facts
from support.mail.outbox import one_line
from support.models import (
    Channel,
    Clock,
    Contract,
    Event,
    ServiceKind,
    ServiceVersion,
    Ticket,
    User,
    UserKind,
    Wait,
)
from support.refusal import Refused

BY = Actor.system("import")
# An audit log holds no messages and no findings: nobody can say whether these were kept.
UNJUDGED = (ClockKind.UPDATE, ClockKind.CUSTOMER_UPDATE, ClockKind.TROUBLESHOOT)
VERDICTS = {"met": "met", "missed": "missed", "pending": "running", "unjudged": "unjudged"}


@dataclass
class Imported:
    """What an import did. `left` are incidents that the log tells otherwise than their tickets, each with a sentence."""

    created: int = 0
    events: int = 0
    tickets: list[int] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def service_for(code: str) -> ServiceVersion:
    """The newest version of a support service; Refused when the code is unknown or of another kind."""
    service = versions.latest(code)
    if service is None:
        known = ServiceVersion.objects.filter(kind=ServiceKind.SUPPORT).values_list("code", flat=True)
        raise Refused(
            _("No service is called %(code)s. There are: %(known)s.")
            % {"code": code, "known": ", ".join(sorted(set(known)))}
        )
    if service.kind != ServiceKind.SUPPORT:
        raise Refused(_("%(code)s is no support service: it has no clocks for incidents.") % {"code": code})
    return service


def run(
    log: Log,
    *,
    service: ServiceVersion,
    zone: str,
    deployment: str,
    at: datetime,
    on_incident: Callable[[int], None] = lambda done: None,
) -> Imported:
    """Import every incident in a transaction of its own, so that an import that was cut short can be repeated.

    Incidents that are there already get only what is new. Rows of an incident whose clocks cannot be counted are added
    to `log.rejected`.
    """
    importer = _Importer(log.incidents, service, zone, deployment, at)
    for done, incident in enumerate(log.incidents, 1):
        try:
            importer.take(incident)
        except (FoldError, NeverOpen, HolidaysUnknown) as error:
            reason = f"{incident.number}: {error}"
            log.rejected += [Rejected(row.line, reason, log.cells[row.line]) for row in incident.rows]
        on_incident(done)
    return importer.imported


def figures(tickets: Sequence[int]) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Tickets per priority, the most urgent first, and per kind of clock how many have which verdict."""
    mine = Ticket.objects.filter(pk__in=tickets)
    levels = mine.values_list("priority", "rank").annotate(n=Count("pk")).order_by("rank", "priority")
    judged = Clock.objects.filter(ticket__in=tickets).values_list("kind", "verdict").annotate(n=Count("pk"))
    found = Counter({(kind, verdict): n for kind, verdict, n in judged.order_by()})
    kinds = [kind.value for kind in ClockKind if any((kind.value, verdict) in found for verdict in VERDICTS)]
    clocks = {kind: {word: found[kind, v] for v, word in VERDICTS.items()} for kind in kinds}
    return {priority: n for priority, _rank, n in levels}, clocks


class _Importer:
    def __init__(
        self,
        incidents: Iterable[Incident],
        service: ServiceVersion,
        zone: str,
        deployment: str,
        at: datetime,
    ) -> None:
        self.imported = Imported()
        self._service, self._deployment = service, deployment
        self._contracts = Contracts(incidents, service, zone=zone, by=BY, at=at)
        people = list(User.objects.filter(kind=UserKind.STAFF).values_list("name", "pk"))
        bearers = Counter(name for name, _pk in people)
        self._staff = {name: pk for name, pk in people if bearers[name] == 1}

    def take(self, incident: Incident) -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:  # two imports at once would both find the incident new
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext('support.desk.importing'))")
            opened = Event.objects.filter(source=timeline.IMPORT, source_key=self._key(incident, "opened"))
            ticket = Ticket.objects.filter(pk__in=opened.values("ticket")).first()
            is_new = ticket is None
            if is_new:
                contract = self._contracts.of(incident)
                ticket, added = self._create(incident, contract)
            else:
                added = self._continue(ticket, incident)
        if is_new:  # only what is committed is remembered and counted
            self._contracts.remember(incident, contract)
        self.imported.created += is_new
        self.imported.events += added
        self.imported.tickets.append(ticket.pk)

    def _create(self, incident: Incident, contract: Contract) -> tuple[Ticket, int]:
        service = contract.support_service
        definition, scale = versions.definition(service), _scale(service)
        level = level_of(incident.priority, scale) or definition.assessment.default
        told, standing = follow(incident.rows, Standing(level), scale=scale, staff=self._staff)
        ticket = Ticket(
            title=one_line(incident.rows[0].title),
            customer=contract.holder,
            contract=contract,
            contract_reason=_("The contract that the import made."),
            service=service,
            deployment=self._deployment,
            channel=Channel.IMPORT,
            opened_at=incident.opened_at,
            changed_at=incident.opened_at,
        )
        _stand(ticket, standing)
        ticket.save(force_insert=True)
        facts = {**opening_facts(ticket, level), "unjudged": _unjudged(service)}
        first = self._entry(incident, "opened", "ticket.opened", incident.opened_at, facts)
        entries = [first, *self._entries(ticket, incident, told)]
        return ticket, len(timeline.record_all(ticket, entries))

    def _continue(self, ticket: Ticket, incident: Incident) -> int:
        """Adds what the log says beyond what it said before; where that is not well defined, nothing, and says why."""
        ticket.lock()
        events = list(ticket.events.order_by("seq"))
        known = {event.source_key for event in events if event.source == timeline.IMPORT}
        last = [event for event in events if event.source == timeline.IMPORT][-1]
        mark = (last.at, _mod_in(last.source_key))
        scale = _scale(ticket.service)
        new = [row for row in incident.rows if row.order > mark]
        old = [row for row in incident.rows if row.order <= mark]
        retold, _then = follow(old, Standing(events[0].facts["priority"]), scale=scale, staff={})
        told, standing = follow(new, self._standing(ticket, events), scale=scale, staff=self._staff)
        missing = [one for one in retold if self._key(incident, one.row.key, one.kind) not in known]
        if incident.opened_at != ticket.opened_at:
            self._leave(
                incident, ticket, "it was imported with another opening, perhaps in another time zone"
            )
        elif missing:
            lines = ", ".join(str(one.row.line) for one in missing)
            self._leave(incident, ticket, f"line {lines} tells of what lies before its last imported event")
        elif told and len(known) != len(events):
            self._leave(incident, ticket, f"the desk has worked on it since, and {len(told)} events are new")
        elif told:
            entries = self._entries(ticket, incident, told)
            _stand(ticket, standing)
            ticket.save(update_fields=["state", "outcome", "done_at", "priority", "rank", "owner"])
            return len(timeline.record_all(ticket, entries))
        return 0

    def _standing(self, ticket: Ticket, events: Sequence[Event]) -> Standing:
        wait = ticket.waits.filter(ended_at=None).first()
        responses = ("session.connected", "ticket.resolved", "ticket.closed")
        return Standing(
            level=ticket.priority,
            state=ticket.state,
            responded=any(event.kind in responses for event in events),
            awaited=WaitReason(wait.reason) if wait else None,
            owner=ticket.owner_id,
            outcome=ticket.outcome,
            done_at=ticket.done_at,
        )

    def _leave(self, incident: Incident, ticket: Ticket, why: str) -> None:
        self.imported.left.append(f"{incident.number} ({ticket.number}) is left as it is: {why}.")

    def _entries(self, ticket: Ticket, incident: Incident, told: Iterable[Happening]) -> list[timeline.Entry]:
        """The happenings as entries; the waits that they tell of are rows first, for an event names its wait."""
        waiting = before = ticket.waits.filter(ended_at=None).first()
        written, tagged = [], []
        for one in told:
            if one.kind == "wait.started":
                waiting = Wait(ticket=ticket, reason=one.facts["reason"], started_at=one.row.at)
                written.append(waiting)
            elif one.kind == "wait.ended":
                waiting.ended_at = one.row.at
            tagged.append((one, waiting if one.kind.startswith("wait.") else None))
        Wait.objects.bulk_create(written)
        if before and before.ended_at:
            before.save(update_fields=["ended_at"])
        entries = []
        for one, wait in tagged:
            facts = {**one.facts, "id": wait.pk} if wait else one.facts
            entries.append(self._entry(incident, f"{one.row.key}:{one.kind}", one.kind, one.row.at, facts))
        return entries

    def _entry(self, incident: Incident, key: str, kind: str, at: datetime, facts) -> timeline.Entry:
        source_key = self._key(incident, key)
        return timeline.Entry(
            kind=kind, by=BY, at=at, source=timeline.IMPORT, source_key=source_key, facts=facts
        )

    def _key(self, incident: Incident, *parts: str) -> str:
        """What names an event of the log in whichever export of it; the same log may be imported per service."""
        return ":".join([self._service.code[:40], incident.number, *parts])


def _scale(service: ServiceVersion) -> list[str]:
    """What 1, 2, 3, 4 of the log stand for: the service's levels by rank, without those that only the provider declares."""
    steps = sorted(versions.definition(service).priorities, key=lambda step: step.rank)
    return [step.code for step in steps if Party.CUSTOMER in step.declared_by]


def _unjudged(service: ServiceVersion) -> list[ClockKind]:
    counts_a_session = "session" in versions.definition(service).response_by
    return [*UNJUDGED, *(() if counts_a_session else (ClockKind.RESPONSE,))]


def _stand(ticket: Ticket, standing: Standing) -> None:
    """What the last row of the log says of the ticket."""
    ticket.state, ticket.outcome, ticket.done_at = standing.state, standing.outcome, standing.done_at
    ticket.priority, ticket.owner_id = standing.level, standing.owner
    ticket.rank = versions.definition(ticket.service).step(standing.level).rank


def _mod_in(source_key: str) -> int:
    """The row's count of changes in "code:INC1:201602290727.3:wait.started"; -1 of the opening, which is no row's."""
    if source_key.endswith(":opened"):
        return -1
    return int(source_key.rsplit(":", 2)[1].split(".")[1])
