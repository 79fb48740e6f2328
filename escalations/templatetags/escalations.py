"""`{% escalation_panel ticket %}`: the ladder of a ticket, with what may be done on it."""

import uuid

from django import template
from django.utils import timezone

from escalations.panel import panel_of
from support import once

register = template.Library()


@register.inclusion_tag("escalations/_ladder_panel.html", takes_context=True)
def escalation_panel(context, ticket):
    """One query, given a ticket with its service and whoever raised it. A form with errors comes from the page."""
    user, at = context["request"].user, timezone.now()
    forms = {"form": context.get("escalate_form"), "closing": context.get("close_form")}
    return {
        "ticket": ticket,
        "panel": panel_of(ticket, user, at, timezone.get_current_timezone(), **forms),
        "field": once.FIELD,
        "keys": [uuid.uuid4() for _ in range(3)],
    }
