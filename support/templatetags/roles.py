"""`user|may_open:"billing:month-issue"`: a page offers what its reader may do, and nothing that would be refused."""

from django import template

from support import roles

register = template.Library()


@register.filter
def may_open(user, name: str) -> bool:
    return roles.may_open(user, name)
