"""A month of one customer: it begins and ends at midnight in his zone."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from support.refusal import Refused

FIRST_YEAR, LAST_YEAR = 2000, 2199


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """`since` where it begins otherwise than at midnight: its customer had another zone as the month before ended."""

    year: int
    month: int
    zone: ZoneInfo
    since: datetime | None = field(default=None, compare=False)

    @classmethod
    def of(cls, at: datetime, zone: ZoneInfo) -> "Month":
        """The month in which an instant lies, in this zone."""
        local = at.astimezone(zone)
        return cls(local.year, local.month, zone)

    @classmethod
    def read(cls, text: str, zone: ZoneInfo) -> "Month":
        """ "2026-10" as a month; Refused with the sentence why it is none."""
        match = re.fullmatch(r"(\d{4})-(\d{2})", text, re.ASCII)
        if match is None or not 1 <= int(match[2]) <= 12 or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
            raise Refused(_("“%(text)s” is not a month; write one such as 2026-10.") % {"text": text[:20]})
        return cls(int(match[1]), int(match[2]), zone)

    def begun(self, at: datetime) -> "Month":
        """Itself; Refused where it begins after this instant."""
        if self.start > at:
            raise Refused(
                _("%(month)s has not begun: there is nothing to review yet.") % {"month": self.label}
            )
        return self

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def start(self) -> datetime:
        """Its first instant, in UTC."""
        return self.since or datetime(self.year, self.month, 1, tzinfo=self.zone).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The first instant of the next month, in UTC."""
        following = self.back(-1)
        return datetime(following.year, following.month, 1, tzinfo=self.zone).astimezone(UTC)

    @property
    def label(self) -> str:
        """ "October 2026"."""
        return date_format(self.first_day, "F Y")

    def back(self, months: int) -> "Month":
        """So many months earlier; later where negative."""
        place = self.year * 12 + self.month - 1 - months
        return Month(place // 12, place % 12 + 1, self.zone)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"
