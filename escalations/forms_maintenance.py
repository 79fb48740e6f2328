"""What people type about a maintenance window."""

from django import forms
from django.utils.translation import gettext_lazy as _

from escalations import maintenance
from escalations.forms_outages import told_of
from escalations.forms_words import words
from support.forms.instants import InstantField


class WhenForm(forms.Form):
    """From when to when, and why so late where it is."""

    begins_at = InstantField(label=_("Begins"))
    ends_at = InstantField(label=_("Ends"))
    reason = words(
        _("Why it is announced late"),
        required=False,
        help_text=_("Only by a manager, and only where it begins too soon. Only the desk reads this."),
    )


class MaintenanceAnnounceForm(WhenForm):
    """For one scope: which of its contracts, when, and what is done."""

    title = forms.CharField(label=_("In one line"), max_length=200, help_text=_("The subject of the mail."))
    details = words(
        _("What is done"), rows=3, help_text=_("And what they notice of it, in words for the customers.")
    )
    contracts = forms.MultipleChoiceField(
        label=_("Contracts that it concerns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one contract that it concerns.")},
    )
    field_order = ("title", "details", "begins_at", "ends_at", "contracts", "reason")

    def __init__(self, data=None, *, scope: maintenance.Scope, **options):
        super().__init__(data, **options)
        self.known = {contract.number: contract for contract in scope.contracts}
        self.fields["contracts"].choices = [
            (contract.number, told_of(contract)) for contract in scope.contracts
        ]
        self.fields["contracts"].initial = list(self.known)

    def clean_contracts(self):
        return [self.known[number] for number in dict.fromkeys(self.cleaned_data["contracts"])]


class MaintenanceMoveForm(WhenForm):
    text = words(_("Why"), help_text=_("In words for the customers."))


class MaintenanceWithdrawForm(forms.Form):
    text = words(_("Why"), help_text=_("In words for the customers."))
