"""The panels of a ticket: `{% escalation_gist ticket as gist %}` first, then `{% escalation_panel ticket gist %}` (the ladder, with what
may be done on it), `{% vendor_panel ticket gist %}` and `{% above_panel ticket gist %}`; of the customer's page the own ones."""

from django import template
from django.utils import timezone

from escalations import vendor_pages
from escalations.above_panel import above_panel_of
from escalations.gist import gist_of
from escalations.models import Outage
from escalations.own_panel import own_panel_of
from escalations.panel import panel_of
from support import saying

register = template.Library()
RETURNED = ("escalate", "decline", "act", "stepdown", "deescalate")


@register.simple_tag
def escalation_gist(ticket):
    return gist_of(ticket)


@register.inclusion_tag("escalations/_ladder_panel.html", takes_context=True)
def escalation_panel(context, ticket, gist):
    """Given a ticket with its service and whoever raised it. A form with errors is among the page's forms."""
    user, zone, forms = context["request"].user, timezone.get_current_timezone(), context.get("forms") or {}
    returned = {name: forms[name] for name in RETURNED if name in forms}
    return {"ticket": ticket, "panel": panel_of(ticket, user, timezone.now(), zone, returned, gist)}


@register.inclusion_tag("escalations/_vendor_panel.html", takes_context=True)
def vendor_panel(context, ticket, gist):
    """Cases with vendors on a ticket, our clocks beside theirs, and whose its misses are; no query where there is none of them."""
    at, zone = timezone.now(), timezone.get_current_timezone()
    return {
        "ticket": ticket,
        "panel": vendor_pages.panel_of(ticket, at, zone, gist.cases),
        "user": context["request"].user,
    }


@register.inclusion_tag("escalations/_vendor_work.html")
def vendor_work(ticket):
    """For the customer: who else works on his ticket, and since when. One query."""
    at = timezone.now()
    cases = ticket.vendor_cases.unclosed().order_by("position")
    return {"cases": [(case.get_party_display(), saying.here(case.opened_at, at)) for case in cases]}


@register.inclusion_tag("escalations/_own_ladder_panel.html", takes_context=True)
def own_escalation_panel(context, ticket):
    user, zone, forms = context["request"].user, timezone.get_current_timezone(), context.get("forms") or {}
    panel = own_panel_of(ticket, user, timezone.now(), zone, forms.get("escalate"))
    return {"ticket": ticket, "panel": panel}


@register.inclusion_tag("escalations/_above_panel.html", takes_context=True)
def above_panel(context, ticket, gist):
    """Its support level, and what of it is at management."""
    user, forms = context["request"].user, context.get("forms") or {}
    return {"ticket": ticket, "panel": above_panel_of(ticket, user, timezone.now(), forms, gist)}


@register.inclusion_tag("escalations/_own_outages.html", takes_context=True)
def own_outages(context):
    """For the customer: what is down of his, where he is of its audience. Two queries, one for whoever is of none."""
    at = timezone.now()
    found = Outage.objects.told_to(context["request"].user).not_closed().order_by("-declared_at")
    return {"outages": [(outage, saying.here(outage.began_at, at)) for outage in found]}
