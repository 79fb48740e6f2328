"""Forms of finance."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CreditForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it credited?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The credit note undoes every line and frees its time, to be billed again."),
    )


class VoidForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it voided?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Its files stay, and its invoices are to be exported again: remove them in the finance program first."
        ),
    )


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it reopened?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
