"""What people type when they hand over, ask back, answer or take back."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escalations.forms_words import words
from support.forms.instants import InstantField
from support.forms.plain_select import PlainSelect
from support.models import User, UserKind

REGION = "region"
GONE = _("Whom you chose is not of the desk any more: choose again.")


def colleagues(besides: int | None) -> list[tuple[str, str]]:
    """Everybody of the desk but this one, by name."""
    rows = User.objects.filter(kind=UserKind.STAFF, is_active=True).exclude(pk=besides).order_by("name", "pk")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


class HandOffWriteForm(forms.Form):
    """`receiver` is "region" or a person's key; a person needs the instant at which the owner goes off. `closing` is for which one
    the page was written, as ISO."""

    closing = forms.CharField(widget=forms.HiddenInput, required=False)
    receiver = forms.ChoiceField(
        label=_("To"),
        widget=PlainSelect,
        error_messages={"invalid_choice": _("It cannot go there any more: choose again.")},
    )
    off_at = InstantField(
        label=_("You go off duty"),
        required=False,
        help_text=_(
            "Only to a person. Managers are told half an hour before, if it is not accepted by then."
        ),
    )
    standing = words(_("State"))
    tried = words(_("What was tried"))
    next_action = words(_("Next action"))
    expected = words(_("Whom the customer expects to hear from, and how"))

    def __init__(self, data=None, *, region: str, owner: int | None, **options):
        super().__init__(data, **options)
        people = colleagues(owner) if owner else []
        self.fields["receiver"].choices = [*([(REGION, region)] if region else []), *people]
        if not people:
            del self.fields["off_at"]

    def clean_closing(self):
        said = self.cleaned_data["closing"]
        try:
            return datetime.fromisoformat(said) if said else None
        except ValueError:
            raise forms.ValidationError(_("Open the page again and send it from there.")) from None

    def clean(self):
        said = super().clean()
        receiver = said.get("receiver")
        if receiver and receiver != REGION and not said.get("off_at") and "off_at" not in self.errors:
            self.add_error("off_at", _("Write when you go off duty: an instant to come."))
        return said

    def offered(self) -> dict:
        """What `handing.offer` takes."""
        said = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("receiver", "off_at", "closing")
        }
        receiver = self.cleaned_data["receiver"]
        if receiver == REGION:
            return {**said, "closing": self.cleaned_data["closing"]}
        return {**said, "person": User.objects.get(pk=receiver), "off_at": self.cleaned_data["off_at"]}


class GoingOffForm(forms.Form):
    """To whom, until when, and the words that go onto each ticket."""

    person = forms.TypedChoiceField(
        label=_("To"),
        widget=PlainSelect,
        coerce=lambda pk: User.objects.get(pk=pk),
        error_messages={"invalid_choice": GONE},
    )
    off_at = InstantField(label=_("You go off duty"))
    standing = words(_("State"))
    tried = words(_("What was tried"))
    next_action = words(_("Next action"))
    expected = words(_("Whom the customers expect to hear from, and how"))

    def __init__(self, data=None, *, owner: int, **options):
        super().__init__(data, **options)
        self.fields["person"].choices = [("", _("Choose")), *colleagues(owner)]

    def clean_off_at(self):
        off_at = self.cleaned_data["off_at"]
        if off_at <= timezone.now():
            raise forms.ValidationError(_("Write when you go off duty: an instant to come."))
        return off_at


class HandOffAcceptForm(forms.Form):
    """A button alone."""


class HandOffAskForm(forms.Form):
    text = words(_("What you have to know first"))


class HandOffAnswerForm(forms.Form):
    text = words(_("Your answer"))


class HandOffWithdrawForm(forms.Form):
    text = words(_("Why"))


FORMS: dict[str, type[forms.Form]] = {
    "accept": HandOffAcceptForm,
    "ask": HandOffAskForm,
    "answer": HandOffAnswerForm,
    "withdraw": HandOffWithdrawForm,
}
