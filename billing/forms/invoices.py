"""Forms of finance."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.models import InvoiceLine, InvoiceNote
from billing.money import Money


class LinesField(forms.ModelMultipleChoiceField):
    """Lines of an invoice that are not credited yet, all of them chosen at first."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options) -> None:
        super().__init__(InvoiceLine.objects.none(), **options)

    def label_from_instance(self, line: InvoiceLine) -> str:
        return f"{line.description}: {Money(line.net, line.invoice.currency)}"


class CreditForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it credited?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The credit note undoes lines as a whole and frees their time, to be billed again."),
    )
    lines = LinesField(label=_("Lines"), error_messages={"required": _("Choose a line at least.")})
    for_good = forms.BooleanField(
        label=_("Do not bill its fixed prices and minimums again"),
        required=False,
        help_text=_(
            "For what was not delivered after all, or is waived. Time is cancelled where it was booked."
        ),
    )

    def __init__(self, *args, lines: QuerySet[InvoiceLine], besides: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["lines"]
        chosen.queryset, chosen.initial = lines, [line.pk for line in lines]
        if len(chosen.initial) < 2:
            del self.fields["lines"]
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
