"""Onsite assistance: what a ticket's service knows of it, who may ask, and each step from the request to its end."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from escalations import onsite_mails
from escalations.models import Help, OnsiteRequest, OnsiteState, OnsiteStep, OnsiteVisitor
from escalations.rules import must_be_said, verb
from support import timeline, versions
from support.actors import Actor
from support.catalogue.intake import Asked, Field
from support.clocks.terms import WaitReason
from support.models import Contact, Ticket, Wait
from support.refusal import Refused

NEEDS = {
    Help.HANDS: "task",
    Help.ACCESS: "visitor",
}  # the field of the service's form that says that it knows this
ENDS_THE_WAIT = {OnsiteState.DECLINED, OnsiteState.ARRIVED, OnsiteState.NO_SHOW, OnsiteState.CANCELLED}
GRANTS = (OnsiteState.ACCEPTED, OnsiteState.APPROVED)  # what lets somebody in, or sends somebody there
SAID = {  # what a step is nothing without
    OnsiteState.DECLINED: ("words",),
    OnsiteState.DONE: ("words", "by_whom"),
}


def known(ticket: Ticket) -> dict[Help, Field]:
    """What the ticket's service knows of onsite assistance, from its form; nothing where it has none."""
    if ticket.service is None:
        return {}
    forms = [form for form in versions.definition(ticket.service).intake if form.asked is Asked.ONSITE]
    fields = {field.code: field for form in forms for field in form.fields}
    return {kind: fields[code] for kind, code in NEEDS.items() if code in fields}


def unknown_sentence() -> str:
    return _("The service of this ticket knows no onsite assistance.")


def not_following(request: OnsiteRequest, kind: str) -> str:
    """Why this step is not taken as the request stands."""
    facts = {"state": request.get_state_display(), "kind": OnsiteState(kind).label}
    return _("The request stands at “%(state)s”: “%(kind)s” does not follow.") % facts


def authorised(ticket: Ticket):
    """The contacts who may ask for it on this ticket: of its customer, or of a partner by grant."""
    theirs = Q(customer=ticket.customer_id) | Q(grants__customer=ticket.customer_id)
    return Contact.objects.filter(theirs, active=True, asks_onsite=True).distinct().order_by("name")


@verb
def ask_hands(
    ticket: Ticket,
    *,
    contact: Contact,
    task: str,
    equipment: str,
    words: str = "",
    by: Actor,
    at: datetime,
) -> OnsiteRequest:
    """A task of the service's list, done by people at the site without access to any system."""
    must_be_said(equipment=equipment)
    row = OnsiteRequest(kind=Help.HANDS, contact=contact, task=task, equipment=equipment, words=words)
    return _asked(ticket, row, by=by, at=at)


@verb
def ask_access(
    ticket: Ticket,
    *,
    contact: Contact,
    company: str,
    visitors: str,
    equipment: str,
    zone: str,
    window_from: datetime,
    window_until: datetime,
    words: str = "",
    waits: bool = False,
    by: Actor,
    at: datetime,
) -> OnsiteRequest:
    """A vendor or carrier may come within the window; `zone` is the site's. With `waits` the ticket waits for site access."""
    must_be_said(company=company, visitors=visitors, equipment=equipment)
    ticket.lock()
    row = OnsiteRequest(
        kind=Help.ACCESS,
        contact=contact,
        company=company,
        visitors=visitors,
        equipment=equipment,
        zone=zone,
        window_from=window_from,
        window_until=window_until,
        words=words,
        wait=_wait_for(ticket, company, by=by, at=at) if waits else None,
    )
    return _asked(ticket, row, by=by, at=at)


@verb
def step(
    request: OnsiteRequest,
    kind: str,
    *,
    words: str = "",
    by_whom: str = "",
    visitors: Sequence[OnsiteVisitor] = (),
    happened_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> OnsiteStep:
    """What follows on a request. Nothing is granted on a ticket that is done, to one who may ask no more, or for a window that is over; what has happened is
    written down whatever became of either. `happened_at` of work done, an arrival and a leaving is as told; of the rest it is now.

    An arrival says of each visitor who was announced whether he was let in; Refused where one is missing, or everybody was turned away.
    """
    ticket = request.ticket
    ticket.lock()
    request.refresh_from_db(fields=["state"])
    if kind not in request.following:
        raise Refused(not_following(request, kind))
    if kind in GRANTS:
        _may_still_be_granted(request, at)
    said = {"words": words, "by_whom": by_whom}
    must_be_said(**{field: said[field] for field in SAID.get(OnsiteState(kind), ())})
    row = OnsiteStep(
        request=request,
        kind=kind,
        words=words,
        by_whom=by_whom,
        happened_at=happened_at or at,
    )
    row.actor = by
    row.save(force_insert=True)
    if kind == OnsiteState.ARRIVED:
        _seen(row, visitors)
    request.refresh_from_db(fields=["state"])
    at = max(at, ticket.changed_at)
    _tell(request, kind, by=by, at=at)
    if kind in ENDS_THE_WAIT:
        _end_wait(request, by=by, at=at)
    onsite_mails.stepped(row, at)
    return row


def _may_still_be_granted(request: OnsiteRequest, at: datetime) -> None:
    facts = {"number": request.ticket.number, "name": request.contact.name}
    if not request.ticket.undone:
        raise Refused(_("Ticket %(number)s is done: reopen it first, or decline this request.") % facts)
    if not authorised(request.ticket).filter(pk=request.contact_id).exists():
        raise Refused(_("%(name)s may not ask for onsite assistance any more: decline this request.") % facts)
    if request.window_until and request.window_until <= at:
        raise Refused(_("Its window is over: decline this request, and ask for another one."))


def _seen(arrival: OnsiteStep, visitors: Sequence[OnsiteVisitor]) -> None:
    for visitor in visitors:
        said = {"by_whom": visitor.by_whom} | (
            {} if visitor.document else {"turned_away": visitor.turned_away}
        )
        must_be_said(**{f"{field}_{visitor.position}": text for field, text in said.items()})
        visitor.step = arrival
    OnsiteVisitor.objects.bulk_create(visitors)
    with (
        connection.cursor() as cursor
    ):  # what is asked at the commit is asked here, where its sentence is shown
        cursor.execute("SET CONSTRAINTS onsite_arrival_is_whole IMMEDIATE")
        cursor.execute("SET CONSTRAINTS onsite_arrival_is_whole DEFERRED")


def _asked(ticket: Ticket, row: OnsiteRequest, *, by: Actor, at: datetime) -> OnsiteRequest:
    ticket.lock()
    if not ticket.undone:
        raise Refused(_("Ticket %(number)s is done: reopen it first.") % {"number": ticket.number})
    if Help(row.kind) not in known(ticket):
        raise Refused(unknown_sentence())
    row.ticket, row.position, row.actor = ticket, 0, by
    row.save(force_insert=True)
    row.refresh_from_db()
    at = max(at, ticket.changed_at)
    _tell(row, "requested", by=by, at=at)
    onsite_mails.requested(row, at)
    return row


def _tell(request: OnsiteRequest, what: str, *, by: Actor, at: datetime) -> None:
    timeline.record(request.ticket, f"onsite.{what}", by=by, at=at, ids=[request.pk])


def _wait_for(ticket: Ticket, company: str, *, by: Actor, at: datetime) -> Wait:
    open_one = Wait.objects.filter(ticket=ticket, reason=WaitReason.SITE_ACCESS, ended_at=None).first()
    at = max(at, ticket.changed_at)
    return open_one or Wait.begin(ticket, reason=WaitReason.SITE_ACCESS, awaited=company[:200], by=by, at=at)


def _end_wait(request: OnsiteRequest, *, by: Actor, at: datetime) -> None:
    """The ticket waits no more once nobody is on the way whom the wait names."""
    wait = Wait.objects.filter(pk=request.wait_id, ended_at=None).select_related("ticket").first()
    coming = OnsiteRequest.objects.filter(wait=wait, state__in=[OnsiteState.REQUESTED, OnsiteState.APPROVED])
    if wait and not coming.exists():
        wait.end(by=by, at=at)
        request.ticket.refresh_from_db()
