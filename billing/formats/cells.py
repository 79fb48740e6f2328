"""Cells of a CSV for finance, as SQL over a line: text never starts a formula, figures stay figures."""

import re

# Whatever is not seen (controls, formats, spaces, private use), in the words of Python's and PostgreSQL's patterns alike.
UNSEEN = (
    r"\u0001-\u0020\u007f-\u00a0\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u1680\u180e\u2000-\u200f"
    r"\u2028-\u202f\u205f-\u2064\u2066-\u206f\u3000\ue000-\uf8ff\ufeff\ufff9-\ufffb\U000110bd\U000110cd"
    r"\U00013430-\U00013438\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
    r"\U000f0000-\U000ffffd\U00100000-\U0010fffd"
)
# OWASP ASVS 5.0, 1.2.10: what a spreadsheet reads as the beginning of a formula; the full-width forms too.
FORMULA = rf"^([\t\n\r]|[{UNSEEN}]*[=+@\uff1d\uff0b\uff0d\uff20-])"
DATES = {"YMD": "YYYY-MM-DD", "DMY": "DD/MM/YYYY", "MDY": "MM/DD/YYYY"}


def starts_a_formula(name: str) -> bool:
    """A name that finance matches cannot get a quote before it, and is refused instead."""
    return re.match(FORMULA, name.replace("\0", "")) is not None


def begins_a_formula(words: str) -> str:
    """The same, asked by the database."""
    return f"{words} ~ '{FORMULA}'"


def text(words: str, width: int = 0) -> str:
    """Free text: a first letter that would begin a formula gets a single quote before it; cut to its width after that."""
    safe = rf"regexp_replace({words}, '{FORMULA}', '''\1')"
    return f"left({safe}, {width})" if width else safe


def day(on: str, order: str, between: str = "/") -> str:
    return f"to_char({on}, '{DATES[order].replace('/', between)}')"


def amount(value: str) -> str:
    """Two decimals, a dot, no thousands mark, no currency."""
    return f"round({value}, 2)"


def plain(value: str) -> str:
    """A figure without the zeros that say nothing: 20, 17.5, 0."""
    return f"trim_scale({value})"
