"""How forms look: `{{ form }}` is a summary of errors and its fields, each as templates/parts/forms/field.html; native dates."""

from collections.abc import Hashable
from functools import lru_cache

from django import forms
from django.forms import widgets
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.template import engines
from django.utils.safestring import SafeString
from django.utils.translation import get_language

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
