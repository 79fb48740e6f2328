"""Forms that were written for what a page showed: where that has changed they come back with their words, and 409."""

from billing.views.verbs import carried_out
from support.refusal import Stale


def attempted(request, form, act) -> int:
    """302 where `act(said, by, at)` was done, 422 where the form or a rule says no, 409 where the page was stale."""
    stale = []

    def acted(said, by, at):
        try:
            act(said, by, at)
        except Stale:
            stale.append(True)
            raise

    if carried_out(request, form, acted):
        return 302
    return 409 if stale else 422


def renew(form, **shown) -> None:
    """A form that was posted says from now on that this is what its page shows."""
    form.data = form.data.copy()
    form.data.update(shown)
