"""How verbs of escalations run: in one transaction, and what a rule of the database says becomes a sentence."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from support.refusal import refusing

P = ParamSpec("P")
R = TypeVar("R")

# Guards bring their own sentences; these are for plain constraints, by name.
SENTENCES = {
    "vendor_case_recorded_once": _("A case of this vendor with this number stands on the ticket already."),
}


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """All of it or nothing; Refused where a rule says no."""

    @wraps(function)
    def ruled(*args: P.args, **kwargs: P.kwargs) -> R:
        with refusing(SENTENCES), transaction.atomic():
            return function(*args, **kwargs)

    return ruled
