"""When the named contacts of a ladder answer, in words, under the version of the calendar that the ticket's timeline pins."""

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from escalations import ladder
from support import versions
from support.explaining.words import calendar_in_words
from support.models import Event, Ticket


def name_of(ticket: Ticket) -> str:
    """Of the calendar in which the contacts of its ladder answer; "" where it names none."""
    rules = ladder.definition_of(ticket).ladder if ticket.service else None
    return rules.contact_hours if rules else ""


def pinned(name: str, of) -> QuerySet:
    """The version of this calendar, as "code@3", in one row of one column; none of "". `of` names the ticket, or the query's."""
    moved = Q(kind="calendar.moved", facts__calendar=name)
    pins = Q(kind__in=["ticket.opened", "service.moved"], facts__calendars__has_key=name)
    found = Event.objects.filter(moved | pins, ticket=of) if name else Event.objects.none()
    version = Coalesce(KT(f"facts__calendars__{name}"), KT("facts__new"))
    return found.order_by("-seq").annotate(pin=version).values_list("pin", flat=True)[:1]


def in_words(version: str | None) -> str:
    """ "Hours of the named escalation contacts, Mon to Fri 09:30 to 17:30 London, not on public holidays"; "" of none."""
    if not version:
        return ""
    calendar = versions.calendar(version)
    words = calendar_in_words(calendar)
    return _("%(hours)s, not on public holidays") % {"hours": words} if calendar.holidays else words


def of_ticket(ticket: Ticket) -> str:
    return in_words(pinned(name_of(ticket), ticket.pk).first())
