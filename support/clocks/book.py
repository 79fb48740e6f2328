"""The versions of services and calendars that a ticket's events name."""

from collections.abc import Mapping

from support.clocks.calendar import ALWAYS_OPEN, BusinessCalendar
from support.clocks.terms import ClockKind, ServiceTerms, WaitReason

AROUND_THE_CLOCK = "24x7"  # the one calendar that every book holds


class NotInBook(LookupError):
    """An event names a version that this book does not hold."""


def reference(name: str, version: int) -> str:
    """How facts name a version: "uk-business@2"."""
    return f"{name}@{version}"


class Book:
    """Services by (code, version) and calendars by (name, version); both are asked for by reference."""

    __slots__ = ("_calendars", "_services")

    def __init__(
        self,
        services: Mapping[tuple[str, int], ServiceTerms],
        calendars: Mapping[tuple[str, int], BusinessCalendar],
    ) -> None:
        for terms in services.values():
            if terms.on_priority_change != "replace":
                raise ValueError(
                    f"{terms.code}: on_priority_change {terms.on_priority_change!r} is not known"
                )
        self._services = {reference(*key): terms for key, terms in services.items()}
        self._calendars = {reference(*key): calendar for key, calendar in calendars.items()}
        self._calendars[AROUND_THE_CLOCK] = ALWAYS_OPEN

    def joined(self, other: "Book") -> "Book":
        """One that holds what either holds."""
        both = Book({}, {})
        both._services = {**self._services, **other._services}
        both._calendars = {**self._calendars, **other._calendars}
        return both

    def service(self, ref: str) -> ServiceTerms:
        try:
            return self._services[ref]
        except KeyError:
            raise NotInBook(f"the book holds no service {ref!r}") from None

    def stops(self, ref: str, kind: ClockKind) -> frozenset[WaitReason]:
        """The waits that stop such a clock under this service; none where there is no service."""
        return self.service(ref).stopped_by.get(kind, frozenset()) if ref else frozenset()

    def calendar(self, ref: str) -> BusinessCalendar:
        try:
            return self._calendars[ref]
        except KeyError:
            raise NotInBook(f"the book holds no calendar {ref!r}") from None
