"""What people type about a case with a vendor."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escalations import vendors
from escalations.forms_words import words
from escalations.models import How, Party
from support.forms.instants import InstantField
from support.forms.plain_select import PlainSelect
from support.forms.priority import priority_name
from support.models import Ticket


class ContactFields(forms.Form):
    contact_name = forms.CharField(label=_("Contact at the vendor’s"), max_length=200, required=False)
    contact_email = forms.EmailField(label=_("Their e-mail"), required=False)
    contact_phone = forms.CharField(label=_("Their phone"), max_length=60, required=False)


class VendorOpenForm(ContactFields):
    """`party`, `severity` and the rest of a case on this ticket; only severities that the vendor's definition has."""

    party = forms.ChoiceField(label=_("With"), choices=Party, widget=forms.RadioSelect)
    number = forms.CharField(
        label=_("Its number"),
        max_length=60,
        help_text=_("As the vendor gave it to you; blanks in it do not count."),
    )
    severity = forms.ChoiceField(label=_("Severity"), required=False, widget=PlainSelect)
    opened_at = InstantField(
        label=_("Opened"),
        initial=timezone.now,
        help_text=_("As the vendor has it. His clocks count from when you save this."),
    )
    opened_how = forms.ChoiceField(label=_("How you know"), choices=How, widget=forms.RadioSelect)
    waits = forms.BooleanField(
        label=_("The ticket waits for this vendor"),
        required=False,
        help_text=_("A wait for a vendor stops none of our clocks."),
    )
    field_order = ("party", "number", "severity", "opened_at", "opened_how", "contact_name")

    def __init__(self, data=None, *, ticket: Ticket, barred: str, **options):
        super().__init__(data, **options)
        service = None if barred else vendors.definition_for(ticket, Party.MICROSOFT)
        if barred:
            self.fields["party"].choices = [(Party.DISTRIBUTOR.value, Party.DISTRIBUTOR.label)]
        known = [(step.code, priority_name(step)) for step in vendors.severities(service)]
        if known:
            self.fields["severity"].choices = [("", _("none: not with Microsoft")), *known]
        else:
            del self.fields["severity"]


class ClaimForm(forms.Form):
    """A word of the vendor's, with when it was and where that is known from."""

    text = words(_("In words"))
    claimed_at = InstantField(label=_("When it was, as claimed"), initial=timezone.now)
    how = forms.ChoiceField(label=_("How you know"), choices=How)


class VendorAnswerForm(ClaimForm):
    text = words(_("What they said"), required=False)


class VendorDispatchForm(ClaimForm):
    text = words(_("Who, and where"), required=False)


class VendorAskForm(ClaimForm):
    text = words(_("What they ask"))


class VendorNoteForm(ClaimForm):
    pass


class VendorCloseForm(ClaimForm):
    text = words(_("How it ended"))


class VendorSeverityForm(ClaimForm):
    severity = forms.ChoiceField(label=_("Severity from now on"))
    text = words(_("Why, in the vendor’s words"))
    field_order = ("severity", "text")

    def __init__(self, data=None, *, case=None, **options):
        super().__init__(data, **options)
        steps = vendors.severities(case.service) if case else []
        others = [step for step in steps if step.code != case.severity]
        self.fields["severity"].choices = [(step.code, priority_name(step)) for step in others]


class VendorContactForm(ContactFields):
    """`was` is whom the page named."""

    was = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)


class VendorEscalateForm(forms.Form):
    reason = words(
        _("Why this one"),
        help_text=_("Escalations are used selectively, by true urgency. It is kept with your name."),
        error_messages={"required": _("Write why: escalations are used selectively.")},
    )
