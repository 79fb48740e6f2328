"""The help in a customer's own case with Microsoft, as other pages show it: on an engagement's, and on a customer's own."""

from django import template
from django.db.models import Exists, OuterRef
from django.utils import timezone

from billing import assist_shown
from billing.models import AssistHandover, AssistTaking, Engagement
from support import saying
from support.models import Ticket

register = template.Library()


@register.inclusion_tag("billing/_assist_panel.html")
def assist_panel(engagement: Engagement):
    """Packs, the newest first, for the desk."""
    of_pack, now = {"pack": OuterRef("pk")}, timezone.now()
    packs = engagement.assist_packs.annotate(
        handed=Exists(AssistHandover.objects.filter(**of_pack)),
        taken=Exists(AssistTaking.objects.filter(**of_pack)),
    )
    rows = [
        (pack, saying.here(pack.made_at, now)) for pack in packs.order_by("-number")[: assist_shown.SHOWN]
    ]
    return {"engagement": engagement, "packs": rows}


@register.inclusion_tag("billing/_own_assist.html")
def own_assist(subject: Engagement | Ticket):
    """For the customer: the way to what was handed over to him, of an engagement or of a ticket's engagements."""
    of = {"engagement": subject} if isinstance(subject, Engagement) else {"engagement__ticket": subject}
    packs = assist_shown.handed_over().filter(**of).select_related("engagement")
    newest = {pack.engagement_id: pack for pack in packs.order_by("engagement", "number")}
    return {"packs": list(newest.values())}
