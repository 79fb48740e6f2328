"""Forms of time and access."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing import gdap_roles
from billing.models import GdapReading
from support.forms.files import FilesField
from support.forms.instants import InstantField


class TimerStartForm(forms.Form):
    text = forms.CharField(label=_("What you are about to do"), required=False, max_length=300)
    on_site = forms.BooleanField(label=_("I am on site"), required=False)
    fixed = forms.BooleanField(label=_("It is part of the fixed price"), required=False)


class TimerStopForm(forms.Form):
    timer = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("What was done"), required=False, max_length=300)


class TimerTakeForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you stop it?"), max_length=300, help_text=_("Its owner and the desk read it.")
    )
    worked_until = InstantField(
        label=_("Worked until"),
        required=False,
        help_text=_("Empty: until now. Nothing after it is recorded."),
    )


class TimeBookForm(forms.Form):
    started_at = InstantField(label=_("From"))
    stopped_at = InstantField(label=_("To"))
    text = forms.CharField(label=_("What was done"), max_length=300)
    on_site = forms.BooleanField(
        label=_("It was on site"), required=False, help_text=_("A visit that the customer approved.")
    )
    fixed = forms.BooleanField(label=_("It was part of the fixed price"), required=False)
    unapproved = forms.BooleanField(label=_("Not billable: keep it as unapproved"), required=False)

    def __init__(self, *args, on_site=False, fixed=False, **options):
        super().__init__(*args, **options)
        if not fixed:
            del self.fields["fixed"]
        if not on_site:  # no offer names it
            del self.fields["on_site"]


class TicketTimeForm(forms.Form):
    started_at = InstantField(label=_("From"))
    stopped_at = InstantField(label=_("To"))
    text = forms.CharField(label=_("What was done"), max_length=300)


class TimeCancelForm(forms.Form):
    reason = forms.CharField(label=_("Why was it a mistake?"), max_length=300)


class GdapConfirmForm(forms.Form):
    status = forms.ChoiceField(label=_("Status"), choices=GdapReading.Status)
    assigned = forms.BooleanField(label=_("An access assignment is active"), required=False)
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=[], required=False, widget=forms.CheckboxSelectMultiple
    )
    ends_at = InstantField(label=_("Ends at"), required=False)
    seen_at = InstantField(label=_("Seen at"), required=False)
    reason = forms.CharField(
        label=_("Why it is confirmed by hand"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    evidence = FilesField(
        label=_("Evidence"), most=1, help_text=_("One file: a picture of Partner Center, say.")
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["roles"].choices = sorted(gdap_roles.ROLES.items(), key=lambda role: role[1])
