"""What people type about an outage."""

import re

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from escalations import notices, outages
from escalations.forms_words import words
from support.forms.instants import InstantField
from support.forms.priority import priority_name
from support.models import Ticket

MOST = 50  # tickets linked at once


class TicketsField(forms.CharField):
    """Numbers as people say them, however they are parted; answers the tickets."""

    def __init__(self, **options):
        super().__init__(**{"label": _("Tickets"), "max_length": 1000, **options})

    def clean(self, value):
        numbers = list(dict.fromkeys(re.findall(r"[^\s,;]+", super().clean(value).upper())))
        if len(numbers) > MOST:
            raise forms.ValidationError(_("Link at most %(most)d at once."), params={"most": MOST})
        found = {ticket.number: ticket for ticket in Ticket.objects.filter(number__in=numbers)}
        if unknown := [number for number in numbers if number not in found]:
            raise forms.ValidationError(
                _("There is no ticket %(numbers)s."), params={"numbers": ", ".join(unknown)}
            )
        return [found[number] for number in numbers]


class NoticeForm(forms.Form):
    """Details, impact and the expected time, as every notice says them."""

    details = words(_("Details"), rows=3, help_text=_("What is known, in words for the customers."))
    impact = words(_("Impact"), help_text=_("Who cannot do what."))
    expected_at = InstantField(
        label=_("Expected to be resolved"),
        required=False,
        help_text=_("Empty: the notice says not known yet."),
    )

    def clean_expected_at(self):
        expected = self.cleaned_data["expected_at"]
        if expected is not None and expected <= timezone.now():
            raise forms.ValidationError(notices.past_sentence())
        return expected


class OutageDeclareForm(NoticeForm):
    """For one scope: which of its contracts are hit, at which priority, and what the first notice says."""

    priority = forms.ChoiceField(label=_("Priority"), widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("In one line"), max_length=200, help_text=_("The subject of each notice.")
    )
    began_at = InstantField(
        label=_("Began"),
        initial=timezone.now,
        help_text=_("As far as it is known."),
    )
    contracts = forms.MultipleChoiceField(
        label=_("Contracts that it hits"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one contract that it hits.")},
    )
    tickets = TicketsField(required=False, help_text=_("Their numbers: each notice is an update on them."))
    send = forms.BooleanField(
        label=_("Send the first notification at once"),
        required=False,
        initial=True,
        help_text=_(
            "Unless it is sent now, details, impact and expected time are not kept: the notice asks for them."
        ),
    )
    field_order = (
        "priority",
        "title",
        "began_at",
        "contracts",
        "details",
        "impact",
        "expected_at",
        "tickets",
    )

    def __init__(self, data=None, *, scope: outages.Scope, **options):
        super().__init__(data, **options)
        for name in ("details", "impact"):
            self.fields[name].required = False
        self.known = {contract.number: contract for contract in scope.contracts}
        self.fields["priority"].choices = [(step.code, priority_name(step)) for step in scope.steps]
        self.fields["contracts"].choices = [
            (contract.number, told_of(contract)) for contract in scope.contracts
        ]
        self.fields["contracts"].initial = list(self.known)
        self.fields["priority"].initial = next((step.code for step in reversed(scope.steps)), "")

    def clean(self):
        for name in ("details", "impact"):
            if self.cleaned_data.get("send") and not self.cleaned_data.get(name):
                self.add_error(name, _("The first notification says this."))
        return self.cleaned_data

    def clean_contracts(self):
        return [self.known[number] for number in dict.fromkeys(self.cleaned_data["contracts"])]


def told_of(contract) -> str:
    told = ngettext("%(n)d person is told", "%(n)d people are told", contract.designated) % {
        "n": contract.designated
    }
    return f"{contract.holder}, {contract.number}: {told}"


class OutageNoticeForm(NoticeForm):
    """`shown` is the kind that the page said it would be."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)


class OutageSkipForm(forms.Form):
    """`due` is the place of the notice that the page said is owed."""

    due = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = words(_("Why not this one"), help_text=_("Only the desk reads this. It is kept with your name."))


class OutageCloseForm(forms.Form):
    reason = words(
        _("Why nobody is told that it is over"),
        help_text=_("Only the desk reads this. It is kept with your name."),
    )


class OutageLinkForm(forms.Form):
    tickets = TicketsField(help_text=_("Their numbers, as SR-100123 SR-100124."))


class OutageBridgeForm(forms.Form):
    phone = forms.CharField(label=_("Phone number"), max_length=60)
    code = forms.CharField(label=_("Participant code"), max_length=40)


class OutageResolveForm(forms.Form):
    ended_at = InstantField(label=_("Over since"), initial=timezone.now)
    text = words(_("What ended it"))


class _OfAResolution(forms.Form):
    """`resolution` is the place of the one that the page showed."""

    resolution = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_resolution(self):
        return self.cleaned_data["resolution"] or 0


class OutageUnresolveForm(_OfAResolution):
    text = words(_("What shows that it is not over"))


class OutageValidateForm(_OfAResolution):
    text = words(_("Who tried what, and it worked"))
