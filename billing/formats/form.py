"""What a format is: its columns over a line, what it says when read back, what it needs, and what its importer can take."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Settings:
    """What the finance program of one company wants; a batch keeps them as they were. Taxes: our code → its name there."""

    date_order: str = ""
    byte_order_mark: bool = False
    account_code: str = ""
    item_name: str = ""
    tax_columns: bool = True
    invoices_per_file: int | None = None
    taxes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """What a row of a file says, with the signs of what is owed; None where the format does not say it."""

    number: str
    minutes: int | None
    net: Decimal
    tax: Decimal | None


@dataclass(frozen=True, slots=True)
class Need:
    """Lines that the importer could not take: where `missing` is true. `whose` names them, `do` says what to do."""

    missing: str
    whose: str
    do: str


@dataclass(frozen=True, slots=True)
class Form:
    title: str
    columns: Callable[[Settings], dict[str, str]]  # heading → SQL over a line of billing.formats.lines
    said: Callable[[Mapping[str, str]], Said]
    needs: Callable[[Settings], list[Need]]
    of_its_day: frozenset[str] = frozenset()  # headings of what is the customer's, and may change
    dates: tuple[str, ...] = ("YMD",)  # the first is what is written unless the settings say another
    invoices: int | None = None  # in one file, at most
    rows: int | None = None
    size: int | None = None  # bytes
    warning: str = ""  # what nobody can see from here, and finance should know before the first file
    credits_apart: bool = False  # the importer takes no negative amounts

    def order(self, settings: Settings) -> str:
        return settings.date_order or self.dates[0]

    def header(self, settings: Settings) -> bytes:
        mark = b"\xef\xbb\xbf" if settings.byte_order_mark else b""
        return mark + ",".join(self.columns(settings)).encode() + b"\r\n"
