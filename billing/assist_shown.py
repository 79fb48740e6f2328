"""The help in a customer's own case, worked out for pages: packs with how they arrived, and what became of the case."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from billing import delivery
from billing.models import AssistNote, AssistPack, Engagement
from support import saying
from support.actors import ActorKind
from support.models import Contact, Message, User, Visibility

SHOWN = 100  # packs and notes, the newest
KEPT = ("severity", "product", "summary", "domains", "subscription", "users_count", "users", "reproduce")
KEPT += ("steps_taken", "tools", "reached", "with_messages")


@dataclass(frozen=True, slots=True)
class Handed:
    """`state` is that of its mail, or nothing, and `said` how that fares, else how it was handed over; `taken` is when
    that person took the pack first."""

    who: str
    words: str
    said: str
    state: str = ""
    error: str = ""
    taken: str = ""


@dataclass(frozen=True, slots=True)
class PackShown:
    pack: AssistPack
    made: str
    handed: list[Handed]
    others: list[str]  # who else took it, and when
    taken: bool


@dataclass(slots=True)
class Asked:
    """A request of Microsoft's, or a call, with what followed."""

    note: AssistNote
    noted: str
    when: str
    is_open: bool = True
    followed: list[str] = field(default_factory=list)


@dataclass(slots=True)
class CaseShown:
    cases: list[tuple[AssistNote, str]] = field(default_factory=list)  # the newest counts
    requests: list[Asked] = field(default_factory=list)
    calls: list[Asked] = field(default_factory=list)


def handed_over() -> QuerySet[AssistPack]:
    """What the customer may see: a pack that nobody was given is the desk's own."""
    return AssistPack.objects.filter(handovers__isnull=False).distinct()


def packs(rows: QuerySet[AssistPack], now: datetime, partner: Contact | None = None) -> list[PackShown]:
    """The newest first, in the reader's zone; for a partner without who was given them, and who made them."""
    rows = rows.select_related("file", "answers").prefetch_related("handovers__mail", "takings")
    return [_pack(pack, now, partner) for pack in rows.order_by("-number")[:SHOWN]]


def case(engagement: Engagement, now: datetime, partner: Contact | None = None) -> CaseShown:
    """What both sides read of it; a partner reads no name but his own."""
    notes = list(engagement.assist_notes.order_by("-number")[:SHOWN])
    shown, people = CaseShown(), {} if partner else _people(notes)
    asked = {note.pk: _asked(note, now, partner) for note in notes if note.kind in ("request", "call")}
    for note in notes:
        if note.kind == AssistNote.Kind.CASE:
            shown.cases.append((note, _by(note, now, partner)))
        elif note.kind in (AssistNote.Kind.REQUEST, AssistNote.Kind.CALL):
            (shown.requests if note.kind == AssistNote.Kind.REQUEST else shown.calls).append(asked[note.pk])
        elif note.about_id in asked:
            asked[note.about_id].is_open = False
            asked[note.about_id].followed.insert(0, _followed(note, people, now, partner))
    for pack in engagement.assist_packs.filter(answers__in=asked).order_by("number"):
        asked[pack.answers_id].is_open = False
        asked[pack.answers_id].followed.append(_("Pack %(n)d was made for it.") % {"n": pack.number})
    return shown


def first_words(engagement: Engagement) -> dict:
    """What a pack's form begins with: the last pack's words, else what the ticket and the engagement hold already."""
    if last := engagement.assist_packs.order_by("number").last():
        return {name: getattr(last, name) for name in KEPT} | {"errors_seen": last.errors}
    ticket = engagement.ticket
    first = Message.objects.filter(ticket=ticket, visibility=Visibility.CUSTOMER).order_by("at", "pk").first()
    worked = engagement.time_entries.filter(superseded_by=None).exclude(text="").order_by("started_at")
    return {
        "summary": "\n\n".join(words for words in (ticket.title, first and first.text) if words),
        "product": str(ticket.product or ""),
        "steps_taken": "\n".join(dict.fromkeys(worked.values_list("text", flat=True))),
        "reached": _reached(ticket.raised_by),
    }


def _reached(contact) -> str:
    if contact is None:
        return ""
    return "\n".join(filter(None, (contact.name, contact.email, contact.phone, contact.time_zone)))


def _pack(pack: AssistPack, now: datetime, partner: Contact | None) -> PackShown:
    if partner:
        return PackShown(pack, saying.here(pack.made_at, now), [], [], False)
    takings = {taking.contact_id: taking for taking in pack.takings.all()}
    handed, seen = [], set()
    for one in pack.handovers.all():
        seen.add(one.contact_id)
        taking = takings.get(one.contact_id)
        told = delivery.told(one.mail, now) if one.mail else None
        how = f"{one.get_way_display()}, {one.actor_name}, {saying.here(one.handed_at, now)}"
        handed.append(
            Handed(
                who=one.contact_name,
                words=how,
                said=told.words if told else one.words,
                state=told.state if told else "",
                error=told.error if told else "",
                taken=saying.here(taking.taken_at, now)
                if taking and taking.taken_at >= one.handed_at
                else "",
            )
        )
    others = [
        f"{taking.contact_name}, {saying.here(taking.taken_at, now)}"
        for pk, taking in takings.items()
        if pk not in seen
    ]
    return PackShown(pack, _made(pack, now), handed, others, bool(takings))


def _made(pack: AssistPack, now: datetime) -> str:
    return f"{pack.actor_name}, {saying.here(pack.made_at, now)}"


def _asked(note: AssistNote, now: datetime, partner: Contact | None) -> Asked:
    return Asked(note, _by(note, now, partner), saying.here(note.starts_at, now) if note.starts_at else "")


def _followed(note: AssistNote, people: dict[int, str], now: datetime, partner: Contact | None) -> str:
    by = _by(note, now, partner)
    if note.kind == AssistNote.Kind.ANSWER:
        return f"{note.text} ({by})"
    names = ""
    if note.joined:
        names = _("The desk") if partner else saying.listed([people[pk] for pk in note.joined])
    joined = _("%(who)s joined.") % {"who": names} if names else _("Nobody of the desk joined.")
    return f"{joined} {note.text} ({by})"


def _by(note: AssistNote, now: datetime, partner: Contact | None) -> str:
    who = note.actor_name
    if partner and note.actor_kind != ActorKind.CONTACT:
        who = _("the desk")
    elif partner and note.actor_id != partner.pk:
        who = _("the customer's side")
    return f"{who}, {saying.here(note.noted_at, now)}"


def _people(notes: list[AssistNote]) -> dict[int, str]:
    ids = {pk for note in notes for pk in note.joined}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
