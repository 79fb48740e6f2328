"""Every kind of field in our look, with a label, its help and its error tied to it."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone

from support.forms.instants import InstantInput
from support.rendering import DayInput


class Everything(forms.Form):
    title = forms.CharField(help_text="One line.")
    story = forms.CharField(widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(choices=[("a", "Apple"), ("b", "Pear")], widget=forms.RadioSelect)
    extras = forms.MultipleChoiceField(
        choices=[("x", "Box")], widget=forms.CheckboxSelectMultiple, required=False
    )
    sure = forms.BooleanField()
    size = forms.ChoiceField(choices=[("", "Any"), ("s", "Small")], required=False)
    log = forms.FileField(required=False)
    day = forms.DateField(widget=DayInput)
    moment = forms.DateTimeField(widget=InstantInput)


def shown(**options):
    return Template("{{ form }}").render(Context({"form": Everything(**options)}))


@pytest.mark.parametrize(
    "part",
    [
        '<label for="id_title">Title</label><p class="help" id="id_title_helptext">One line.</p>',
        'aria-describedby="id_title_helptext" class="input"',
        'Story <span class="optional">(optional)</span>',
        'class="textarea"',
        "<legend>Kind</legend>",
        '<label class="check"><input type="radio" name="kind" value="a"',
        '<label class="check"><input type="checkbox" name="extras" value="x"',
        '<label class="check"><input type="checkbox" name="sure" required id="id_sure"> <span>Sure</span></label>',
        'class="select"',
        '<input type="file" name="log" class="input"',
        '<input type="date" name="day" required class="input input-mid"',
        '<input type="datetime-local" name="moment" required class="input input-mid"',
    ],
)
def test_a_field_is_rendered_in_our_look(part):
    assert part in " ".join(shown().split())


def test_a_choice_with_an_empty_answer_needs_no_optional():
    assert '<label for="id_size">Size</label>' in shown()


def test_errors_are_counted_linked_and_tied():
    page = shown(data={"title": "T", "kind": "z", "day": "2026-10-14", "moment": "soon"})
    assert "3 things need another look" in page
    assert '<a href="#id_kind">Kind</a>' in page
    assert 'aria-describedby="id_moment_error"' in page
    assert '<fieldset class="field field-bad" id="id_kind"' in page


def test_dates_speak_iso_to_the_browser_and_the_readers_zone_to_us():
    with timezone.override("Europe/Berlin"):
        noon = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
        page = shown(initial={"day": date(2026, 10, 14), "moment": noon})
        form = Everything(data={"day": "2026-10-14", "moment": "2026-07-01T14:00"})
        form.is_valid()
    assert 'value="2026-10-14"' in page
    assert 'value="2026-07-01T14:00"' in page
    assert form.cleaned_data["moment"] == noon
