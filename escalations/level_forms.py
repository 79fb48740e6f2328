"""What people type to move a ticket between support levels, to fill its sheet, and at engineering's review."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escalations.models import FaultReport, Impact
from support.catalogue import intake
from support.catalogue.definition import Definition
from support.catalogue.intake import FieldType
from support.models import Team

LONGEST = 2000
AREA = {"rows": 2}
IMPACTS = [("", _("Choose")), *Impact.choices]


def _words(label, missing) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        widget=forms.Textarea(attrs=AREA),
        error_messages={"required": missing},
    )


class LevelUpForm(forms.Form):
    reason = _words(_("Why it goes up, and what was tried"), _("Write why it goes up."))
    impact = forms.TypedChoiceField(
        label=_("What it means for the business"),
        choices=IMPACTS,
        coerce=int,
        error_messages={"required": _("Say what it means for the business.")},
    )

    def __init__(self, data=None, *, definition: Definition, new: int):
        super().__init__(data, auto_id="up_%s")
        engineering = definition.engineering
        if engineering is None or engineering.level != new:
            del self.fields["impact"]


class LevelDownForm(forms.Form):
    level = forms.TypedChoiceField(label=_("To level"), coerce=int)
    reason = _words(_("Why it goes down"), _("Write why it goes down."))

    def __init__(self, data=None, *, definition: Definition, old: int):
        super().__init__(data, auto_id="down_%s")
        below = [level for level in definition.levels if level.level < old]
        self.fields["level"].choices = [(each.level, f"{each.level}, {each.name}") for each in below]


class GroupAssignForm(forms.Form):
    team = forms.ModelChoiceField(
        label=_("Resolver group"),
        queryset=Team.objects.all(),
        required=False,
        empty_label=_("None"),
        help_text=_("The owner stays and goes on talking to the customer."),
    )

    was = forms.CharField(widget=forms.HiddenInput, required=False)  # which one the page named

    def __init__(self, data=None, **options):
        super().__init__(data, auto_id="group_%s", **options)


class EngineeringReviewForm(forms.Form):
    impact = forms.TypedChoiceField(
        label=_("What it means for the business"),
        choices=IMPACTS,
        coerce=int,
        error_messages={"required": _("Say what it means for the business.")},
    )
    words = _words(_("What the review found"), _("Write what the review found."))


class FaultReportForm(forms.Form):
    """The items of a service's sheet; none must be filled to keep it, the level says what it needs."""

    def __init__(self, *args, sheet: intake.FaultReport, before: FaultReport | None):
        answers = before.answers if before else {}
        initial = {code: answer for code, answer in answers.items() if not isinstance(answer, list)}
        super().__init__(*args, auto_id="sheet_%s", initial=initial)
        self.sheet = sheet
        for field in sheet.fields:
            self.fields[field.code] = _field(field)

    def answers(self) -> dict[str, Any]:
        """As the sheet keeps them: text and numbers."""
        return {
            field.code: _plain(self.cleaned_data.get(field.code))
            for field in self.sheet.fields
            if field.type is not FieldType.FILE
        }

    def uploads(self) -> dict[str, Any]:
        return {
            field.code: self.cleaned_data[field.code]
            for field in self.sheet.fields
            if field.type is FieldType.FILE and self.cleaned_data.get(field.code)
        }


def _field(field: intake.Field) -> forms.Field:
    options = {"label": field.label, "required": False, "help_text": field.help}
    match field.type:
        case FieldType.NUMBER:
            return forms.IntegerField(min_value=0, max_value=10_000_000, **options)
        case FieldType.FILE:
            return forms.FileField(**options)
        case FieldType.CHOICE | FieldType.YES_NO:
            return forms.ChoiceField(
                choices=[("", "–"), *((each, each) for each in field.answers())], **options
            )
        case FieldType.EMAIL:
            return forms.EmailField(**options)
    lines = field.lines if field.type is FieldType.TEXT else 1
    widget = forms.Textarea(attrs={"rows": lines}) if lines > 1 else forms.TextInput()
    return forms.CharField(max_length=LONGEST, widget=widget, **options)


def _plain(answer: Any) -> Any:
    return answer.isoformat() if isinstance(answer, datetime) else "" if answer is None else answer
