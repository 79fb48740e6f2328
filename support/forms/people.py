"""Forms that edit plain records."""

from django import forms
from django.conf import settings

from support.models import User
from support.zones import ZONES

ZONE_CHOICES = [(zone, zone.replace("_", " ")) for zone in sorted(ZONES)]


class ProfileForm(forms.ModelForm):
    time_zone = forms.ChoiceField(choices=ZONE_CHOICES)
    locale = forms.ChoiceField(choices=settings.LANGUAGES, label="Language")

    class Meta:
        model = User
        fields = ["name", "time_zone", "locale", "theme"]
