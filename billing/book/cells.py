"""What a cell of the book says: text into values, strictly. ISO dates, decimals with a point, yes or no."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings

from support.desk.csv_log import Unreadable

YES, NO = ("yes", "true", "1"), ("no", "false", "0")
LONGEST = 1000  # letters of a cell; of one with several lines a hundred times that


def text(cell: str) -> str:
    if not cell.isprintable():
        raise Unreadable("has letters that nobody can read")
    return cell


def lines(cell: str) -> str:
    """Text of several lines."""
    if any(unicodedata.category(each) in ("Cc", "Cs", "Co", "Cn") and each not in "\r\n\t" for each in cell):
        raise Unreadable("has letters that nobody can read")
    return cell


def yes_or_no(cell: str) -> bool:
    if cell.lower() not in YES + NO:
        raise Unreadable("is yes or no")
    return cell.lower() in YES


def day(cell: str) -> date:
    """A calendar day between 1970 and 2100, as 2026-10-31."""
    try:
        found = date.fromisoformat(cell) if re.fullmatch(r"\d{4}-\d\d-\d\d", cell, re.ASCII) else None
    except ValueError:
        found = None
    if found is None or found.year not in range(1970, 2101):
        raise Unreadable("is not a day; write one such as 2026-10-31")
    return found


def amount(cell: str) -> Decimal:
    """A decimal with a point and no mark between thousands; how many places the model says."""
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", cell, re.ASCII):
        raise Unreadable("is not a figure; write one such as 1250.00, with a point and without a currency")
    return Decimal(cell)


def whole(cell: str) -> int:
    if not re.fullmatch(r"\d{1,4}", cell, re.ASCII):
        raise Unreadable("is not a whole number")
    return int(cell)


def language(cell: str) -> str:
    return one_of([code for code, _name in settings.LANGUAGES])(cell)


def one_of(choices: Sequence[str]) -> Callable[[str], str]:
    def reads(cell: str) -> str:
        if cell not in choices:
            raise Unreadable(f"is not one of: {', '.join(choices)}")
        return cell

    return reads


@dataclass(frozen=True, slots=True)
class Column:
    """`needed` stands in every header and is never empty. `blank` is what an empty cell says; without it, nothing is said."""

    name: str
    sample: str = ""
    reads: Callable[[str], object] = text
    needed: bool = False
    blank: object = ...

    def value(self, cell: str) -> object:
        """What the cell says; `...` where it says nothing. Raises Unreadable with the column's name."""
        if not cell:
            if self.needed:
                raise Unreadable(f"{self.name} is empty")
            return self.blank
        most = LONGEST * 100 if self.reads is lines else LONGEST
        if len(cell) > most:
            raise Unreadable(f"{self.name} has more than {most} letters")
        try:
            return self.reads(cell)
        except Unreadable as reason:
            shown = "".join(each if each.isprintable() else "?" for each in cell[:40])
            raise Unreadable(f"{self.name} {shown} {reason}") from None
