"""Verbs that only some roles may carry out, whoever calls them: asked of the table in support/roles.py."""

from support.actors import Actor, ActorKind
from support.models import User
from support.refusal import Refused


def must_hold(permission: str, by: Actor, sentence: str) -> None:
    """Refused with this sentence unless `by` is an active person of the desk with this permission, "billing.close_month"."""
    if by.kind == ActorKind.STAFF:
        person = User.objects.filter(pk=by.id, is_active=True, kind="staff").first()
        if person is not None and person.has_perm(permission):
            return
    raise Refused(sentence)
