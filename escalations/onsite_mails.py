"""Mails of onsite assistance: a request to the ticket's owner or the desk, each step to the contact who asked."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from escalations.models import Help, OnsiteRequest, OnsiteState, OnsiteStep
from support import saying
from support.actors import ActorKind
from support.mail import outbox
from support.mail.addresses import reply_address


def requested(request: OnsiteRequest, at: datetime) -> None:
    """To whoever owns the ticket, unless he wrote it down himself; to the desk where nobody does."""
    owner = request.ticket.owner
    if owner is not None and request.actor_kind == ActorKind.STAFF and request.actor_id == owner.pk:
        return
    owned = owner is not None and owner.is_active
    with translation.override(owner.locale if owned else settings.LANGUAGE_CODE):
        facts = _facts(request, owner.time_zone if owned else "UTC", at)
        said = [
            _("%(who)s asks for %(kind)s on “%(title)s” of %(customer)s.") % facts,
            *_what(request, facts),
            _("Asked %(asked)s (%(zone)s). Answer it on the ticket.") % facts,
            f"{settings.BASE_URL}{reverse('escalations:onsite-page', args=[request.ticket.number])}",
        ]
        subject = _("[%(number)s] Onsite assistance: %(kind)s") % facts
    to = [owner.email if owned else outbox.desk()]
    outbox.queue(f"onsite:{request.pk}:requested", to=to, subject=subject, text=_text(said), at=at)


def stepped(step: OnsiteStep, at: datetime) -> None:
    """To the contact who asked, in his language and zone; nobody is told who sees the ticket no longer, or did it himself."""
    request = step.request
    contact, ticket = request.contact, request.ticket
    himself = step.actor_kind == ActorKind.CONTACT and step.actor_id == contact.pk
    if himself or not contact.may_see(ticket.customer_id):
        return
    with translation.override(contact.locale):
        facts = _facts(request, contact.time_zone, at)
        said = [
            sentence(step) % facts,
            *([step.words] if step.words else []),
            *_what(request, facts),
            _("Asked %(asked)s (%(zone)s).") % facts,
            f"{settings.BASE_URL}{reverse('escalations:own-onsite', args=[ticket.number])}",
        ]
    outbox.queue(
        f"onsite:{request.pk}:{step.kind}",
        to=[contact.email],
        subject=f"[{ticket.number}] {ticket.title}",
        text=_text(said),
        reply_to=reply_address(ticket.number),
        at=at,
        customer=ticket.customer,
    )


def sentence(step: OnsiteStep) -> str:
    return {
        OnsiteState.ACCEPTED: _("Your request for %(kind)s is accepted."),
        OnsiteState.APPROVED: _(
            "Your request for %(kind)s is approved: everybody who comes shows a valid document of a government at the door."
        ),
        OnsiteState.DECLINED: _("Your request for %(kind)s is declined."),
        OnsiteState.DONE: _("What you asked for, %(kind)s, is done."),
        OnsiteState.ARRIVED: _("Whom you announced for %(kind)s is on site."),
        OnsiteState.LEFT: _("Whom you announced for %(kind)s has left the site."),
        OnsiteState.NO_SHOW: _("Nobody came for %(kind)s within the window."),
        OnsiteState.CANCELLED: _("The request for %(kind)s is cancelled."),
    }[OnsiteState(step.kind)]


def _what(request: OnsiteRequest, facts: dict) -> list[str]:
    if request.kind == Help.HANDS:
        return [_("Task: %(task)s. Equipment: %(equipment)s.") % facts, *_words(request)]
    return [
        _("%(company)s comes: %(visitors)s. Equipment: %(equipment)s.") % facts,
        _("Window: %(window)s (%(zone)s); at the site %(there)s (%(site)s).") % facts,
        *_words(request),
    ]


def _words(request: OnsiteRequest) -> list[str]:
    return [request.words] if request.words else []


def _facts(request: OnsiteRequest, zone: str, at: datetime) -> dict:
    ticket, windows = request.ticket, {}
    if request.window_from:
        windows = {
            "window": saying.period(request.window_from, request.window_until, ZoneInfo(zone)),
            "there": saying.period(request.window_from, request.window_until, ZoneInfo(request.zone)),
        }
    return {
        "number": ticket.number,
        "title": ticket.title,
        "customer": ticket.customer.name,
        "kind": request.get_kind_display().lower(),
        "who": request.contact.name,
        "task": request.task,
        "equipment": request.equipment,
        "company": request.company,
        "visitors": ", ".join(request.visitors.splitlines()),
        "site": request.zone,
        "zone": zone,
        "asked": saying.instant(request.at, ZoneInfo(zone), since=at),
        **windows,
    }


def _text(said: list[str]) -> str:
    return "\n\n".join(said) + "\n"
