"""A scope decision as the desk's pages show it: the item in its service's words, the way, and an exception with who and why."""

from django import template
from django.utils import timezone

from billing import scope, ways
from billing.forms.engagements import VERDICTS
from billing.models.scope import ENGAGEMENT
from support import saying

register = template.Library()


@register.inclusion_tag("billing/_scope_decided.html")
def scope_decided(decision):
    """Asks the database for nothing: definitions are read once per process."""
    item = scope.item_of(decision)
    return {
        "decision": decision,
        "item": item,
        "verdict": VERDICTS.get(item.verdict, "") if item else "",
        "way": ways.way_of(decision),
        "is_offered": decision.outcome == ENGAGEMENT,
        "at": saying.here(decision.decided_at, timezone.now()),
    }
