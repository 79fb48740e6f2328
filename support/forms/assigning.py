"""To whom many tickets go; which ones, the boxes of the page say."""

from django import forms
from django.utils.translation import gettext_lazy as _

from support.forms.plain_select import PlainSelect
from support.forms.tickets import people
from support.models import User

NOBODY = "nobody"


class TicketAssignForm(forms.Form):
    owner = forms.TypedChoiceField(
        label=_("New owner"),
        widget=PlainSelect,
        coerce=lambda pk: None if pk == NOBODY else User.objects.get(pk=pk),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        (_empty, nobody), *staff = people(None)
        self.fields["owner"].choices = [("", _("Choose")), *staff, (NOBODY, nobody)]
