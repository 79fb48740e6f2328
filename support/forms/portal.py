"""What a customer types on his own pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from support.forms.files import FilesField
from support.forms.tickets import TEXT, text_area


class OwnReplyForm(forms.Form):
    text = forms.CharField(label=_("Write to the desk"), max_length=TEXT, widget=text_area(5))
    files = FilesField(label=_("Files"), required=False)
