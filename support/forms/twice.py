"""Times that are billed: of one that came twice in the night in which the clocks went back, a form asks which is meant."""

from contextlib import suppress
from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from support.rendering import InstantField, InstantInput

READINGS = ("first", "second")  # by their fold


class TwiceInput(InstantInput):
    """Its value is the typed text, and after a bar which of two readings was chosen."""

    template_name = "forms/twice.html"

    def value_from_datadict(self, data, files, name):
        text, reading = super().value_from_datadict(data, files, name), data.get(f"{name}_reading")
        return f"{text}|{reading}" if text and reading in READINGS else text

    def get_context(self, name, value, attrs):
        chosen = ""
        if isinstance(value, str):
            value, _bar, chosen = value.partition("|")
        elif isinstance(value, datetime):
            chosen = READINGS[value.fold]
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"readings": _readings(context["widget"]["value"]), "chosen": chosen}
        return context


class BilledInstantField(InstantField):
    """An InstantField that takes no reading by itself: an hour more or less is money."""

    widget = TwiceInput

    def __init__(self, **options):
        super().__init__(**{"widget": TwiceInput(), **options})

    def to_python(self, value):
        if not isinstance(value, str):
            return super().to_python(value)
        text, _bar, self._reading = value.partition("|")
        return super().to_python(text)

    def of_two(self, wall: datetime) -> datetime:
        first = super().of_two(wall)
        if self._reading not in READINGS:
            raise forms.ValidationError(
                _("The clocks went back that night, and this time came twice: choose which one it was."),
                code="twice",
            )
        return first.replace(fold=READINGS.index(self._reading))


def _readings(text: str | None) -> list[tuple[str, str]]:
    """Of a time that came twice, each reading by the name of its zone; none of any other."""
    wall = None
    with suppress(ValueError):
        wall = datetime.fromisoformat(text or "")
    if wall is None or wall.tzinfo:
        return []
    zone = timezone.get_current_timezone()
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() <= second.utcoffset():  # equal as a rule; less where the clocks went forward
        return []
    shown = [f"{each:%H:%M %Z}" for each in (first, second)]
    return [
        ("first", _("%(time)s, before the clocks went back") % {"time": shown[0]}),
        ("second", _("%(time)s, after they went back") % {"time": shown[1]}),
    ]
