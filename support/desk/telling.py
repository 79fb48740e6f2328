"""The timeline as a page tells it: messages as they were written, everything else as one sentence each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby

from django.db.models import BigIntegerField, QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from support import saying
from support.models import Contact, Event, File, Message, Outcome, Ticket, User, Visibility, Wait
from support.models.waits import REASONS
from support.prepared import Given, PreparedModels

# kind → icon, sentence. {actor} did it; the other names come from the facts (see `_words`).
SENTENCES = {
    "ticket.opened": ("inbox", gettext_lazy("{actor} raised the ticket by {channel}")),
    "ticket.accepted": ("check", gettext_lazy("{actor} accepted the ticket")),
    "ticket.declined": ("dash", gettext_lazy("{actor} declined the ticket")),
    "ticket.resolved": ("check", gettext_lazy("{actor} ended the ticket: {outcome}")),
    "ticket.restored": ("check", gettext_lazy("{actor} restored the service")),
    "ticket.archived": ("dash", gettext_lazy("{actor} archived the ticket")),
    "ticket.closed": ("lock", gettext_lazy("{actor} closed the ticket")),
    "ticket.reopened": ("play", gettext_lazy("{actor} opened the ticket again")),
    "ticket.merged": ("dash", gettext_lazy("{actor} merged the ticket")),
    "ticket.split_from": ("dash", gettext_lazy("{actor} split this off another ticket")),
    "ticket.duplicate_of": ("dash", gettext_lazy("{actor} marked it as a duplicate")),
    "priority.claimed": (
        "alert",
        gettext_lazy("{level} was asked for by {channel}"),
    ),
    "priority.assessed": ("alert", gettext_lazy("{actor} assessed the priority: {level}")),
    "priority.agreed": ("alert", gettext_lazy("Priority agreed: {level}")),
    "call.made": ("phone", gettext_lazy("{actor} called{reached}")),
    "call.taken": ("phone", gettext_lazy("{actor} took a call")),
    "effort.switched": ("clock", gettext_lazy("{actor} agreed other hours of work: {effort}")),
    "session.connected": ("person", gettext_lazy("{actor} connected to the customer")),
    "troubleshoot.done": ("check", gettext_lazy("{actor} finished troubleshooting")),
    "wait.started": ("pause", gettext_lazy("Waiting for {wait}. Set by {actor}")),
    "wait.ended": ("play", gettext_lazy("No longer waiting for {wait}")),
    "workaround.given": ("check", gettext_lazy("{actor} gave a workaround")),
    "plan.given": ("file", gettext_lazy("{actor} gave a restoration plan")),
    "commitment.made": ("clock", gettext_lazy("{actor} promised it for {promised}")),
    "commitment.changed": ("clock", gettext_lazy("{actor} promised it for {promised} instead")),
    "commitment.withdrawn": ("dash", gettext_lazy("{actor} took the promise back")),
    "owner.changed": ("person", gettext_lazy("{actor} made {owner} the owner")),
    "file.added": ("clip", gettext_lazy("{actor} attached {count}")),
    "clock.corrected": ("pen", gettext_lazy("{actor} corrected the verdict of a clock to {verdict}")),
    "scope.decided": ("pen", gettext_lazy("{actor} decided: {scope}")),
    "scope.way": ("pen", gettext_lazy("{actor} {step}")),
    "engagement.requested": ("pen", gettext_lazy("{actor} requested an engagement")),
    "engagement.ended": ("dash", gettext_lazy("{actor} ended the engagement")),
    "offer.sent": ("mail", gettext_lazy("{actor} sent an offer")),
    "offer.approved": ("pen", gettext_lazy("{actor} approved the offer in writing")),
    "offer.written": ("file", gettext_lazy("{actor} recorded a written yes; another person confirms it")),
    "offer.unwritten": ("dash", gettext_lazy("{actor} did not confirm the written yes")),
    "offer.confirmed": ("pen", gettext_lazy("{actor} confirmed the customer’s written yes")),
    "offer.declined": ("dash", gettext_lazy("{actor} declined the offer")),
    "offer.withdrawn": ("dash", gettext_lazy("{actor} withdrew the offer")),
    "offer.expired": ("dash", gettext_lazy("The offer expired")),
    "assist.made": ("file", gettext_lazy("{actor} made Microsoft assist pack {pack}")),
    "assist.handed": ("file", gettext_lazy("{actor} handed over Microsoft assist pack {pack}")),
    "assist.taken": ("check", gettext_lazy("{actor} took Microsoft assist pack {pack} away")),
    "assist.noted": ("pen", gettext_lazy("{actor} {noted}")),
    "gdap.changed": ("key", gettext_lazy("GDAP is {status}")),
    "price.delivered": ("clock", gettext_lazy("{actor} delivered what the fixed price is for")),
    "time.booked": ("clock", gettext_lazy("{actor} recorded time")),
    "timer.stopped": ("dash", gettext_lazy("{actor} stopped somebody else’s timer")),
    "escalation.raised": ("up", gettext_lazy("{actor} escalated to level {level}{asked}")),
    "escalation.overridden": ("up", gettext_lazy("{actor} let the next level be raised early")),
    "escalation.accepted": ("check", gettext_lazy("{actor} accepted the escalation to level {level}")),
    "escalation.declined": ("dash", gettext_lazy("{actor} did not accept the escalation to level {level}")),
    "escalation.acted": ("play", gettext_lazy("{actor} acted on the escalation")),
    "escalation.stepped_down": ("dash", gettext_lazy("{actor} stepped down to level {level}")),
    "escalation.acknowledged": ("check", gettext_lazy("{actor} acknowledged the escalation")),
    "level.moved": ("up", gettext_lazy("{actor} moved the ticket from level {old} to level {new}")),
    "group.assigned": ("people", gettext_lazy("{actor} assigned another resolver group")),
    "engineering.reviewed": ("check", gettext_lazy("{actor} reviewed it with engineering")),
    "management.taken": ("person", gettext_lazy("{actor} drives it for management")),
    "management.updated": ("pen", gettext_lazy("{actor} wrote what management does")),
    "management.closed": ("check", gettext_lazy("{actor} closed it at management")),
    "escalation.closed": ("check", gettext_lazy("{actor} closed the escalation")),
    "handoff.offered": ("globe", gettext_lazy("{actor} offered a hand-off")),
    "handoff.accepted": ("check", gettext_lazy("{actor} accepted the hand-off")),
    "handoff.returned": ("reply", gettext_lazy("{actor} asked back before accepting the hand-off")),
    "handoff.answered": ("globe", gettext_lazy("{actor} answered, and offers the hand-off again")),
    "handoff.withdrawn": ("dash", gettext_lazy("{actor} took the hand-off back")),
    "case.opened": ("up", gettext_lazy("{actor} opened a case with {vendor}")),
    "case.severity": ("alert", gettext_lazy("The case with {vendor} is severity {severity} now")),
    "case.answered": ("check", gettext_lazy("{vendor} answered the case")),
    "case.dispatched": ("person", gettext_lazy("{vendor} sent somebody on site")),
    "case.asked_customer": ("mail", gettext_lazy("{actor} noted a question of the vendor’s")),
    "case.noted": ("pen", gettext_lazy("{actor} noted a word on the case with {vendor}")),
    "case.escalated": ("up", gettext_lazy("{actor} escalated with {vendor}, which had missed its target")),
    "onsite.requested": ("person", gettext_lazy("{actor} asked for onsite assistance")),
    "onsite.accepted": ("check", gettext_lazy("{actor} accepted the request for remote hands")),
    "onsite.approved": ("check", gettext_lazy("{actor} approved the site access")),
    "onsite.declined": ("dash", gettext_lazy("{actor} declined the onsite assistance")),
    "onsite.done": ("check", gettext_lazy("{actor} noted that the remote hands are done")),
    "onsite.arrived": ("person", gettext_lazy("{actor} noted the arrival on site")),
    "onsite.left": ("out", gettext_lazy("{actor} noted that the visitors left the site")),
    "onsite.no_show": ("dash", gettext_lazy("{actor} noted that nobody came to the site")),
    "onsite.cancelled": ("dash", gettext_lazy("{actor} cancelled the onsite assistance")),
    "case.closed": ("lock", gettext_lazy("The case with {vendor} was closed")),
    "outage.linked": ("alert", gettext_lazy("{actor} linked the ticket to outage {outage}")),
    "outage.validated": ("check", gettext_lazy("{actor} validated the end of outage {outage}")),
    "outage.closed": (
        "lock",
        gettext_lazy("{actor} closed outage {outage}, of which nobody is told any more"),
    ),
    "notice.sent": ("mail", gettext_lazy("{actor} sent a notice on outage {outage}")),
}
PARTIES = {"microsoft": "Microsoft", "distributor": gettext_lazy("the distributor")}
STEPS = {
    "estimate": gettext_lazy("noted the estimate of professional services: %(span)s"),
    "order": gettext_lazy("noted the customer’s purchase order: professional services are engaged"),
    "allowed": gettext_lazy("allowed limited help, as a support manager"),
    "refused": gettext_lazy("did not allow limited help, as a support manager"),
}
NOTED = {
    "case": gettext_lazy("noted the customer’s case with Microsoft"),
    "request": gettext_lazy("noted that Microsoft asks for more"),
    "answer": gettext_lazy("answered what Microsoft asked for"),
    "call": gettext_lazy("noted a call with Microsoft"),
    "outcome": gettext_lazy("noted what came of the call with Microsoft"),
}
ASKED = {
    "phone": gettext_lazy(" for %(who)s, who rang"),
    "email": gettext_lazy(" for %(who)s, who wrote by e-mail"),
}
WITH_A_MESSAGE = {"message.sent", "message.received", "call.made", "call.taken", "note.added"}


@dataclass(frozen=True, slots=True)
class Told:
    """One entry: a message where there is one, else an icon and a sentence."""

    at: datetime
    clock: str
    icon: str = ""
    sentence: str = ""
    evidence: str = ""
    message: Message | None = None
    files: Sequence[File] = ()


@dataclass(frozen=True, slots=True)
class Day:
    title: str
    entries: list[Told]


def timeline(
    ticket: Ticket,
    events: list[Event],
    waits: list[Wait],
    now: datetime,
    messages: QuerySet[Message] | None = None,
) -> tuple[list[Day], int]:
    """These events, the newest first, by day in the reader's zone, and how many earlier ones are left out.

    Where some `messages` are named, no other is shown, and of the files only the customer's.
    """
    earlier = ticket.last_seq - len(events)
    found = (
        _messages().rows(ticket=ticket.pk)
        if messages is None
        else list(messages.filter(ticket=ticket).select_related("contact"))
    )
    prefetch_related_objects(found, "files")
    by_id = {message.pk: message for message in found}
    names = _names(waits, events) | {"files": _files(ticket, events, internal=messages is None)}
    told = [entry for event in events for entry in _told(event, by_id, names, now)]
    days = groupby(told, lambda entry: timezone.localtime(entry.at).date())
    return [
        Day(saying.day(entries[0].at, now), entries) for entries in (list(group) for _day, group in days)
    ], earlier


@cache
def _messages() -> PreparedModels[Message]:
    of_it = Message.objects.filter(ticket=Given("ticket", BigIntegerField()))
    return PreparedModels(of_it.select_related("contact"))


def _names(waits: list[Wait], events: list[Event]) -> dict:
    owners = {event.facts.get("new") for event in events if event.kind == "owner.changed"} - {None}
    asked = {event.facts.get("contact") for event in events if event.facts.get("channel") in ASKED} - {None}
    return {
        "owners": dict(User.objects.filter(pk__in=owners).values_list("pk", "name")) if owners else {},
        "asked": dict(Contact.objects.filter(pk__in=asked).values_list("pk", "name")) if asked else {},
        "waits": {wait.pk: wait for wait in waits},
    }


def _files(ticket: Ticket, events: list[Event], *, internal: bool) -> dict[int, File]:
    """What these events added, by id."""
    ids = [pk for event in events if event.kind == "file.added" for pk in event.facts["ids"]]
    if not ids:
        return {}
    found = File.objects.filter(customer=ticket.customer_id)
    return (found if internal else found.filter(visibility=Visibility.CUSTOMER)).in_bulk(ids)


def _told(event: Event, messages: dict[int, Message], names: dict, now: datetime) -> list[Told]:
    clock = timezone.localtime(event.at).strftime("%H:%M")
    spoken = event.facts.get("ids", [None])[0] if event.kind == "note.added" else event.facts.get("message")
    message = messages.get(spoken)
    entries = []
    if message is not None:
        entries.append(Told(event.at, clock, message=message))
    if event.kind not in WITH_A_MESSAGE or (message is None and event.kind in SENTENCES):
        icon, sentence = SENTENCES.get(event.kind, ("dash", gettext_lazy("{actor}: {kind}")))
        evidence = event.facts.get("happened_at")
        entries.append(
            Told(
                event.at,
                clock,
                icon,
                str(sentence).format_map(_words(event, names, now)),
                saying.here(datetime.fromisoformat(evidence), now) if evidence else "",
                files=_added(event, names["files"]),
            )
        )
    return entries


def _added(event: Event, files: dict[int, File]) -> list[File]:
    ids = event.facts["ids"] if event.kind == "file.added" else []
    return [files[pk] for pk in ids if pk in files]


def _words(event: Event, names: dict, now: datetime) -> dict[str, str]:
    """What a sentence may name, as words."""
    facts = event.facts
    return {
        "actor": event.actor_name,
        "kind": event.kind,
        "channel": facts.get("channel") or _("the desk"),
        "level": facts.get("level", ""),
        "asked": str(ASKED.get(facts.get("channel"), "")) % {"who": names["asked"].get(facts.get("contact"))}
        if names["asked"].get(facts.get("contact"))
        else "",
        "old": facts.get("old", ""),
        "new": facts.get("new", ""),
        "outcome": str(dict(Outcome.choices).get(facts.get("outcome"), _("resolved"))).lower(),
        "wait": _wait_words(facts, names["waits"]) if event.kind.startswith("wait.") else "",
        "owner": names["owners"].get(facts.get("new"), _("nobody")),
        "count": _("1 file")
        if len(facts.get("ids", [])) == 1
        else _("%(count)s files") % {"count": len(facts.get("ids", []))},
        "promised": saying.here(datetime.fromisoformat(facts["promised_at"]), now)
        if facts.get("promised_at")
        else "",
        "verdict": facts.get("verdict", ""),
        "effort": _("day and night") if facts.get("effort") == "24x7" else _("in the service’s hours"),
        "scope": _("in scope") if facts.get("scope") == "in" else _("out of scope"),
        "step": str(STEPS.get(facts.get("step", ""), ""))
        % {"span": saying.duration(facts.get("minutes", 0))},
        "pack": facts.get("number", ""),
        "noted": str(NOTED.get(facts.get("what", ""), "")),
        "offer": facts.get("offer", ""),
        "reached": "" if facts.get("connected", True) else _(", and nobody answered"),
        "status": facts.get("status", ""),
        "vendor": str(PARTIES.get(facts.get("vendor", ""), _("the vendor"))),
        "severity": facts.get("severity", ""),
        "outage": facts.get("outage", ""),
    }


def _wait_words(facts: dict, waits: dict[int, Wait]) -> str:
    wait = waits.get(facts.get("id"))
    reason = str(dict(REASONS).get(facts.get("reason", wait.reason if wait else ""), _("something")))
    return f"{reason}: {wait.awaited}" if wait and wait.awaited else reason
