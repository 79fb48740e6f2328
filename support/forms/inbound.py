"""What is asked of whoever deals with mail that found no ticket."""

from django import forms
from django.utils.translation import gettext_lazy as _

from support.desk.finding import number_in
from support.models import Contract, Customer, Ticket


class InboundJoinForm(forms.Form):
    number = forms.CharField(label=_("Ticket"), max_length=20, help_text=_("Its number, such as SR-100482."))

    def __init__(self, *args, seen, **options):
        """`seen`: the tickets that this person may see."""
        super().__init__(*args, **options)
        self._seen = seen

    def clean_number(self) -> Ticket:
        ticket = self._seen.filter(number=number_in(self.cleaned_data["number"].strip())).first()
        if ticket is None:
            raise forms.ValidationError(_("There is no ticket of this number."))
        return ticket


class InboundRaiseForm(forms.Form):
    customer = forms.ModelChoiceField(
        Customer.objects.filter(active=True),
        to_field_name="code",
        label=_("Customer"),
        empty_label=_("Choose a customer"),
    )
    contract = forms.ModelChoiceField(
        Contract.objects.all(),
        to_field_name="number",
        label=_("Contract number"),
        required=False,
        widget=forms.TextInput,
        help_text=_("Only where several contracts of the customer are in force."),
        error_messages={"invalid_choice": _("There is no contract of this number.")},
    )


class InboundAsideForm(forms.Form):
    reason = forms.CharField(label=_("Why nothing comes of it"), max_length=300)
