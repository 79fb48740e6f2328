"""`{% if ticket|knows_onsite %}`: whether there is anything behind the link to onsite assistance."""

from django import template

from escalations import onsite

register = template.Library()


@register.filter
def knows_onsite(ticket) -> bool:
    """No query: the definition is read once in a process."""
    return bool(onsite.known(ticket))
