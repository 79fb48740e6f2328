"""Major incident reports: written as a draft, issued once, corrected by a further version. What is owed: escalations.owing."""

import hashlib
import json
from datetime import date, datetime

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from escalations import notices, owing, report_mail, report_story
from escalations.models import IncidentReport, ReportAction, ReportRecipient, ReportState, ReportVersion
from escalations.rules import must_be_seen, verb
from support.actors import Actor
from support.mail import outbox
from support.models import Contact, Customer, User
from support.naming import is_said
from support.refusal import Refused, Stale


def no_draft(report: IncidentReport) -> str:
    issued = report.versions.filter(state=ReportState.ISSUED).exists()
    sentence = (
        _("%(number)s is issued: begin a further version, which says what it corrects.")
        if issued
        else _("%(number)s has no draft: begin one.")
    )
    return sentence % {"number": report.number}


def draft_of(report: IncidentReport) -> ReportVersion | None:
    return report.versions.filter(state=ReportState.DRAFT).first()


def issued_of(report: IncidentReport) -> ReportVersion | None:
    """The version that counts."""
    return report.versions.filter(state=ReportState.ISSUED).order_by("-position").first()


def audience(report: IncidentReport) -> QuerySet[Contact]:
    """Whom it would be mailed to now. The database counts the same."""
    outage, ticket = report.outage, report.ticket
    if outage:
        raised = Contact.objects.filter(tickets__outages__outage=outage, tickets__customer=F("customer"))
        told = Q(pk__in=notices.audience(outage).values("pk")) | Q(pk__in=raised.values("pk"))
    else:
        told = Q(customer=ticket.customer_id) & (Q(nominated_for_outages=True) | Q(pk=ticket.raised_by_id))
    found = Contact.objects.filter(told, active=True, customer__active=True)
    return found.select_related("customer").order_by("customer__name", "name", "pk")


def unheard(report: IncidentReport) -> QuerySet[Customer]:
    """The customers concerned of whom nobody would be mailed it."""
    outage = report.outage
    hit = outage.contracts.values("contract__holder") if outage else [report.ticket.customer_id]
    told = audience(report).order_by().values("customer")
    return Customer.objects.filter(pk__in=hit, active=True).exclude(pk__in=told).order_by("name")


def fingerprint(version: ReportVersion) -> str:
    """Of its words and actions: what somebody had before him when he wrote or issued."""
    actions = version.actions.order_by("position").values_list("position", "text", "owner", "due_on")
    said = [version.pk, version.impact, version.root_cause, version.correction, list(actions)]
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()[:32]


@verb
def begin(report: IncidentReport, *, by: Actor, at: datetime) -> ReportVersion:
    """A draft: empty at first, later with what the issued version says, to be corrected.

    What was promised stays promised: an action of somebody who has left is of whoever begins the correction.
    """
    last = issued_of(report)
    row = ReportVersion(report=report, position=0)
    if last:
        row.impact, row.root_cause = last.impact, last.root_cause
    row.actor = by
    row.save(force_insert=True)
    if last:
        for action in last.actions.select_related("owner"):
            owner = action.owner if action.owner.is_active else User.objects.get(pk=by.id)
            _act(row, action.text, owner, action.due_on)
    row.refresh_from_db()
    return row


@verb
def write(
    report: IncidentReport,
    *,
    impact: str,
    root_cause: str,
    correction: str = "",
    seen: str | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Here and below `seen` is the fingerprint of what its writer had before him; Stale where it is another by now."""
    row = _held(report, seen)
    must_be_seen(impact=impact, root_cause=root_cause, correction=correction)
    row.impact, row.root_cause, row.correction = impact.strip(), root_cause.strip(), correction.strip()
    row.actor = by
    row.save(update_fields=["impact", "root_cause", "correction", "actor_kind", "actor_id", "actor_name"])


@verb
def add_action(
    report: IncidentReport,
    *,
    text: str,
    owner: User,
    due_on: date,
    seen: str | None = None,
    by: Actor,
    at: datetime,
) -> None:
    must_be_seen(text=text)
    row = _held(report, seen)
    _act(row, text.strip(), owner, due_on)
    _by(row, by)


@verb
def drop_action(
    report: IncidentReport, position: int, *, seen: str | None = None, by: Actor, at: datetime
) -> None:
    row = _held(report, seen)
    action = row.actions.filter(position=position).first()
    if action is None:
        raise Refused(_("This action is not there any more."))
    action.delete()
    _by(row, by)


@verb
def issue(report: IncidentReport, *, seen: str | None = None, by: Actor, at: datetime) -> ReportVersion:
    """The draft as it stands, with what happened up to now, mailed to all who are told. It never changes again."""
    row = _held(report, seen)
    owing.date_by_the_last_end(report)
    if not is_said(row.impact) or not is_said(row.root_cause):
        raise Refused(_("Write the impact and the root cause first."))
    if row.position > 1 and not is_said(row.correction):
        raise Refused(_("Write what is corrected."))
    if gone := row.actions.filter(owner__is_active=False).first():
        raise Refused(
            _("%(who)s has left: drop what was to be done by him, and give it to somebody.")
            % {"who": gone.owner_name}
        )
    row.story = report_story.told(report)
    row.state, row.actor = ReportState.ISSUED, by
    row.save(update_fields=["story", "state", "actor_kind", "actor_id", "actor_name"])
    row.refresh_from_db()
    contacts = list(audience(report))
    if len(contacts) != row.recipients:
        raise Refused(_("Those who are told have changed this moment: issue it again."))
    mails = outbox.queue_all(report_mail.drafts(report, row, contacts, at=at))
    ReportRecipient.objects.bulk_create(
        ReportRecipient(version=row, contact=contact, mail=mail)
        for contact, mail in zip(contacts, mails, strict=True)
    )
    return row


def _held(report: IncidentReport, seen: str | None) -> ReportVersion:
    row = report.versions.select_for_update(of=("self",)).filter(state=ReportState.DRAFT).first()
    if row is None:
        raise Refused(no_draft(report))
    if seen is not None and seen != fingerprint(row):
        facts = {"number": report.number, "who": row.actor_name}
        raise Stale(
            _(
                "The draft of %(number)s has changed since you opened it (last written by %(who)s). Read it as it is now."
            )
            % facts
        )
    row.report = report
    return row


def _act(row: ReportVersion, text: str, owner: User, due_on: date) -> None:
    ReportAction(version=row, position=0, text=text, owner=owner, due_on=due_on).save(force_insert=True)


def _by(row: ReportVersion, by: Actor) -> None:
    """Actions are part of the draft: whoever changed one has written last."""
    row.actor = by
    row.save(update_fields=["actor_kind", "actor_id", "actor_name"])
