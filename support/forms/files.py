"""Several files in one field."""

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

AT_ONCE = 10


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of uploads: each not empty, none too large, ten at once at most."""

    widget = FilesInput

    def __init__(self, **options):
        limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
        options.setdefault(
            "help_text", _("Up to ten files of %(limit)s. Please leave out passwords.") % {"limit": limit}
        )
        super().__init__(**options)

    def clean(self, data, initial=None):
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        if not uploads:
            super().clean(None, initial)
            return []
        if len(uploads) > AT_ONCE:
            raise forms.ValidationError(_("Attach ten files at most; send the rest with another message."))
        for upload in uploads:
            if upload.size > settings.UPLOAD_MAX_BYTES:
                limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
                raise forms.ValidationError(
                    _("%(name)s is larger than %(limit)s: share it another way."),
                    params={"name": upload.name, "limit": limit},
                )
            super().clean(upload, initial)
        return uploads
