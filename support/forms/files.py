"""Several files in one field."""

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

AT_ONCE = 10


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of uploads: each not empty, none too large, ten at once at most."""

    widget = FilesInput

    def __init__(self, *, most: int = AT_ONCE, **options):
        self.most = most
        facts = {"n": most, "limit": filesizeformat(settings.UPLOAD_MAX_BYTES)}
        help_text = ngettext_lazy("One file of %(limit)s at most.", "Up to %(n)d files of %(limit)s.", most)
        options.setdefault("help_text", f"{help_text % facts} {_('Please leave out passwords.')}")
        super().__init__(**options)

    def clean(self, data, initial=None):
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        if not uploads:
            super().clean(None, initial)
            return []
        if len(uploads) > self.most:
            raise forms.ValidationError(
                ngettext_lazy(
                    "Attach one file.", "Attach %(n)d files at most, and the rest afterwards.", "n"
                ),
                params={"n": self.most},
            )
        for upload in uploads:
            if upload.size > settings.UPLOAD_MAX_BYTES:
                limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
                raise forms.ValidationError(
                    _("%(name)s is larger than %(limit)s: share it another way."),
                    params={"name": upload.name, "limit": limit},
                )
            super().clean(upload, initial)
        return uploads
