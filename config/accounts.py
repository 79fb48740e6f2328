"""Signing in: accounts are made by managers, so there is no sign-up."""

import logging
import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records

from support.actors import Actor

log = logging.getLogger("countersign.accounts")


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def set_password(self, user, password):
        user.set_password(password)
        user.by(Actor.of(user)).save(update_fields=["password"])

    def send_mail(self, template_prefix, email, context):
        """At once and not as a row: whoever may read mail would read the link. A failure tells nothing to the asker."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            log.exception("A mail about an account was not sent.")

    def is_reauthentication_required(self, *, app, **options):
        """A sign-in of the last minutes is as good as being asked again."""
        records = get_authentication_records(self.request, self.request.user)
        fresh = records and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
        return not fresh and super().is_reauthentication_required(app=app, **options)
