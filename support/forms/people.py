"""Forms that edit plain records."""

import zoneinfo

from django import forms
from django.conf import settings

from support.models import User

ZONES = [
    (zone, zone.replace("_", " "))
    for zone in sorted(zoneinfo.available_timezones())
    if "/" in zone or zone == "UTC"
]


class ProfileForm(forms.ModelForm):
    time_zone = forms.ChoiceField(choices=ZONES)
    locale = forms.ChoiceField(choices=settings.LANGUAGES, label="Language")

    class Meta:
        model = User
        fields = ["name", "time_zone", "locale", "theme"]
