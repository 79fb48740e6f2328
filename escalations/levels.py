"""Support levels of a ticket: up with what the level must receive, down, to another group; the sheet, and engineering's review."""

from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from escalations import managing, sheets
from escalations.ladder import definition_of
from escalations.models import EngineeringReview, FaultReport, LevelMove
from escalations.rules import must_be_said
from support import timeline
from support.actors import Actor, ActorKind
from support.catalogue.definition import Definition
from support.catalogue.upward import SupportLevel
from support.models import File, Team, Ticket, Visibility
from support.naming import is_said
from support.refusal import Refused, Stale


def level_of(ticket: Ticket) -> int:
    """Where the ticket is; each begins on level 1."""
    last = LevelMove.objects.last(ticket)
    return last.new if last else 1


def levels_of(ticket: Ticket) -> tuple[SupportLevel, ...]:
    return definition_of(ticket).levels if ticket.service else ()


def needs_sheet(definition: Definition, level: int) -> bool:
    return definition.fault_report is not None and level in definition.fault_report.going_to


@transaction.atomic
def move(
    ticket: Ticket,
    new: int,
    *,
    reason: str,
    sheet: FaultReport | None = None,
    impact: int | None = None,
    missed: str = "",
    read: int | None = None,
    by: Actor,
    at: datetime,
) -> LevelMove:
    """To the next level with what it must receive, or down to any. Its owner keeps the duty to communicate.

    `read` is the level that the person saw it on: Stale when it is another one by now. At engineering, of the priorities that the service names, management goes along with it.
    """
    ticket.lock()
    if not ticket.undone:
        raise Refused(_("Ticket %(number)s is done: reopen it first.") % {"number": ticket.number})
    if by.kind == ActorKind.CONTACT:
        raise Refused(_("The desk moves a ticket between its support levels."))
    must_be_said(reason=reason)
    old, levels = level_of(ticket), levels_of(ticket)
    if read not in (None, old):
        raise Stale(
            _("It is on level %(old)d now: read what was done, then move it from there.") % {"old": old}
        )
    if not 1 <= new <= len(levels) or new == old or new > old + 1:
        raise Refused(_("From level %(old)d it goes up to the next level, or down.") % {"old": old}, "level")
    definition = definition_of(ticket)
    if new > old:
        _must_be_received(definition, new, sheet)
    engineering = definition.engineering
    if engineering and engineering.level == new and impact is None:
        raise Refused(_("Say what it means for the business: engineering works in that order."), "impact")
    row = LevelMove(
        ticket=ticket, position=0, old=old, new=new, sheet=sheet, impact=impact, missed=missed, reason=reason
    )
    row.actor = by
    row.save(force_insert=True)
    row.refresh_from_db()
    timeline.record(ticket, "level.moved", by=by, at=at, old=old, new=new, sheet=sheet.pk if sheet else None)
    if row.engineering and engineering and ticket.priority in engineering.priorities:
        managing.beside_engineering(row, at=at)
    return row


@transaction.atomic
def fill(
    ticket: Ticket,
    answers: dict[str, Any],
    uploads: dict,
    *,
    number: int | None = None,
    by: Actor,
    at: datetime,
) -> FaultReport:
    """A new version of the ticket's sheet, rendered and attached; what of it is missing stands on it, also where nobody sees anything
    of an answer. Stale where it is written as this `number` and somebody has written that one."""
    answers = {code: _seen(answer) for code, answer in answers.items()}
    ticket.lock()
    form = definition_of(ticket).fault_report if ticket.service else None
    if form is None:
        raise Refused(_("The service of this ticket has no fault report sheet."))
    before = latest_sheet(ticket)
    following = before.number + 1 if before else 1
    if number not in (None, following):
        raise Stale(_("Somebody has filled the sheet since you opened it: read it, then send it again."))
    files = {
        code: File.objects.take(
            upload, customer=ticket.customer, visibility=Visibility.INTERNAL, by=by, at=at
        )
        for code, upload in uploads.items()
    }
    kept = before.answers if before else {}
    said = {**{code: kept[code] for code in kept if code not in answers}, **answers}
    said |= {code: [*kept.get(code, []), file.name] for code, file in files.items()}
    upload = ContentFile(sheets.render(ticket, form, said, following, by, at).encode(), _("fault-report.txt"))
    upload.content_type = "text/plain"
    upload.name = f"{ticket.number}-fault-report-{following}.txt"
    rendered = File.objects.take(
        upload, customer=ticket.customer, visibility=Visibility.INTERNAL, by=by, at=at
    )
    row = FaultReport(ticket=ticket, number=following, answers=said, file=rendered)
    row.actor = by
    row.save(force_insert=True)
    row.refresh_from_db()
    ids = [file.pk for file in [*files.values(), rendered]]
    timeline.record(ticket, "file.added", by=by, at=at, visibility=Visibility.INTERNAL, ids=ids)
    return row


def _seen(answer: Any) -> Any:
    return "" if isinstance(answer, str) and not is_said(answer) else answer


def latest_sheet(ticket: Ticket) -> FaultReport | None:
    return FaultReport.objects.filter(ticket=ticket).select_related("file").order_by("-number").first()


@transaction.atomic
def assign(ticket: Ticket, team: Team | None, *, was: str | None = None, by: Actor, at: datetime) -> None:
    """Another resolver group works on it; whoever owns it goes on talking to the customer. `was` is the key of the group that the page
    named, "" for none; Stale where it is another one by now."""
    ticket.lock()
    if not ticket.undone:
        raise Refused(_("Ticket %(number)s is done: reopen it first.") % {"number": ticket.number})
    old, new = ticket.team_id, team.pk if team else None
    if old == new:
        return
    if was not in (None, f"{old or ''}"):
        now = ticket.team or _("nobody")
        raise Stale(
            _("Somebody else has given it to %(now)s meanwhile: send yours again if it is right.")
            % {"now": now}
        )
    ticket.team = team
    timeline.record(ticket, "group.assigned", by=by, at=at, visibility=Visibility.INTERNAL, old=old, new=new)
    ticket.save(update_fields=["team"])


@transaction.atomic
def review(ticket: Ticket, *, impact: int, words: str, by: Actor, at: datetime) -> EngineeringReview:
    """What engineering's review found. The impact that it names decides the order from now on."""
    ticket.lock()
    last = LevelMove.objects.last(ticket)
    if last is None or not last.engineering or not ticket.undone:
        raise Refused(_("Ticket %(number)s is not at engineering.") % {"number": ticket.number})
    must_be_said(words=words)
    row = EngineeringReview(move=last, impact=impact, words=words)
    row.actor = by
    row.save(force_insert=True)
    timeline.record(
        ticket, "engineering.reviewed", by=by, at=at, visibility=Visibility.INTERNAL, ids=[row.pk]
    )
    return row


def _must_be_received(definition: Definition, new: int, sheet: FaultReport | None) -> None:
    if not needs_sheet(definition, new):
        return
    assert definition.fault_report is not None
    if sheet is None:
        raise Refused(_("Level %(level)d receives a fault report sheet: fill it first.") % {"level": new})
    if new in definition.fault_report.complete and sheet.missing:
        missing = ", ".join(sheets.labels(definition.fault_report, sheet.missing))
        raise Refused(
            _("Level %(level)d receives a complete sheet. Missing: %(missing)s.")
            % {"level": new, "missing": missing}
        )
