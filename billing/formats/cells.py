"""Cells of a CSV for finance: text never starts a formula, figures stay figures."""

import csv
import io
import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

# OWASP ASVS 5.0, 1.2.10: what a spreadsheet reads as the beginning of a formula; the full-width forms too.
FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")


def text(words: str) -> str:
    """Free text: a first letter that would begin a formula gets a single quote before it."""
    words = words.replace("\0", "")
    return f"'{words}" if starts_a_formula(words) else words


def starts_a_formula(name: str) -> bool:
    """Whatever is not seen before the sign: a name that finance matches cannot get a quote, and is refused instead."""
    seen = next(
        (place for place, letter in enumerate(name) if unicodedata.category(letter)[0] not in "CZ"), len(name)
    )
    return name.startswith(FORMULA) or name[seen:].startswith(FORMULA)


def day(on: date | None) -> str:
    return on.isoformat() if on else ""


def amount(value: Decimal) -> str:
    """Two decimals, a dot, no thousands mark, no currency."""
    return f"{value:.2f}"


def plain(value: Decimal) -> str:
    """A figure without the zeros that say nothing: 20, 17.5, 0."""
    return f"{value.normalize():f}" if value else "0"


def hours(minutes: int) -> Decimal:
    """Four decimals, half up."""
    return (Decimal(minutes) / 60).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def document(header: list[str], rows: Iterable[list[str]]) -> bytes:
    """UTF-8 without a byte-order mark, commas, CRLF, quotes as RFC 4180 has them."""
    written = io.StringIO(newline="")
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow(header)
    lines.writerows(rows)
    return written.getvalue().encode()
