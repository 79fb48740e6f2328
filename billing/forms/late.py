"""Forms of late work."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.late_work import How


class LateTakeForm(forms.Form):
    """Without `how` it is booked as it was told."""

    how = forms.ChoiceField(label=_("How is it booked?"), required=False)

    def __init__(self, *args, ways, **options):
        super().__init__(*args, **options)
        self.fields["how"].choices = [(how.value, how.label) for how in ways]
        if not ways:
            del self.fields["how"]

    def clean_how(self) -> str:
        return self.cleaned_data["how"] or How.AS_TOLD


class LateDismissForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it not booked?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It bills nothing, and stays on record with this reason."),
    )
