"""Regions on the pages of a calendar: which of them work by it, and from when on."""

from django import template
from django.utils import timezone

from escalations.models import Region
from escalations.region_hours import counts_from, hours_of
from support import saying

register = template.Library()


@register.inclusion_tag("escalations/_calendar_regions.html")
def calendar_regions(code, edited=False):
    """Each region that has this calendar with the instant from which on its newest hours count, empty where they do; while it is `edited`
    the one from which on they would that are saved now. One query where there are none, three where there are."""
    now, regions = timezone.now(), list(Region.objects.filter(calendar=code))
    hours = hours_of(regions) if regions and not edited else {}
    rows = []
    for region in regions:
        since = counts_from(now) if edited else hours[region.code].told[-1][0]
        rows.append((region.name, saying.here(since, now) if since > now else ""))
    return {"rows": rows, "edited": edited}
