"""Signing in: accounts are made by managers, so there is no sign-up."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import ResetPasswordForm, default_token_generator
from allauth.account.internal.stagekit import clear_login
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.urls import reverse
from django.utils import translation

from support.actors import Actor
from support.network import address_of
from support.portal import access

log = logging.getLogger("countersign.accounts")
POST = ThreadPoolExecutor(max_workers=2, thread_name_prefix="account-mail")


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def set_password(self, user, password):
        user.set_password(password)
        user.by(Actor.of(user)).save(update_fields=["password"])

    def pre_login(self, request, user, **options):
        """Whoever is no contact any more is as good as disabled."""
        if not user.is_staff and not access.may_use(user):
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **options)

    def get_login_stages(self):
        theirs = "allauth.account.stages.LoginByCodeStage"
        return ["config.codes.CodeStage" if path == theirs else path for path in super().get_login_stages()]

    def get_client_ip(self, request):
        return address_of(request) or super().get_client_ip(request)

    def send_mail(self, template_prefix, email, context):
        """Not as a row: whoever may read mail would read the link or the code.

        Beside the answer, which would else take longer for an address that is known.
        """
        facts = {"request": self.request, "email": email, "current_site": get_current_site(self.request)}
        POST.submit(_send, self.render_mail(template_prefix, email, {**facts, **context}))

    def get_reset_password_from_key_url(self, key):
        """Under the configured base, whatever the request said that our name is."""
        return settings.BASE_URL + reverse("account_reset_password_from_key", args=key.split("-", 1))

    def mail_link(self, user) -> None:
        """A link to set a password, to the address of the account. Raises OSError where the mail did not leave."""
        uid, key = user_pk_to_url_str(user), default_token_generator.make_token(user)
        facts = {
            "name": user.name,
            "address": user.email,
            "link": settings.BASE_URL + reverse("account_reset_password_from_key", args=[uid, key]),
            "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60),
        }
        with translation.override(user.locale):
            self.render_mail("account/email/invitation", user.email, facts).send()

    def is_reauthentication_required(self, *, app, **options):
        """A sign-in of the last minutes is as good as being asked again."""
        records = get_authentication_records(self.request, self.request.user)
        fresh = records and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
        return not fresh and super().is_reauthentication_required(app=app, **options)


class ResetForm(ResetPasswordForm):
    """A link goes to whoever has this address today; to staff only where there is a password that could be forgotten.

    After a reset by a manager the mailbox alone opens nothing: the manager sends the link.
    """

    def clean_email(self):
        said = super().clean_email()
        self.users = [user for user in self.users if _may_reset(user)]
        return said


def _may_reset(user) -> bool:
    return user.has_usable_password() if user.is_staff else access.may_use(user)


def _send(message) -> None:
    """A failure tells nothing to the asker."""
    try:
        message.send()
    except OSError:
        log.exception("A mail about an account was not sent.")
