"""Forms of a yes on paper: what came, and what a second person says of it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.models import Offer, WrittenYes
from support.forms.files import FilesField
from support.models import Contact
from support.naming import a_written_name


class WrittenRecordForm(forms.Form):
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Who wrote it"))
    way = forms.ChoiceField(label=_("How it came"), choices=WrittenYes.Way, widget=forms.RadioSelect)
    signed_name = forms.CharField(label=_("The name under it"), max_length=200, validators=[a_written_name])
    reference = forms.CharField(
        label=_("Its number"),
        required=False,
        max_length=100,
        help_text=_("A purchase order has one; a letter may."),
    )
    says = forms.CharField(
        label=_("The words that are the yes"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("As they stand there."),
    )
    dated_on = forms.DateField(
        label=_("Its date"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The yes counts from its confirmation, not from this day."),
    )
    original = FilesField(
        label=_("The original"), most=1, help_text=_("The mail or the scan itself. Only the desk reads it.")
    )
    shown = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, offer: Offer, **options):
        super().__init__(*args, auto_id="written_%s", **options)
        self.fields["contact"].queryset = offer.engagement.ticket.customer.contacts.signing()
        self.fields["contact"].label_from_instance = lambda contact: (
            _("%(name)s, up to %(limit)s")
            % {
                "name": contact.name,
                "limit": contact.approves_up_to,
            }
        )
        self.fields["shown"].initial = bytes(offer.sha256).hex()


class WrittenConfirmForm(forms.Form):
    looked = forms.BooleanField(
        label=_("I have opened the original. It is from this person, and says yes to this offer.")
    )
    shown = forms.CharField(widget=forms.HiddenInput)
    original = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, said: WrittenYes, **options):
        super().__init__(*args, auto_id=f"confirm_{said.pk}_%s", **options)
        self.said = said
        self.fields["shown"].initial = bytes(said.sha256).hex()
        self.fields["original"].initial = said.original_sha256


class WrittenRefuseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it not a yes?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For whoever recorded it."),
    )

    def __init__(self, *args, said: WrittenYes, **options):
        super().__init__(*args, auto_id=f"refuse_{said.pk}_%s", **options)
        self.said = said
