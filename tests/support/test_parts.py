"""Parts of pages: they escape, print nothing for None, and forms that are the same everywhere are rendered once."""

from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template, engines
from django.utils import translation

from support import parts
from support.forms.plain_select import PlainSelect
from support.rendering import blank

PARTS = Path(engines[parts.ENGINE].dirs[0])


def said(source, **values):
    return engines[parts.ENGINE].from_string(source).template.render(values)


@pytest.mark.parametrize("path", sorted(PARTS.rglob("*.html")), ids=lambda path: str(path.relative_to(PARTS)))
def test_a_part_compiles(path):
    engines[parts.ENGINE].get_template(str(path.relative_to(PARTS)))


def test_a_part_escapes_and_prints_nothing_for_none():
    assert said("{{ title }}|{{ nobody }}|{{ unknown }}", title="<b>", nobody=None) == "&lt;b&gt;||"
    assert said('{{ _("Waiting: %(wait)s")|format(wait=wait) }}', wait="<b>") == "Waiting: &lt;b&gt;"
    assert said("{{ text|linebreaks }}", text="<b>\nnext") == "<p>&lt;b&gt;<br>next</p>"


def test_a_page_hands_a_part_what_it_knows():
    page = Template(
        "{% load part %}{% part 'support/_verb.html' title=title verb='Do' action='/do/' form='' open=True %}"
    )
    text = page.render(Context({"csrf_token": "a-token", "title": "<i>"}))
    assert "<summary>&lt;i&gt;</summary>" in text
    assert 'value="a-token"' in text
    assert '<details class="fold" open' in text


class LongForm(forms.Form):
    owner = forms.ChoiceField(widget=PlainSelect, choices=[("", "Nobody"), ("7", "<Ana>"), ("8", "Ben")])


def test_a_long_list_is_an_ordinary_select():
    text = str(LongForm(initial={"owner": 7})["owner"])
    assert '<option value="7" selected>&lt;Ana&gt;</option>' in text
    assert text.count("selected") == 1
    assert str(LongForm()["owner"]).index('<option value="" selected>') > 0
    assert '<option value="8" selected>Ben</option>' in str(LongForm({"owner": "8"})["owner"])
    assert not LongForm({"owner": "9"}).is_valid()


class CountedForm(forms.Form):
    made = 0
    way = forms.ChoiceField(choices=[])

    def __init__(self, *args, ways, **options):
        super().__init__(*args, **options)
        type(self).made += 1
        self.fields["way"].choices = ways


def test_an_empty_form_is_rendered_once_for_its_facts_and_language():
    one, other = (("a", "A"),), (("b", "B"),)
    for ways in (one, other, one):
        assert f'value="{ways[0][0]}"' in blank(CountedForm, ways=ways)
    assert CountedForm.made == 2
    with translation.override("en"):
        blank(CountedForm, ways=one)
    assert CountedForm.made == 3


def test_a_drawing_escapes_what_it_is_given_however_often():
    for _time in range(2):
        drawn = said("{{ ranked(rank, word) }}{{ icon(word) }}", rank=1, word="<b>")
        assert "priority-top" in drawn
        assert (drawn.count("&lt;b&gt;"), "<b>" in drawn) == (2, False)
    assert said("{{ ranked(2, word) }}", word="High") != said("{{ ranked(4, word) }}", word="High")
