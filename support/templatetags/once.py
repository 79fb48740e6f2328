"""`{% once %}`: the key that makes a form act once, however often it is sent."""

from django import template

from support.once import key_input

register = template.Library()
register.simple_tag(key_input, name="once")
