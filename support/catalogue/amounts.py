"""Amounts as a definition spells them: "48 business hours", "99.95 %", "250.00 USD". One spelling each, read strictly."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Self

from support.clocks.terms import Base


class Unit(StrEnum):
    SECONDS = "s"
    MINUTES = "min"
    HOURS = "h"
    DAYS = "days"
    BUSINESS_MINUTES = "business min"
    BUSINESS_HOURS = "business hours"
    BUSINESS_DAYS = "business days"


BUSINESS = {Unit.BUSINESS_MINUTES, Unit.BUSINESS_HOURS}
MINUTES = {
    Unit.MINUTES: 1,
    Unit.HOURS: 60,
    Unit.DAYS: 24 * 60,
    Unit.BUSINESS_MINUTES: 1,
    Unit.BUSINESS_HOURS: 60,
}
SINGULAR = {Unit.DAYS: "day", Unit.BUSINESS_HOURS: "business hour", Unit.BUSINESS_DAYS: "business day"}
SPELLED = {unit.value: unit for unit in Unit} | {word: unit for unit, word in SINGULAR.items()}


@dataclass(frozen=True, slots=True)
class Span:
    """An amount of time. Plain units are elapsed, 24×7; those with "business" count inside a calendar."""

    number: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Self:
        """ValueError unless the text is exactly how `str` would spell it: "1 business day", "2 business days"."""
        match = re.fullmatch(r"([1-9][0-9]{0,5}) ([a-z]+(?: [a-z]+)?)", text, re.ASCII)
        unit = SPELLED.get(match[2]) if match else None
        if match is None or unit is None:
            known = ", ".join(unit.value for unit in Unit)
            raise ValueError(f'"{text}" is not an amount of time; write a whole number and one of: {known}.')
        span = cls(int(match[1]), unit)
        if str(span) != text:
            raise ValueError(f'"{text}" is spelled "{span}".')
        return span

    @property
    def base(self) -> Base:
        if self.unit is Unit.BUSINESS_DAYS:
            return Base.BUSINESS_DAYS
        return Base.BUSINESS if self.unit in BUSINESS else Base.ELAPSED

    @property
    def amount(self) -> int:
        """Whole days for business days, else whole minutes; ValueError for seconds, which no clock counts."""
        if self.unit is Unit.BUSINESS_DAYS:
            return self.number
        if self.unit is Unit.SECONDS:
            raise ValueError(f"{self} is not a whole number of minutes.")
        return self.number * MINUTES[self.unit]

    @property
    def seconds(self) -> int:
        """Elapsed seconds; ValueError for business time, whose length depends on a calendar."""
        if self.base is not Base.ELAPSED:
            raise ValueError(f"{self} is not elapsed time.")
        return self.number if self.unit is Unit.SECONDS else self.amount * 60

    def __str__(self) -> str:
        one = SINGULAR.get(self.unit) if self.number == 1 else None
        return f"{self.number} {one or self.unit}"


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a hundred, above 0 and up to 100."""

    percent: Decimal

    @classmethod
    def parse(cls, text: str) -> Self:
        if not re.fullmatch(r"(?:0|[1-9][0-9]?|100)(?:\.[0-9]{1,4})? %", text, re.ASCII):
            raise ValueError(f'"{text}" is not a share; write it like "80 %" or "99.95 %".')
        percent = Decimal(text.removesuffix(" %"))
        if not 0 < percent <= 100:
            raise ValueError(f'"{text}" is not above 0 % and up to 100 %.')
        return cls(percent)

    def __str__(self) -> str:
        return f"{self.percent} %"


@dataclass(frozen=True, slots=True)
class Price:
    """An amount of money with its currency (ISO 4217), two decimals."""

    amount: Decimal
    currency: str

    @classmethod
    def parse(cls, text: str) -> Self:
        match = re.fullmatch(r"((?:0|[1-9][0-9]*)\.[0-9]{2}) ([A-Z]{3})", text, re.ASCII)
        if match is None:
            raise ValueError(f'"{text}" is not a price; write it like "250.00 USD".')
        return cls(Decimal(match[1]), match[2])

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
