"""Instants as people type them: wall clock of their zone. Of one that came twice in the night in which the clocks went back, a form asks which."""

from contextlib import suppress
from datetime import UTC, datetime, tzinfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from support.rendering import DayInput

READINGS = ("first", "second")  # by their fold
YEARS = range(2000, 2101)  # that anybody means
OUR_TIME = {"first": YEARS[0], "last": YEARS[-1]}
OF_OUR_TIME = _("Write a date between %(first)d and %(last)d.")


class InstantInput(forms.DateTimeInput):
    """Date and time to the minute, in the reader's zone or in `zone`. Its value is the typed text, and after a bar which of two readings was
    chosen."""

    input_type = "datetime-local"
    template_name = "forms/twice.html"
    zone: tzinfo | None = None

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")

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
        zone = self.zone or timezone.get_current_timezone()
        context["widget"] |= {"readings": _readings(context["widget"]["value"], zone), "chosen": chosen}
        return context


class InstantField(forms.DateTimeField):
    """An instant in UTC, typed as wall clock of the reader's zone. It takes no reading of two by itself: an hour more or less is money, or a
    promise kept or missed.

    In UTC, since Python subtracts two instants of one zone by their wall clocks: a night of 25 hours would have 24.
    """

    def __init__(self, **options):
        super().__init__(**{"widget": InstantInput(), **options})

    def to_python(self, value):
        reading = ""
        if isinstance(value, str):
            value, _bar, reading = value.partition("|")
        try:
            instant = super().to_python(value)
        except forms.ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            instant = _of_two(error.params["datetime"], reading)
        if instant and instant.year not in YEARS:
            raise forms.ValidationError(OF_OUR_TIME, params=OUR_TIME, code="invalid")
        return instant and instant.astimezone(UTC)


class DayField(forms.DateField):
    """A day that somebody means."""

    def __init__(self, **options):
        super().__init__(**{"widget": DayInput(), **options})

    def to_python(self, value):
        day = super().to_python(value)
        if day and day.year not in YEARS:
            raise forms.ValidationError(OF_OUR_TIME, params=OUR_TIME, code="invalid")
        return day


def _of_two(wall: datetime, reading: str) -> datetime:
    """The clocks were changed over this time: of the two readings, where it came twice, the one that is meant."""
    zone = timezone.get_current_timezone()
    first = wall.replace(tzinfo=zone, fold=0)
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
        raise forms.ValidationError(
            _("The clocks went forward over that time: it was never there. Write one before or after."),
            code="ambiguous_timezone",
        )
    if reading not in READINGS:
        raise forms.ValidationError(
            _("The clocks went back that night, and this time came twice: choose which one it was."),
            code="twice",
        )
    return first.replace(fold=READINGS.index(reading))


def _readings(text: str | None, zone: tzinfo) -> list[tuple[str, str]]:
    """Of a time that came twice, each reading by the name of its zone; none of any other."""
    wall = None
    with suppress(ValueError):
        wall = datetime.fromisoformat(text or "")
    if wall is None or wall.tzinfo:
        return []
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() <= second.utcoffset():  # equal as a rule; less where the clocks went forward
        return []
    shown = [f"{each:%H:%M %Z}" for each in (first, second)]
    return [
        ("first", _("%(time)s, before the clocks went back") % {"time": shown[0]}),
        ("second", _("%(time)s, after they went back") % {"time": shown[1]}),
    ]
