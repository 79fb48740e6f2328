"""The form in which time is corrected: the whole piece of work as it should have been."""

from datetime import UTC, datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.correcting import Piece
from support.forms.instants import InstantField

AS_SHOWN = "%Y-%m-%dT%H:%M"
MINUTE = timedelta(minutes=1)


class TimeCorrectForm(forms.Form):
    started_at = InstantField(label=_("From"))
    stopped_at = InstantField(label=_("To"))
    text = forms.CharField(label=_("What was done"), max_length=300)
    on_site = forms.BooleanField(
        label=_("It was on site"), required=False, help_text=_("A visit that the customer approved.")
    )
    unapproved = forms.BooleanField(label=_("Not billable: keep it as unapproved"), required=False)
    reason = forms.CharField(
        label=_("Why is it corrected?"),
        max_length=300,
        help_text=_("It stands beside the entry from then on."),
    )

    def __init__(self, *args, piece: Piece, on_site: bool, **options):
        shown = {name: getattr(piece, name) for name in ("started_at", "stopped_at", "text", "on_site")}
        super().__init__(*args, initial=shown, **options)
        self.piece = piece
        if not piece.approved:  # it stays as it is: a correction finds no approval for it
            del self.fields["unapproved"]
        if not (on_site or piece.on_site):
            del self.fields["on_site"]

    def clean_started_at(self) -> datetime:
        return self._to_the_second("started_at")

    def clean_stopped_at(self) -> datetime:
        return self._to_the_second("stopped_at")

    def _to_the_second(self, name: str) -> datetime:
        """A page shows minutes, and a timer runs by the second: what was not touched stays what it was."""
        stood = getattr(self.piece, name).astimezone(UTC)
        shown, found = timezone.localtime(stood).strftime(AS_SHOWN), self.cleaned_data[name]
        untouched = self.data.get(name, "")[:16] == shown and abs(found - stood) < MINUTE
        return stood if untouched else found
