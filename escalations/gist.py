"""What a ticket has of all that goes up, in one query: the panels of its page ask further only for what is there."""

import json
from dataclasses import dataclass
from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, DateTimeField, Exists, F, OuterRef, Subquery, TextField
from django.db.models.functions import JSONObject
from django.utils import timezone

from escalations import contact_hours
from escalations.models import (
    Escalation,
    LevelMove,
    MaintenanceContract,
    ManagementEscalation,
    VendorCase,
)
from escalations.models.asking import askers, in_words
from support.models import Ticket
from support.prepared import Given, Prepared


@dataclass(frozen=True, slots=True)
class Gist:
    """Whether it was ever escalated, has cases with vendors, is at management; its support level, from 1; whether maintenance goes on
    under its contract or a renewal of it; who may ask for an escalation, as a form lists them; and the version of the calendar in which the contacts of its ladder
    answer, where it names one."""

    raised: bool
    cases: bool
    management: bool
    level: int
    maintenance: bool
    askers: tuple[tuple[int, str], ...]
    hours: str | None


def gist_of(ticket: Ticket) -> Gist:
    asked = _asked(contact_hours.name_of(ticket))
    given = {"ticket": ticket.pk, "customer": ticket.customer_id, "now": timezone.now()}
    [(raised, cases, management, level, maintenance, people, hours)] = asked.rows(**given)
    named = tuple(in_words(ticket, **json.loads(person)) for person in people)
    return Gist(raised, cases, management, level or 1, maintenance, named, hours)


@cache
def _asked(hours: str) -> Prepared:
    """`hours` names the calendar of the ladder's contacts, "" without one."""
    of_it = {"ticket": OuterRef("pk")}
    now = Given("now", DateTimeField())
    told = MaintenanceContract.objects.filter(window__begins_at__lte=now, window__ends_at__gt=now)
    going_on = told.concerning(OuterRef("contract"), OuterRef("product"), OuterRef("customer"))
    moves = LevelMove.objects.filter(**of_it).order_by("-position")
    who = askers(Given("customer", BigIntegerField())).values_list(
        JSONObject(pk="pk", name="name", customer="customer_id", company=F("customer__name"))
    )
    return Prepared(
        Ticket.objects.filter(pk=Given("ticket", BigIntegerField())).values_list(
            Exists(Escalation.objects.filter(**of_it)),
            Exists(VendorCase.objects.filter(**of_it)),
            Exists(ManagementEscalation.objects.open().filter(**of_it)),
            Subquery(moves.values("new")[:1]),
            Exists(going_on),
            ArraySubquery(who),
            Subquery(contact_hours.pinned(hours, OuterRef("pk")), output_field=TextField()),
        )
    )
