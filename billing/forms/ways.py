"""Forms of the way that out-of-scope work takes, one for each step."""

from django import forms
from django.utils.translation import gettext_lazy as _

TEXT = 20_000  # letters in a message


def to_the_customer() -> forms.CharField:
    return forms.CharField(
        label=_("To the customer"),
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Leaves by mail as it stands here."),
    )


class WayEstimateForm(forms.Form):
    minutes = forms.IntegerField(
        label=_("Estimate of professional services, in minutes"), min_value=1, max_value=600_000
    )
    text = to_the_customer()


class WayOrderForm(forms.Form):
    reference = forms.CharField(label=_("Number of the purchase order"), max_length=100)


class WayAnswerForm(forms.Form):
    allowed = forms.ChoiceField(
        label=_("May it be given?"),
        choices=[("yes", _("Yes, in this single case")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Why?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class WayCloseForm(forms.Form):
    text = to_the_customer()
