"""How forms look: `{{ form }}` is a summary of errors and its fields, each as templates/parts/forms/field.html; native dates."""

from collections.abc import Hashable
from datetime import UTC, datetime
from functools import lru_cache

from django import forms
from django.forms import widgets
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.template import engines
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from support import parts

_CLASSES = [  # the first that fits
    ((widgets.CheckboxInput, widgets.RadioSelect, widgets.CheckboxSelectMultiple), ""),
    ((widgets.DateTimeBaseInput,), "input input-mid"),
    ((widgets.Input,), "input"),
    ((widgets.Textarea,), "textarea"),
    ((widgets.Select,), "select"),
]


class LookBoundField(BoundField):
    @property
    def optional(self) -> bool:
        """Whether the label says so; a choice says it by its empty answer."""
        may_be_empty = not self.field.required and not isinstance(self.field, forms.ChoiceField)
        return may_be_empty and getattr(self.field, "says_optional", True)

    def build_widget_attrs(self, attrs, widget=None):
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        ours = next((name for kinds, name in _CLASSES if isinstance(widget, kinds)), "")
        if ours:
            attrs["class"] = f"{widget.attrs.get('class', '')} {ours}".strip()
        return attrs


class Renderer(TemplatesSetting):
    """Forms and Django's own widgets are parts; what an app brings with it, as the admin does, stays as it is."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = LookBoundField

    def get_template(self, template_name):
        if template_name.startswith(("forms/", "django/forms/widgets/")):
            return engines[parts.ENGINE].get_template(template_name)
        return super().get_template(template_name)


def blank(form_class: type[forms.Form], auto_id: str = "id_%s", **facts: Hashable) -> SafeString:
    """An empty form as a page shows it, rendered once for a language and the facts it is made with."""
    return _blank(get_language(), form_class, auto_id, **facts)


@lru_cache(maxsize=1024)
def _blank(language: str | None, form_class: type[forms.Form], auto_id: str, **facts: Hashable) -> SafeString:
    return form_class(auto_id=auto_id, **facts).render()


class DayInput(forms.DateInput):
    """The browser's own calendar; it wants ISO, whatever the reader's locale."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


YEARS = range(2000, 2101)  # that anybody means


class InstantField(forms.DateTimeField):
    """An instant in UTC, typed as wall clock of the reader's zone. Of an hour that comes twice in autumn it is the first.

    In UTC, since Python subtracts two instants of one zone by their wall clocks: a night of 25 hours would have 24.
    """

    def __init__(self, **options):
        super().__init__(**{"widget": InstantInput(), **options})

    def to_python(self, value):
        try:
            instant = super().to_python(value)
        except forms.ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            instant = self.of_two(error.params["datetime"])
        if instant and instant.year not in YEARS:
            raise forms.ValidationError(
                _("Write a date between %(first)d and %(last)d."),
                params={"first": YEARS[0], "last": YEARS[-1]},
                code="invalid",
            )
        return instant and instant.astimezone(UTC)

    def of_two(self, wall: datetime) -> datetime:
        """The clocks were changed over this time: of the two readings, where it came twice, the one that is meant."""
        zone = timezone.get_current_timezone()
        first = wall.replace(tzinfo=zone, fold=0)
        if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
            raise forms.ValidationError(
                _("The clocks went forward over that time: it was never there. Write one before or after."),
                code="ambiguous_timezone",
            )
        return first


class InstantInput(forms.DateTimeInput):
    """Date and time to the minute, in the reader's zone: Django turns it to UTC."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")
