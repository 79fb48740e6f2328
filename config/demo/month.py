"""A calendar month, and when it begins and ends in a zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Month:
    """Instants are of the zone that is asked for."""

    first: date

    @classmethod
    def before(cls, today: date) -> "Month":
        return cls((today.replace(day=1) - timedelta(days=1)).replace(day=1))

    @property
    def following(self) -> date:
        return (self.first + timedelta(days=32)).replace(day=1)

    def starts(self, zone: str) -> datetime:
        return datetime(self.first.year, self.first.month, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)

    def ends(self, zone: str) -> datetime:
        return datetime(self.following.year, self.following.month, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"
