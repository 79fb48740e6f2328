"""`{% part "support/_timeline.html" %}`: a file of templates/parts, which knows what the page knows; `name=value` adds to it."""

from django import template

from support import parts

register = template.Library()


@register.simple_tag(takes_context=True)
def part(context, name, **more):
    return parts.part(name, {**context.flatten(), **more})
