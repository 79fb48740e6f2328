"""Which of several a form is about. A page says it with the form, so that no verb acts on what has come since it was read."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from support.refusal import Refused

FIELD = "about"


def number(request: HttpRequest) -> int:
    """The place or the level that was on the page; Refused where the form does not say it."""
    said = request.POST.get(FIELD, "")
    if not (said.isascii() and said.isdecimal() and len(said) < 6):
        raise Refused(
            _("This form does not say what it is about: open the page again and send it from there.")
        )
    return int(said)
