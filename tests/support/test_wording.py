"""Words that are kept: in each language its own."""

from django.template import engines
from django.utils import translation

from support import wording


def test_what_is_kept_is_kept_for_its_language():
    asked = []

    @wording.per_language
    def hours(number):
        asked.append(number)
        return f"{translation.get_language()} {number}"

    for language in ("en-gb", "en", "en-gb"):
        with translation.override(language):
            assert hours(4) == f"{language} 4"
    assert asked == [4, 4]


def test_alike_is_rendered_once_for_each_value_of_a_page():
    made = []
    rows = [{"owner": owner, "say": lambda owner=owner: made.append(owner) or owner} for owner in "abab<"]
    page = engines["django"].from_string(
        "{% load alike %}{% for row in rows %}{% alike row.owner %}{{ row.say }}{% endalike %};{% endfor %}"
    )
    assert page.render({"rows": rows}) == "a;b;a;b;&lt;;"
    assert made == ["a", "b", "<"]
    page.render({"rows": rows[:1]})
    assert made[3:] == ["a"], "nothing is kept for the next page"
