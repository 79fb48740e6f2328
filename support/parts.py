"""Parts of pages in Jinja, which compiles what it renders: forms, and what a page shows a hundred times.

Django's own templates take three times as long for them (bench/queue.py, bench/helpdesk.py). Nothing else is different: the files
lie in templates/parts, escape what they print and are included in a page by `{% part "support/_timeline.html" %}`.
"""

from collections.abc import Callable, Hashable
from functools import cache, lru_cache
from typing import Any

import jinja2
from django.template import engines
from django.template.defaultfilters import filesizeformat, linebreaks_filter
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext
from django_htmx.jinja import htmx_script
from markupsafe import Markup

from support import navigation, roles
from support.once import key_input
from support.wording import KEPT, gettext

ENGINE = "parts"


def environment(**options: Any) -> jinja2.Environment:
    """Settings name it. It escapes whatever they say; what is None is printed as nothing, as in Django's templates."""
    options.pop("autoescape", None)
    made = jinja2.Environment(
        autoescape=True, extensions=["jinja2.ext.i18n"], finalize=_nothing_for_none, **options
    )
    made.install_gettext_callables(gettext, ngettext)
    made.globals.update(
        url=_url,
        static=cache(static),
        htmx_script=htmx_script,
        navigation=navigation.sections,
        once=key_input,
        may_open=roles.may_open,
        **{name: _drawn(made, name) for name in ("icon", "ranked")},
    )
    made.filters.update(linebreaks=linebreaks_filter, filesize=filesizeformat)
    return made


def part(name: str, values: dict[str, Any]) -> SafeString:
    """A file of templates/parts with these values."""
    return mark_safe(engines[ENGINE].get_template(name).template.render(values))  # noqa: S308  it has escaped them


def _url(name: str, *args: Any) -> str:
    return reverse(name, args=args) if args else page(name)


@cache
def page(name: str) -> str:
    """The address of a page that there is once. Addresses and files stay where they are while a process lives."""
    return reverse(name)


def _drawn(made: jinja2.Environment, name: str) -> Callable[..., Markup]:
    """A macro of drawings.html whose every answer is kept: a page asks for the same few a hundred times."""

    @lru_cache(maxsize=KEPT)
    def drawn(*values: Hashable) -> Markup:
        return getattr(made.get_template("drawings.html").module, name)(*values)

    return drawn


def _nothing_for_none(value: Any) -> Any:
    return "" if value is None else value
