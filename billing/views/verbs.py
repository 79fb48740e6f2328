"""How a page of billing runs a verb: the form is read, the verb called, a refusal put beside its field."""

from django.db import transaction
from django.utils import timezone

from support.actors import Actor
from support.refusal import Refused


def carried_out(request, form, act) -> bool:
    """Whether `act(said, by, at)` was done; otherwise the form says why not, and nothing is left behind."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            act(form.cleaned_data, Actor.of(request.user), timezone.now())
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        return False
    return True
