"""Maintenance on other pages: on a ticket's while a window goes on, and of customers what is to come."""

from django import template
from django.utils import timezone

from escalations import maintenance_pages

register = template.Library()


@register.inclusion_tag("escalations/_ticket_windows.html")
def ticket_windows(ticket, gist):
    """For the desk; no query where nothing goes on under the ticket's contract."""
    zone = timezone.get_current_timezone()
    found = maintenance_pages.of_ticket(ticket, timezone.now(), zone) if gist.maintenance else []
    return {"windows": found, "ours": True}


@register.inclusion_tag("escalations/_ticket_windows.html")
def own_ticket_windows(ticket):
    """For the customer, on his own ticket; one query."""
    zone = timezone.get_current_timezone()
    return {"windows": maintenance_pages.of_ticket(ticket, timezone.now(), zone), "ours": False}


@register.inclusion_tag("escalations/_own_windows.html", takes_context=True)
def own_windows(context):
    """For the customer: what is worked on of his, before and while it is; one query."""
    user, zone = context["request"].user, timezone.get_current_timezone()
    return {"windows": maintenance_pages.own(user, timezone.now(), zone)}
