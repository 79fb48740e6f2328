"""Words that are kept: in each language its own."""

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
