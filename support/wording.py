"""Words in the reader's language, each worked out once: Django asks every catalogue of a language on every call."""

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps

from django.utils import translation

KEPT = 4096  # answers of one function


def per_language(say: Callable[..., str]) -> Callable[..., str]:
    """Keep what a function says, which depends on its values and the language alone: never on a zone or on now."""

    @lru_cache(maxsize=KEPT)
    def said(language: str | None, *values: Hashable) -> str:
        return say(*values)

    @wraps(say)
    def wrapper(*values: Hashable) -> str:
        return said(translation.get_language(), *values)

    return wrapper


gettext = per_language(translation.gettext)  # bound to `_`, so that makemessages finds the words
