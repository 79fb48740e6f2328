"""`{% alike owner.name %}…{% endalike %}`: what lies between is rendered once for each of these values on a page.

For the cells of a long table, where fifty rows have five owners. Nothing is kept when the page is done.
"""

from django import template

register = template.Library()


@register.tag
def alike(parser, token):
    """What lies between depends on the values alone, and on what is the same for the whole page."""
    values = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    inside = parser.parse(["endalike"])
    parser.delete_first_token()
    return Alike(values, inside)


class Alike(template.Node):
    def __init__(self, values, nodelist) -> None:
        self._values, self.nodelist = values, nodelist

    def render(self, context):
        rendered = context.render_context.setdefault(self, {})
        key = tuple(value.resolve(context) for value in self._values)
        if key not in rendered:
            rendered[key] = self.nodelist.render(context)
        return rendered[key]
