"""The words of a text as the search keeps them."""

from django.contrib.postgres.search import SearchVector
from django.db.models import Func, TextField, Value

# What a word processor or a mail program writes in the place of ' " ... - and the blank: PostgreSQL takes each for a letter.
TYPOGRAPHIC = "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a\u2026\u2013\u2014\u2022\u00b7\u00a0\u2009\u202f\u2010\u2011"
PLAIN = " " * (len(TYPOGRAPHIC) - 2) + "--"
_PLAIN = str.maketrans(TYPOGRAPHIC, PLAIN)


def plain(text: str) -> str:
    """ "Robin\u2019s phone" as the words of a search: "Robin s phone"."""
    return text.translate(_PLAIN)


def vector(*columns: str) -> SearchVector:
    """The words of these columns for a generated one, in no language's rules; `plain` does the same to what is looked for."""
    asked = {"function": "TRANSLATE", "output_field": TextField()}
    texts = (Func(column, Value(TYPOGRAPHIC), Value(PLAIN), **asked) for column in columns)
    return SearchVector(*texts, config="simple")
