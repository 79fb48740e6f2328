"""The access to his tenant that a customer's open work waits for, on his own pages: of an engagement, or of a ticket's."""

from django import template
from django.utils import timezone

from billing import gdap_told
from billing.models import Engagement
from support.models import Ticket

register = template.Library()


@register.inclusion_tag("billing/_own_gdap.html")
def own_gdap(subject: Engagement | Ticket):
    of = {"pk": subject.pk} if isinstance(subject, Engagement) else {"ticket": subject}
    rows = gdap_told.awaited(Engagement.objects.filter(**of), timezone.now())
    return {"rows": rows, "of_ticket": isinstance(subject, Ticket)}
