"""`{% escalation_panel ticket %}`: the ladder of a ticket, with what may be done on it."""

from django import template
from django.utils import timezone

from escalations.panel import panel_of

register = template.Library()


@register.inclusion_tag("escalations/_ladder_panel.html", takes_context=True)
def escalation_panel(context, ticket):
    """One query, given a ticket with its service and whoever raised it. A form with errors is among the page's forms."""
    user, zone, forms = context["request"].user, timezone.get_current_timezone(), context.get("forms") or {}
    returned = {"form": forms.get("escalate"), "closing": forms.get("deescalate")}
    return {"ticket": ticket, "panel": panel_of(ticket, user, timezone.now(), zone, **returned)}
