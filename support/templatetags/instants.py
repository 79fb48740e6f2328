"""Instants on pages, in the reader's zone."""

from datetime import datetime

from django import template

from support import saying

register = template.Library()


@register.filter(expects_localtime=True)
def at(local: datetime | None, form: str) -> str:
    """As Django's `date` writes it, except that an hour that comes twice names its time: "Sun 25 Oct, 01:30 GMT"."""
    return saying.formatted(local, form) if local else ""
