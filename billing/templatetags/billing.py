"""The billing panel of a ticket page."""

from django import template

from billing.models import Engagement, ScopeDecision
from support import roles

register = template.Library()


@register.inclusion_tag("billing/_engagement_panel.html", takes_context=True)
def engagement_panel(context, ticket):
    """The newest scope decision; and, since none comes before a decision, then the newest engagement on the ticket."""
    decision = ScopeDecision.objects.filter(ticket=ticket).order_by("-id").first()
    engagement = Engagement.objects.filter(ticket=ticket).order_by("-id").first() if decision else None
    acts = roles.may_open(context["request"].user, "billing:scope-decide")
    return {"ticket": ticket, "decision": decision, "engagement": engagement, "acts": acts}
