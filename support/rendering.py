"""How forms look: `{{ form }}` is a summary of errors and its fields, each as templates/_field.html; native dates."""

from django import forms
from django.forms import widgets
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

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
        return not self.field.required and not isinstance(self.field, forms.ChoiceField)

    def build_widget_attrs(self, attrs, widget=None):
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        ours = next((name for kinds, name in _CLASSES if isinstance(widget, kinds)), "")
        if ours:
            attrs["class"] = f"{widget.attrs.get('class', '')} {ours}".strip()
        return attrs


class Renderer(TemplatesSetting):
    form_template_name = "forms/form.html"
    field_template_name = "_field.html"
    bound_field_class = LookBoundField


class DayInput(forms.DateInput):
    """The browser's own calendar; it wants ISO, whatever the reader's locale."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class InstantInput(forms.DateTimeInput):
    """Date and time to the minute, in the reader's zone: Django turns it to UTC."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")
