"""Instants on pages, in the reader's zone."""

from datetime import datetime

from django import template

from support import saying

register = template.Library()


@register.filter(expects_localtime=True)
def at(local: object, form: str) -> str:
    """As Django's `date` writes it, except that an hour that comes twice names its time: "Sun 25 Oct, 01:30 GMT". Nothing for what is no instant, as there."""
    return saying.formatted(local, form) if isinstance(local, datetime) else ""
