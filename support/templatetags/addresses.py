from django import template
from django.utils.html import format_html

register = template.Library()


@register.filter
def breakable(address: str) -> str:
    """An e-mail address that breaks before its @ where its column is narrow, and in the middle of a word only then."""
    name, at, host = address.partition("@")
    return format_html("{}<wbr>{}{}", name, at, host)
