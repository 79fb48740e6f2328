"""What a manager types about a ticket at management."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from support.models import User
from support.roles import Role

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
        managers = Q(groups__name=Role.MANAGER) | Q(is_superuser=True)
        self.fields["driver"].queryset = User.objects.filter(managers, is_active=True).distinct()


class ManagementUpdateForm(forms.Form):
    words = _words(_("What management does"), _("Write what management does."))

    def __init__(self, data=None):
        super().__init__(data, auto_id="manage_update_%s")


class ManagementCloseForm(forms.Form):
    reason = _words(_("Why it leaves management"), _("Write why it leaves management."))

    def __init__(self, data=None):
        super().__init__(data, auto_id="manage_close_%s")
