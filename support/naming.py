"""Names of people, as they stand on evidence and invoices: what is written there can be read."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

JOINERS = "\u200c\u200d"  # belong to scripts
BLANKS = set("\u115f\u1160\u3164\uffa0\u2800")  # letters and signs that nobody sees
MARKS = {"Mn", "Me"}  # above, below or around a letter: nothing without one
UNWRITTEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


def is_written(name: str) -> bool:
    """Whether a name can be read as it stands: letters, and nothing that turns, breaks or hides them."""
    if not any(letter.isalpha() for letter in name) or BLANKS & set(name):
        return False
    return not any(unicodedata.category(letter) in UNWRITTEN and letter not in JOINERS for letter in name)


def is_said(text: str) -> bool:
    """Whether anybody sees anything of it: not only blanks, letters without a shape and marks without a letter."""
    return any(
        (category := unicodedata.category(letter))[0] not in "CZ"
        and category not in MARKS
        and letter not in BLANKS
        for letter in text
    )


def a_written_name(name: str) -> None:
    """For fields: ValidationError where `is_written` says no."""
    if not is_written(name):
        raise ValidationError(_("Write the name with letters alone, on one line."))
