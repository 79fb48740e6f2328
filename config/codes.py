"""Customers sign in with six figures from their mail: allauth's sign-in by code, for the contacts of support.portal.access alone.

Whatever is typed, the pages say the same. Staff get no code: theirs would be the password's and the second factor's back door.
"""

import secrets

from allauth.account import views
from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core import context, ratelimit
from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from support.models import Contact
from support.models.people import plain_address
from support.portal import access


class AddressForm(RequestLoginCodeForm):
    """Asks nothing of the database: what is known of an address must not show in what comes back."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        validators=[plain_address],
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("The one that the support desk writes to."),
    )

    def clean_email(self):
        address = self.cleaned_data["email"].lower()
        if not ratelimit.consume(context.request, action="request_login_code", key=address):
            raise forms.ValidationError(_("Too many codes were asked for: wait a while, then try again."))
        return address


class CodeForm(ConfirmLoginCodeForm):
    code = forms.CharField(
        label=_("The code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
        error_messages={"required": _("Type the six figures from the mail.")},
    )

    def clean_code(self):
        try:
            return super().clean_code()
        except forms.ValidationError:
            raise forms.ValidationError(_("That is not the code that we sent.")) from None


class CodeStage(LoginByCodeStage):
    """Waiting for a code keeps nobody from the page where he asks for another one, or signs in otherwise."""

    def is_resumable(self, request):
        return False


class Process(LoginCodeVerificationProcess):
    """Of the person the browser's session holds the contact's number, beside the code; who it is, is asked when the code is right."""

    @classmethod
    def begin(cls, request, address: str):
        login = Login(user=None, email=address)
        login.state["stages"] = {"current": CodeStage.key}
        stage = CodeStage(LoginStageController(request, login), request, login)
        contact = access.contact_at(address)
        stage.state.update(
            cls.initial_state(user=None, email=address),
            initiated_by_user=True,
            code="",
            contact=contact and contact.pk,
            nonce=secrets.token_hex(16),
        )
        process = cls(stage)
        if contact:
            process.mail(contact)
        process.persist()

    def mail(self, contact: Contact) -> None:
        """To the address as it is on file."""
        with translation.override(contact.locale):
            code = self.generate_code()
            facts = {"code": code, "name": contact.name, "minutes": self.timeout // 60}
            get_adapter().send_mail("account/email/login_code", contact.email, facts)

    def finish(self, redirect_url):
        address = self.state["email"]
        user = access.enter(self.state["contact"], address, at=timezone.now())
        if user is None:
            return None
        record_authentication(self.request, user, method="code", email=address)
        return perform_login(self.request, Login(user=user, redirect_url=redirect_url, email=address))

    def may_try(self) -> bool:
        """Counted beside the session, which two requests at once would both find untouched."""
        return ratelimit.consume(self.request, action="confirm_login_code", key=self.state["nonce"])


class AskView(views.RequestLoginCodeView):
    form_class = AddressForm

    def get_form_class(self):
        return AddressForm

    def form_valid(self, form):
        Process.begin(self.request, form.cleaned_data["email"])
        return redirect(self.get_success_url())


class ConfirmView(views.ConfirmLoginCodeView):
    def get_form_class(self):
        return CodeForm

    def post(self, request, *args, **kwargs):
        self._process = Process(self.stage)
        if not self._process.may_try():
            return self._over(_("This code was tried too often: ask for another one."))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        entered = self._process.finish(self.get_next_url())
        return entered or self._over(_("This address signs in no longer: ask the support desk."))

    def form_invalid(self, form):
        if self._process.record_invalid_attempt():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        return self._over(_("This code was tried too often: ask for another one."))

    def _over(self, sentence):
        self._process.abort()
        messages.error(self.request, sentence)
        return redirect(self.passthrough_next_url(views.reverse("account_request_login_code")))


ask = AskView.as_view()
confirm = ConfirmView.as_view()
