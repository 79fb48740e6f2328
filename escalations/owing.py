"""Which major incident reports are owed and by when: written down once what its service asks one of is over, dated anew after a return."""

import logging
from collections.abc import Iterable
from contextlib import nullcontext, suppress
from datetime import datetime, timedelta

from django.db import IntegrityError
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from escalations.models import IncidentReport, Outage, OutageState, OutageTicket
from escalations.rules import verb
from support import versions
from support.apart import One, apart
from support.catalogue.upward import After
from support.catalogue.upward import IncidentReport as Terms
from support.clocks.calendar import HolidaysUnknown, NeverOpen
from support.clocks.terms import Base
from support.models import CalendarVersion, Channel, Contract, Outcome, ServiceVersion, Ticket, TicketState
from support.refusal import Refused

logger = logging.getLogger(__name__)
SOLVED = (Outcome.RESOLVED, Outcome.RESTORED, Outcome.WORKAROUND)


def owe(at: datetime) -> int:
    """Write down each report that an end until `at` has brought about and that is not there yet, and date anew what is not
    issued and whose ticket has ended anew; answers how many.

    What was imported is history: nobody waits for a report of it.
    """
    made = 0
    with apart("Reports of these are not looked at") as one:
        asked = _asked(one)
        speaks = Q(pk__in=[])
        for service, terms in asked:
            speaks |= Q(outage__service=service, outage__priority__in=terms.owed(After.OUTAGE))
        for service, terms in asked:
            with one():
                made += _brought_about(service, terms, speaks, at)
    return made


def _brought_about(service: ServiceVersion, terms: Terms, speaks: Q, at: datetime) -> int:
    made = 0
    for outage in _over(service, terms, at):
        made += _owed(service, terms, None, outage.notices.get(kind="resolution").at, outage=outage)
    for ticket in _solved(service, terms, speaks, at):
        made += _owed(service, terms, ticket.contract, ticket.done_at, ticket=ticket)
    for report in _ended_anew(service):
        made += _dated(report, service, terms)
    return made


def _asked(one: One = nullcontext) -> list[tuple[ServiceVersion, Terms]]:
    """The versions that ask a report, and what they say of it; each is read within a `one()`."""
    asked = []
    for service in ServiceVersion.objects.filter(data__has_key="report").defer("source").order_by("pk"):
        with one():
            if terms := versions.definition(service).report:
                asked.append((service, terms))
    return asked


def _over(service: ServiceVersion, terms: Terms, at: datetime) -> QuerySet[Outage]:
    known = terms.owed(After.OUTAGE)
    found = Outage.objects.filter(service=service, priority__in=known, state=OutageState.CLOSED, report=None)
    return found.filter(notices__kind="resolution", notices__at__lte=at)


def _solved(service: ServiceVersion, terms: Terms, speaks: Q, at: datetime) -> QuerySet[Ticket]:
    """An outage that owes one of its own, by its own version, speaks for the tickets that it is behind."""
    behind = OutageTicket.objects.filter(speaks, ticket=OuterRef("pk"))
    return (
        Ticket.objects.filter(
            ~Exists(behind),
            service=service,
            priority__in=terms.owed(After.TICKET),
            state__in=[TicketState.RESOLVED, TicketState.CLOSED],
            outcome__in=SOLVED,
            done_at__lte=at,
            report=None,
        )
        .exclude(channel=Channel.IMPORT)
        .select_related("contract")
    )


def _owed(
    service: ServiceVersion, terms: Terms, contract: Contract | None, ended_at: datetime, **subject
) -> bool:
    """Of two jobs at once the second finds it there; what came back in between owes nothing now."""
    try:
        due_at = due(service, terms, contract, ended_at)
        _write_down(IncidentReport(due_at=due_at, **subject))
    except (Refused, IntegrityError):
        return False
    except (HolidaysUnknown, NeverOpen):  # of this one alone; it is asked again in a minute
        logger.exception("No report is written down of %s", next(iter(subject.values())))
        return False
    return True


def _ended_anew(service: ServiceVersion) -> QuerySet[IncidentReport]:
    found = IncidentReport.objects.unissued().filter(
        ticket__service=service, ticket__done_at__gt=F("ended_at")
    )
    return found.select_related("ticket__contract")


def _dated(report: IncidentReport, service: ServiceVersion, terms: Terms) -> bool:
    """Of two jobs at once the second finds it dated."""
    try:
        _date(report, due(service, terms, report.ticket.contract, report.ticket.done_at))
    except (Refused, IntegrityError):
        return False
    except (HolidaysUnknown, NeverOpen):
        logger.exception("%s is not dated anew", report.number)
        return False
    return True


@verb
def _date(report: IncidentReport, due_at: datetime) -> None:
    IncidentReport.objects.filter(pk=report.pk).update(due_at=due_at)


@verb
def _write_down(row: IncidentReport) -> None:
    row.save(force_insert=True)


def due(service: ServiceVersion, terms: Terms, contract: Contract | None, ended_at: datetime) -> datetime:
    """So long after the end as the service says; days and hours of business in the contract's version of the calendar."""
    if terms.within.base is Base.ELAPSED:
        return ended_at + timedelta(minutes=terms.within.amount)
    return _counted(terms, versions.calendar_pins(service, contract)[terms.calendar], ended_at)


def _counted(terms: Terms, reference: str, ended_at: datetime) -> datetime:
    calendar = versions.book([], [reference]).calendar(reference)
    if terms.within.base is Base.BUSINESS_DAYS:
        return calendar.due_business_days(ended_at, terms.within.amount)
    return calendar.due(ended_at, terms.within.amount)


def misdated() -> list[tuple[str, datetime]]:
    """Reports that are due at an instant which their service does not give, in no version of any calendar.

    Where it asks for none any more, at one that no service gives.
    """
    known = {service.pk: terms for service, terms in _asked()}
    every = list(known.values())
    references = [f"{row.name}@{row.version}" for row in CalendarVersion.objects.only("name", "version")]
    of = Coalesce("outage__service", "ticket__service")
    rows = IncidentReport.objects.order_by("pk").values_list("number", "ended_at", "due_at", of)
    return [
        row[:-1]
        for row in rows
        if not _is_a_due_time(*row[1:3], [known[row[3]]] if row[3] in known else every, references)
    ]


def _is_a_due_time(
    ended_at: datetime, due_at: datetime, every: Iterable[Terms], references: list[str]
) -> bool:
    elapsed = [terms.within for terms in every if terms.within.base is Base.ELAPSED]
    if any(due_at == ended_at + timedelta(minutes=span.amount) for span in elapsed):
        return True
    for terms in every:
        for reference in references if terms.within.base is not Base.ELAPSED else ():
            with suppress(HolidaysUnknown, NeverOpen):
                if due_at == _counted(terms, reference, ended_at):
                    return True
    return False


def terms_of(report: IncidentReport) -> Terms | None:
    """What its service says of it."""
    service = report.subject.service_id
    return versions.definition(versions.stored(service)).report if service else None


def date_by_the_last_end(report: IncidentReport) -> None:
    """The job that does it may not have run yet."""
    terms = terms_of(report)
    for anew in _ended_anew(report.subject.service).filter(pk=report.pk) if terms else ():
        try:
            due_at = due(report.subject.service, terms, anew.ticket.contract, anew.ticket.done_at)
        except (HolidaysUnknown, NeverOpen):
            raise Refused(
                _("The calendar of this service is not known that far: a manager extends it first.")
            ) from None
        _date(report, due_at)
        report.refresh_from_db(fields=["ended_at", "due_at"])
