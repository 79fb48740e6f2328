"""Regions on the pages of a calendar: which of them work by it, from when on and until when."""

from django import template
from django.utils import timezone

from escalations.models import Region
from escalations.region_hours import counts_from, hours_of
from support import saying

register = template.Library()


@register.inclusion_tag("escalations/_calendar_regions.html")
def calendar_regions(code, edited=False):
    """Each region that works by this calendar: since when on, where that is still to come, or until when, where another one follows. While
    it is `edited` from when on what is saved now would count."""
    now, regions = timezone.now(), list(Region.objects.all())
    hours, rows = hours_of(regions), []
    for region in regions:
        since, newest = hours[region.code].told[-1]
        if newest.partition("@")[0] == code:
            since = counts_from(now) if edited else since
            rows.append({"region": region.name, "since": saying.here(since, now) if since > now else ""})
        elif until := hours[region.code].leaves(code, now):
            rows.append({"region": region.name, "until": saying.here(until, now)})
    return {"rows": rows, "edited": edited}
