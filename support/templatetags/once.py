"""`{% once %}`: the key that makes a form act once, however often it is sent."""

import uuid

from django import template
from django.utils.html import format_html

from support.once import FIELD

register = template.Library()


@register.simple_tag
def once():
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid.uuid4())
