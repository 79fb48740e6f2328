"""What a manager types about a person of the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from support.forms.people import ZONE_CHOICES
from support.models import Team
from support.models.people import plain_address
from support.naming import a_written_name
from support.roles import Role
from support.staff import REASON_LETTERS

ROLES = [
    (Role.AGENT.value, _("Agent: works on tickets")),
    (Role.MANAGER.value, _("Support manager: decides, invites, looks after the records")),
    (Role.FINANCE.value, _("Finance: invoices and exports")),
]


class StaffInviteForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200, validators=[a_written_name])
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        validators=[plain_address],
        help_text=_("Signs in with it, and gets the link there."),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=ROLES, widget=forms.CheckboxSelectMultiple, initial=[Role.AGENT.value]
    )
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Team"), required=False, empty_label=_("No team")
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=ZONE_CHOICES)

    def __init__(self, *args, zone="UTC", **options):
        super().__init__(*args, **options)
        self.fields["time_zone"].initial = zone
        self.fields["team"].queryset = Team.objects.all()


class StaffResetForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), max_length=REASON_LETTERS, help_text=_("Stays in the history of this person.")
    )
