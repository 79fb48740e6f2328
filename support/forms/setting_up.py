"""What is typed on the first day."""

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.translation import gettext_lazy as _

from support.forms.people import ZONE_CHOICES
from support.models import LegalEntity, User
from support.models.people import plain_address
from support.naming import a_written_name


class ManagerForm(forms.Form):
    code = forms.CharField(
        label=_("Setup code"),
        max_length=100,
        help_text=_("Printed on the server, by “manage.py serve” at its start or by “manage.py first_day”."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        validators=[a_written_name],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        validators=[plain_address],
        help_text=_("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    time_zone = forms.ChoiceField(label=_("Your time zone"), choices=ZONE_CHOICES, initial="UTC")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean(self):
        said = super().clean()
        password = said.get("password")
        if password and said.get("again") and password != said["again"]:
            self.add_error("again", _("The two passwords are not the same."))
        elif password:
            try:
                validate_password(password, User(name=said.get("name", ""), email=said.get("email", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return said


class CompanyForm(forms.ModelForm):
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=ZONE_CHOICES,
        help_text=_("Months are closed in it; it stays once time is booked."),
    )

    class Meta:
        model = LegalEntity
        fields = ["name", "address", "time_zone", "currency", "tax_number", "number_series", "bank_text"]
        widgets = {
            "address": forms.Textarea(attrs={"rows": 3}),
            "bank_text": forms.Textarea(attrs={"rows": 3}),
        }


class TryMailForm(forms.Form):
    to = forms.EmailField(label=_("Send it to"), max_length=254, validators=[plain_address])
