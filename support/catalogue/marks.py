"""Marks in a printed definition: a letter for the section a figure stands in, a number for the reading behind it."""

import re
from collections.abc import Mapping, Sequence
from string import ascii_lowercase

from support.catalogue.definition import Definition
from support.catalogue.notes import Reading

HARD_SPACE = "\N{NO-BREAK SPACE}"


class Marks:
    """Letters follow the order of the document's sections, by their printed numbers; numbers that of the readings."""

    def __init__(self, definition: Definition) -> None:
        sections = definition.document.sections
        in_order = sorted(sections, key=lambda key: _order(sections[key]))
        self.sections: Mapping[str, str] = {key: _letter(place) for place, key in enumerate(in_order)}
        self.readings: Mapping[str, str] = _numbered(definition.readings)

    def of(self, section: str = "", reading: str = "") -> str:
        """Such as "[c r2]", with a space before it and a hard one inside; empty when there is neither."""
        marks = [self.sections.get(section, ""), self.readings.get(reading, "")]
        return f" [{HARD_SPACE.join(filter(None, marks))}]" if any(marks) else ""


def _order(title: str) -> tuple[list[int], str]:
    """ "3.4 Maintenance" comes before "10 Remote Access"."""
    number = re.match(r"[0-9.]*", title)
    return [int(part) for part in (number[0] if number else "").split(".") if part], title


def _letter(place: int) -> str:
    """a to z, then aa, ab …"""
    more, rest = divmod(place, len(ascii_lowercase))
    return (ascii_lowercase[more - 1] if more else "") + ascii_lowercase[rest]


def _numbered(readings: Sequence[Reading]) -> dict[str, str]:
    return {reading.key: f"r{number}" for number, reading in enumerate(readings, start=1)}
