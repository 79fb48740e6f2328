"""What people type into a major incident report."""

from django import forms
from django.utils.translation import gettext_lazy as _

from escalations.forms_handoff import GONE, colleagues
from escalations.forms_words import words
from support.forms.instants import DayField
from support.forms.plain_select import PlainSelect
from support.models import User


class SeenForm(forms.Form):
    """`seen` is the fingerprint of the draft that the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class ReportWriteForm(SeenForm):
    """`correction` is asked for in a version that follows an issued one."""

    impact = words(_("Impact"), rows=3, help_text=_("Who could not do what, and for how long."))
    root_cause = words(_("Root cause"), rows=4, help_text=_("Why it happened, in words for the customer."))
    correction = words(_("What is corrected"), help_text=_("Other than in the version that they have."))

    def __init__(self, data=None, *, first: bool = True, **options):
        super().__init__(data, **options)
        if first:
            del self.fields["correction"]


class ReportActForm(SeenForm):
    text = words(_("What is done so that it does not happen again"))
    owner = forms.ChoiceField(label=_("Owner"), widget=PlainSelect, error_messages={"invalid_choice": GONE})
    due_on = DayField(label=_("Due"))

    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        self.fields["owner"].choices = colleagues(None)

    def clean_owner(self):
        return User.objects.get(pk=self.cleaned_data["owner"])
