"""Plain text of about 100 columns: headings, wrapped paragraphs, bullet lists and tables."""

from collections.abc import Iterable, Sequence
from textwrap import wrap

WIDTH = 100
GAP = "  "


def heading(title: str, mark: str = "") -> list[str]:
    return ["", title.upper() + mark, ""]


def paragraph(text: str, indent: str = "  ") -> list[str]:
    return wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def bullets(texts: Iterable[str], mark: str = "-") -> list[str]:
    """One entry each, its further lines set under its first word."""
    first = f"  {mark} "
    return [
        line
        for text in texts
        for line in wrap(
            text, WIDTH, initial_indent=first, subsequent_indent=" " * len(first), break_on_hyphens=False
        )
    ]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns as wide as they need to be, the widest giving way first; cells wrap inside their column."""
    widths = _widths(head, rows)
    lines = [_line(head, widths), _line(["-" * width for width in widths], widths)]
    for row in rows:
        cells = [
            wrap(cell, width, break_on_hyphens=False) or [""] for cell, width in zip(row, widths, strict=True)
        ]
        height = max(map(len, cells))
        padded = [cell + [""] * (height - len(cell)) for cell in cells]
        lines.extend(_line(parts, widths) for parts in zip(*padded, strict=True))
    return lines


def _widths(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    columns = list(zip(head, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    least = [max(len(word) for cell in column for word in cell.split(" ")) for column in columns]
    while sum(widths) + len(GAP) * len(widths) > WIDTH:
        shrinkable = [place for place, width in enumerate(widths) if width > least[place]]
        if not shrinkable:
            break
        widths[max(shrinkable, key=lambda place: widths[place])] -= 1
    return widths


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return ("  " + GAP.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))).rstrip()
