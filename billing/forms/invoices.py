"""Forms of finance."""

from collections.abc import Collection

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.models import InvoiceLine, InvoiceNote
from billing.money import Money


def _called(line: InvoiceLine) -> str:
    said = {"position": line.position, "net": Money(line.net, line.invoice.currency)}
    return _("Line %(position)d, %(net)s: %(description)s") % {**said, "description": line.description}


class CreditForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it credited?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The credit note undoes lines as a whole and frees their time, to be billed again."),
    )
    lines = forms.TypedMultipleChoiceField(
        label=_("Lines"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose a line at least."),
            "invalid_choice": _("One of these lines has been credited meanwhile: open the page again."),
        },
    )
    for_good = forms.BooleanField(
        label=_("Do not bill its fixed prices and minimums again"),
        required=False,
        help_text=_(
            "For what was not delivered after all, or is waived. Time is cancelled where it was booked."
        ),
    )

    def __init__(self, *args, lines: Collection[InvoiceLine], besides: bool, **kwargs) -> None:
        """`lines` are those that are left: all of them are chosen at first. Where there is one it is not asked, but named."""
        super().__init__(*args, **kwargs)
        known, chosen = {f"{line.pk}": line for line in lines}, self.fields["lines"]
        chosen.choices = [(pk, _called(line)) for pk, line in known.items()]
        chosen.coerce, chosen.initial = known.__getitem__, list(known)
        if len(known) == 1:
            chosen.widget = forms.MultipleHiddenInput()
        if not besides:
            del self.fields["for_good"]


class VoidForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it voided?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Its files stay, and its invoices are to be exported again: remove them in the finance program first."
        ),
    )


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it reopened?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class PaidForm(forms.Form):
    paid_on = forms.DateField(
        label=_("Paid on"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("As the bank statement says."),
    )
    reference = forms.CharField(label=_("Reference"), max_length=60, required=False)


class NotedField(forms.ChoiceField):
    """It offers what follows now; of a page from before the verb says why that does not follow any more."""

    def valid_value(self, value):
        return value in InvoiceNote.What.values and value != InvoiceNote.What.PAID


class NoteForm(forms.Form):
    """What else may be noted now: the choices are those that follow from how the invoice stands."""

    what = NotedField(label=_("It is"))
    reason = forms.CharField(label=_("Why?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, may, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [(what.value, what.label) for what in may]
