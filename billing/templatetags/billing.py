"""The billing panel of a ticket page."""

from django import template
from django.db.models import OuterRef, Subquery

from billing.models import Engagement, ScopeDecision
from support import roles

register = template.Library()


@register.inclusion_tag("billing/_engagement_panel.html", takes_context=True)
def engagement_panel(context, ticket):
    """The newest scope decision, and the newest engagement on the ticket: one query."""
    newest = Engagement.objects.filter(ticket=OuterRef("ticket")).order_by("-id")
    decisions = ScopeDecision.objects.filter(ticket=ticket).order_by("-id")
    decision = decisions.annotate(
        reference=Subquery(newest.values("reference")[:1]),
        title=Subquery(newest.values("title")[:1]),
        state=Subquery(newest.values("state")[:1]),
    ).first()
    engagement = None
    if decision is not None and decision.reference:
        engagement = Engagement(reference=decision.reference, title=decision.title, state=decision.state)
    acts = roles.may_open(context["request"].user, "billing:scope-decide")
    return {"ticket": ticket, "decision": decision, "engagement": engagement, "acts": acts}
