"""The name under which somebody keeps a view."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SavedViewForm(forms.Form):
    name = forms.CharField(
        label=_("Keep this view as"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
