"""The billing panel of a ticket page, and what came on paper on an engagement's."""

from functools import cache

from django import template
from django.db.models import BigIntegerField
from django.utils import timezone

from billing import ways, written
from billing.forms.written import WrittenConfirmForm, WrittenRecordForm, WrittenRefuseForm
from billing.models import Engagement, ScopeDecision
from support import roles, saying
from support.prepared import Given, PreparedModels

register = template.Library()


@register.inclusion_tag("billing/_engagement_panel.html", takes_context=True)
def engagement_panel(context, ticket):
    """The newest scope decision; and, since none comes before a decision, then the newest engagement on the ticket."""
    decision = next(iter(_newest().rows(ticket=ticket.pk)), None)
    engagement = Engagement.objects.filter(ticket=ticket).order_by("-id").first() if decision else None
    acts = roles.may_open(context["request"].user, "billing:scope-decide")
    way = ways.way_of(decision)
    return {"ticket": ticket, "decision": decision, "engagement": engagement, "acts": acts, "way": way}


@cache
def _newest() -> PreparedModels[ScopeDecision]:
    of_it = ScopeDecision.objects.filter(ticket=Given("ticket", BigIntegerField()))
    return PreparedModels(of_it.order_by("-id")[:1])


@register.inclusion_tag("billing/_written.html", takes_context=True)
def written_answers(context, shown, acts):
    """What was recorded of an offer's yes on paper; for another one than its recorder the two answers, for him why not he."""
    offer, user, bound, now = shown.offer, context["request"].user, context["forms"], timezone.now()
    is_open = shown.state == "undecided" and acts

    def form_of(name, form_class, said):
        came_back = bound.get(name)
        mine = came_back is not None and came_back.said.pk == said.pk
        return (came_back if mine else form_class(said=said)), mine

    def row(place, said):
        check = getattr(said, "check_made", None)
        answers = check is None and is_open
        own = answers and written.is_recorder(said, user)
        return {
            "place": place,
            "said": said,
            "check": check,
            "recorded": saying.here(said.recorded_at, now),
            "checked": saying.here(check.checked_at, now) if check else "",
            "own": own,
            "answers": answers and not own,
            "confirm": form_of("confirm", WrittenConfirmForm, said),
            "refuse": form_of("refuse", WrittenRefuseForm, said),
        }

    return {
        "engagement": context["engagement"],
        "offer": offer,
        "rows": [row(place, said) for place, said in enumerate(offer.written.all(), 1)],
        "undecided": shown.state == "undecided",
        "form": (bound.get("written") or WrittenRecordForm(offer=offer)) if is_open else None,
        "is_bound": "written" in bound,
    }
