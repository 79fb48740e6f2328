"""The desk's own people: a manager invites them, and gives a new start to whoever lost a password, a phone or more."""

from collections.abc import Iterable
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from support.actors import Actor
from support.models import Team, User, UserKind
from support.refusal import Refused, refusing
from support.roles import DESK

REASON_LETTERS = 80  # of the hundred that history has for it


@transaction.atomic
def invite(
    *,
    name: str,
    email: str,
    roles: Iterable[str],
    team: Team | None,
    time_zone: str,
    by: User,
    at: datetime,
) -> User:
    """A new person of the desk, who cannot sign in before a password is set by the link of the mail.

    Raises Refused where the address is somebody's already, a customer's contact included.
    """
    roles, actor = list(roles), Actor.of(by)
    if not roles or not set(roles) <= DESK:
        raise Refused(_("Choose the roles of the desk that this person is to have."), "roles")
    user = User(name=name, email=email, kind=UserKind.STAFF, time_zone=time_zone, locale=by.locale)
    user.set_unusable_password()
    taken = _("Somebody signs in with this address already.")
    with refusing({"one_user_per_email": taken}), transaction.atomic():
        user.by(actor, at).save()
    user.give_roles(roles, by=actor, at=at)
    if team:
        _join(team, user, actor, at)
    return user


def must_be_free_to_reset(user: User, *, by: User) -> None:
    """Raise Refused where `by` is not the one to give this person a new start."""
    if not user.is_staff:
        raise Refused(_("A customer signs in with a code: there is nothing to reset."))
    if user == by:
        raise Refused(_("Nobody resets himself: ask another manager."))
    if user.is_superuser and not by.is_superuser:
        raise Refused(_("Only a superuser resets a superuser."))


@transaction.atomic
def reset_access(user: User, *, reason: str, by: User, at: datetime) -> None:
    """Out at once: no password, no second factor, every session over. In again by a new link; the reason is history."""
    must_be_free_to_reset(user, by=by)
    user = User.objects.select_for_update().get(pk=user.pk)
    user.set_unusable_password()  # sessions and earlier links are bound to the password
    user.by(Actor.of(by), at).save(update_fields=["password"])
    Authenticator.objects.filter(user=user).delete()
    user._change_reason = f"Access reset: {reason}"[:100]
    user.save()


def must_want_a_link(user: User, *, by: User) -> None:
    """Raise Refused where a link to set a password is not due: a manager sends none to whoever has one."""
    must_be_free_to_reset(user, by=by)
    if not user.is_active:
        raise Refused(_("%(name)s is disabled: enable the account first.") % {"name": user})
    if user.has_usable_password():
        raise Refused(_("%(name)s has a password: reset the access first.") % {"name": user})


def _join(team: Team, user: User, actor: Actor, at: datetime) -> None:
    team = Team.objects.select_for_update().get(pk=team.pk)
    team.members.add(user)
    names = ", ".join(team.members.values_list("name", flat=True))
    team._change_reason = f"Members: {names}"[:100]
    team.by(actor, at).save()
