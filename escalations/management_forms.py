"""What a manager types about a ticket at management."""

from django import forms
from django.utils.translation import gettext_lazy as _

from escalations.models.management import drivers
from support.models import User

LONGEST = 2000


def _words(label, missing) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, max_length=LONGEST, widget=area, error_messages={"required": missing})


class ManagementTakeForm(forms.Form):
    driver = forms.ModelChoiceField(
        label=_("Who drives it"),
        queryset=User.objects.none(),
        empty_label=_("Choose"),
        error_messages={"required": _("Say who drives it.")},
    )

    def __init__(self, data=None):
        super().__init__(data, auto_id="manage_take_%s")
        self.fields["driver"].queryset = drivers()


class ManagementUpdateForm(forms.Form):
    words = _words(_("What management does"), _("Write what management does."))

    def __init__(self, data=None):
        super().__init__(data, auto_id="manage_update_%s")


class ManagementCloseForm(forms.Form):
    """`newest` is the last that the page showed of what is at management."""

    newest = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = _words(_("Why it leaves management"), _("Write why it leaves management."))

    def __init__(self, data=None, newest=None):
        super().__init__(data, auto_id="manage_close_%s", initial={"newest": newest})

    def clean_newest(self):
        return self.cleaned_data["newest"] or 0
