"""What a manager says who wants a definition tried on past tickets."""

import re
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from support.models import Customer, ServiceKind, ServiceVersion


class MonthField(forms.CharField):
    """ "2026-10" as the first day of that month."""

    def __init__(self, **options):
        super().__init__(
            max_length=7,
            widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-10", "class": "input-mid"}),
            **options,
        )

    def clean(self, value):
        text = super().clean(value).strip()
        found = re.fullmatch(r"(\d{4})-(\d{2})", text, re.ASCII)
        if not found or not 1 <= int(found[2]) <= 12 or not 2000 <= int(found[1]) <= 2100:
            raise forms.ValidationError(_("Write a month such as 2026-10."))
        return date(int(found[1]), int(found[2]), 1)


class ReplayForm(forms.Form):
    service = forms.ModelChoiceField(
        ServiceVersion.objects.filter(kind=ServiceKind.SUPPORT).order_by("code", "-version"),
        label=_("Under which definition"),
        empty_label=_("Choose a definition"),
        help_text=_("Any version that was loaded, whether a contract names it or not."),
    )
    first = MonthField(label=_("From month"))
    last = MonthField(label=_("To month"), help_text=_("Included; each month in its customer’s zone."))
    customer = forms.ModelChoiceField(
        Customer.objects.all(),
        to_field_name="code",
        required=False,
        label=_("Customer"),
        empty_label=_("All customers"),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["service"].label_from_instance = lambda row: f"{row.name}, {row.code}@{row.version}"
