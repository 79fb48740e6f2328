"""How verbs of escalations run: in one transaction, and what a rule of the database says becomes a sentence."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from support.naming import is_said
from support.refusal import Refused, refusing

P = ParamSpec("P")
R = TypeVar("R")
# Of what was chosen when the page was opened, the last contract has ended.
NOTHING_LEFT = _("No contract in force is left of what you chose: choose anew what it is about.")

# Guards bring their own sentences; these are for plain constraints, by name.
SENTENCES = {
    "window_says_what_is_done": _("Write down what is done."),
    "window_has_a_title_of_one_line": _("Write a title of one line."),
    "outage_has_a_title": _("Write a title of one line."),
    "window_is_called_off_with_words": _("Write down why, for the customers."),
    "vendor_case_recorded_once": _("A case of this vendor with this number stands on the ticket already."),
    "escalations_maintenancewindow_replaces_id_key": _("This window has been moved already."),
    "ticket_linked_once": _("One of these tickets is linked already."),
    "one_open_handoff_per_ticket": _("A hand-off of this ticket is open already."),
    "handoff_says_what_the_next_one_needs": _("Write down what the next one has to know."),
}


def must_be_seen(**words: str) -> None:
    """Refused beside the first of these fields in which there is nothing that anybody sees; an empty one is a form's or a
    constraint's to refuse, where it may not be empty."""
    for field, text in words.items():
        if text.strip() and not is_said(text):
            raise Refused(gettext("Nobody sees anything of this: write it in words."), field)


def must_be_said(**words: str) -> None:
    """Refused, beside the field, where of one of these nobody sees anything."""
    for field, text in words.items():
        if not is_said(text):
            raise Refused(gettext("Write it down in words: nothing can be read here."), field)


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """All of it or nothing; Refused where a rule says no."""

    @wraps(function)
    def ruled(*args: P.args, **kwargs: P.kwargs) -> R:
        with refusing(SENTENCES), transaction.atomic():
            return function(*args, **kwargs)

    return ruled
