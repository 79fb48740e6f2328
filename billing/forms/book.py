"""The file of a manager, and what its rows are."""

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from billing.models import BookImport


class BookForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What its rows are"),
        choices=BookImport.Kind.choices,
        help_text=_("A contract names its customer and its rate card: take those first."),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV in UTF-8, plain or gzipped. It is looked at first; nothing is written."),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty.")},
    )

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > settings.UPLOAD_MAX_BYTES:
            limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
            raise forms.ValidationError(
                _(
                    "%(name)s is larger than %(limit)s: cut it into several, or take it by manage.py import_book."
                ),
                params={"name": upload.name, "limit": limit},
            )
        return upload
