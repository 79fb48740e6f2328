"""Signing in: accounts are made by managers, so there is no sign-up."""

from allauth.account.adapter import DefaultAccountAdapter

from support.actors import Actor


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def set_password(self, user, password):
        user.set_password(password)
        user.by(Actor.of(user)).save(update_fields=["password"])
