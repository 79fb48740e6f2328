"""What somebody types who tells the log of calls what came in."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from support.forms.instants import InstantField
from support.models import CallChannel, Contract

LONGEST = 24 * 60 * 60


class CallTellForm(forms.Form):
    contract = forms.ModelChoiceField(
        Contract.objects.none(),
        to_field_name="number",
        label=_("Contract"),
        empty_label=_("Choose a contract"),
    )
    channel = forms.ChoiceField(
        label=_("Came by"), choices=CallChannel, widget=forms.RadioSelect, initial=CallChannel.PHONE
    )
    offered_at = InstantField(
        label=_("Offered at"), help_text=_("When it began to ring, or the chat was asked for.")
    )
    ended = forms.ChoiceField(
        label=_("How it ended"),
        choices=[("answered", _("Answered")), ("abandoned", _("Abandoned: the customer gave up"))],
        widget=forms.RadioSelect,
        initial="answered",
    )
    seconds = forms.IntegerField(label=_("After how many seconds"), min_value=0, max_value=LONGEST)

    def __init__(self, *args, on, **options):
        """`on`: the day whose contracts can be chosen."""
        super().__init__(*args, **options)
        self.fields["contract"].queryset = (
            Contract.objects.in_force(on).select_related("holder").order_by("holder__name", "number")
        )
        self.fields["contract"].label_from_instance = lambda row: f"{row.holder.name}, {row.number}"

    @property
    def waited(self) -> timedelta:
        return timedelta(seconds=self.cleaned_data["seconds"])


class CallStrikeForm(forms.Form):
    reason = forms.CharField(label=_("Why it is struck out"), max_length=300)
