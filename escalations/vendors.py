"""Cases with a distributor or with Microsoft: opened by the desk, told by the vendor, pressed only where he missed a target."""

import re
from datetime import datetime

from django.utils.translation import gettext as _

from billing.rules import ask
from escalations.models import Party, VendorCase, VendorEscalation, VendorStep
from escalations.models.vendor_cases import NUMBER, missed_clocks
from escalations.rules import must_be_said, verb
from support import timeline, versions
from support.actors import Actor
from support.catalogue.promises import Step
from support.clocks.terms import WaitReason
from support.models import ServiceVersion, Ticket, Visibility, Wait
from support.naming import is_said
from support.refusal import Refused, Stale

Kind = VendorStep.Kind
EVENTS = {
    Kind.ANSWERED: "case.answered",
    Kind.SEVERITY: "case.severity",
    Kind.ASKED: "case.asked_customer",
    Kind.DISPATCHED: "case.dispatched",
    Kind.CLOSED: "case.closed",
}
CONTACT = ["contact_name", "contact_email", "contact_phone"]
TOLD_TO_CUSTOMERS = {Kind.ANSWERED, Kind.DISPATCHED, Kind.CLOSED}


def definition_for(ticket: Ticket, party: str) -> ServiceVersion | None:
    """What a case of this party would run its clocks under: named by the ticket's service, in its newest version."""
    if party != Party.MICROSOFT or ticket.service is None:
        return None
    vendor = versions.definition(ticket.service).vendor
    return versions.latest(vendor.service) if vendor and vendor.service else None


def severities(service: ServiceVersion | None) -> list[Step]:
    """Most urgent first; none where no definition says what the vendor owes."""
    return sorted(versions.definition(service).priorities, key=lambda step: step.rank) if service else []


def barred(ticket: Ticket) -> str:
    """Why the desk may not open or press a Microsoft case on this ticket, from the service's list; "" where it may."""
    (item,) = ask("SELECT vendor_case_barred(%s)", ticket.pk)
    if item is None:
        return ""
    facts = {"number": ticket.number, "item": item}
    return _("The desk opens no Microsoft case on %(number)s. Not eligible there: “%(item)s”.") % facts


def done_sentence(ticket: Ticket) -> str:
    return _("Ticket %(number)s is done: reopen it before a case is opened on it.") % {
        "number": ticket.number
    }


def closed_sentence(case: VendorCase) -> str:
    return _("Case %(number)s is closed: open another one.") % {"number": case.number}


def plain_number(said: str) -> str:
    """A vendor's number without the blanks that people put into it; Refused where it is no number."""
    number = "".join(said.split())
    if not re.fullmatch(NUMBER, number, re.ASCII):
        raise Refused(
            _("Write the number alone: letters, digits and . _ : + / = # - between them."), "number"
        )
    return number


@verb
def open_case(
    ticket: Ticket,
    *,
    party: str,
    number: str,
    opened_at: datetime,
    opened_how: str,
    severity: str = "",
    contact_name: str = "",
    contact_email: str = "",
    contact_phone: str = "",
    waits: bool = False,
    by: Actor,
    at: datetime,
) -> VendorCase:
    """Record a case that the desk has opened. `opened_at` is claimed, `opened_how` says where it is known from.

    The vendor's clocks count from `at`, when it is written down. With `waits` the ticket waits for this vendor, and the wait
    names the case; one that is open already is taken. Under an engagement, or out of scope, none is opened with Microsoft.
    """
    ticket.lock()
    if not ticket.undone:
        raise Refused(done_sentence(ticket))
    if party == Party.MICROSOFT and (why := barred(ticket)):
        raise Refused(why, "party")
    service, number = definition_for(ticket, party), plain_number(number)
    _must_be_a_severity(service, severity)
    case = VendorCase(
        ticket=ticket,
        position=0,
        party=party,
        number=number,
        service=service,
        severity=severity,
        contact_name=contact_name,
        contact_email=contact_email,
        contact_phone=contact_phone,
        opened_at=opened_at,
        opened_how=opened_how,
        wait=_wait_for(ticket, party, number, by=by, at=at) if waits else None,
    )
    case.actor = by
    case.save(force_insert=True)
    case.refresh_from_db()
    pins = {"service": "", "calendars": {}}
    if service:
        reference = f"{service.code}@{service.version}"
        pins = {"service": reference, "calendars": versions.calendar_pins(service, ticket.contract)}
    told = {"claimed_at": case.opened_at, "source": opened_how, "severity": severity, **pins}
    _tell(case, "case.opened", by=by, at=at, **told)
    return case


@verb
def answered(
    case: VendorCase, *, claimed_at: datetime, how: str, text: str = "", by: Actor, at: datetime
) -> None:
    """The vendor's first answer: a person's. His clock stops at `at`; what was claimed stands beside it."""
    _step(case, Kind.ANSWERED, claimed_at=claimed_at, how=how, text=text, by=by, at=at)


@verb
def dispatched(
    case: VendorCase, *, claimed_at: datetime, how: str, text: str = "", by: Actor, at: datetime
) -> None:
    """Somebody of the vendor's is on site."""
    _step(case, Kind.DISPATCHED, claimed_at=claimed_at, how=how, text=text, by=by, at=at)


@verb
def asked(case: VendorCase, *, text: str, claimed_at: datetime, how: str, by: Actor, at: datetime) -> None:
    """The vendor asks the customer something; where his definition says so, the customer's time to answer runs."""
    must_be_said(text=text)
    _step(case, Kind.ASKED, claimed_at=claimed_at, how=how, text=text, by=by, at=at)


@verb
def noted(case: VendorCase, *, text: str, claimed_at: datetime, how: str, by: Actor, at: datetime) -> None:
    """A word of the vendor's that moves no clock."""
    must_be_said(text=text)
    _step(case, Kind.NOTED, claimed_at=claimed_at, how=how, text=text, by=by, at=at)


@verb
def change_severity(
    case: VendorCase, *, severity: str, text: str, claimed_at: datetime, how: str, by: Actor, at: datetime
) -> None:
    """Another severity, with the vendor's reason: his open clocks get its target from their old start."""
    must_be_said(text=text)
    _must_be_a_severity(case.service, severity)
    _step(case, Kind.SEVERITY, severity=severity, claimed_at=claimed_at, how=how, text=text, by=by, at=at)


@verb
def change_contact(
    case: VendorCase,
    *,
    contact_name: str,
    contact_email: str,
    contact_phone: str,
    was: str | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Somebody else at the vendor's has the case. Who he is stands on the case alone, so that it can be blanked.

    `was` is what `contact_of` said as it was written; Stale where that is somebody else by now.
    """
    case.ticket.lock()
    case.refresh_from_db(fields=CONTACT)
    now = contact_of(case)
    if [contact_name, contact_email, contact_phone] == [getattr(case, name) for name in CONTACT]:
        return  # it is so already
    if was not in (None, now):
        raise Stale(
            _("Somebody else has written “%(now)s” here meanwhile: send yours again if it is right.")
            % {"now": now or _("nobody")}
        )
    _step(case, Kind.CONTACT, claimed_at=at, how="", by=by, at=at)
    case.contact_name, case.contact_email, case.contact_phone = contact_name, contact_email, contact_phone
    case.save(update_fields=CONTACT)


def contact_of(case: VendorCase) -> str:
    """Who has the case at the vendor's, with his ways, in a line."""
    return " · ".join(said for name in CONTACT if (said := getattr(case, name)))


@verb
def close(case: VendorCase, *, text: str, claimed_at: datetime, how: str, by: Actor, at: datetime) -> None:
    """Over, with how it ended: what still runs of it is cancelled, and the ticket waits no more for this case."""
    must_be_said(text=text)
    _step(case, Kind.CLOSED, claimed_at=claimed_at, how=how, text=text, by=by, at=at)
    wait = Wait.objects.filter(pk=case.wait_id, ended_at=None).select_related("ticket").first()
    if wait and not VendorCase.objects.unclosed().filter(wait=wait).exists():
        wait.end(by=by, at=max(at, case.ticket.changed_at))


@verb
def escalate(case: VendorCase, *, reason: str, by: Actor, at: datetime) -> VendorEscalation:
    """Press the case with the vendor, because of the target that he missed last. Refused where he missed none."""
    case.ticket.lock()
    if not is_said(reason):
        raise Refused(_("Write why: escalations are used selectively."), "reason")
    if case.party == Party.MICROSOFT and (why := barred(case.ticket)):
        raise Refused(why)
    clock = missed(case, at).order_by("due_at", "position").last()
    if clock is None:
        facts = {"vendor": case.get_party_display()}
        raise Refused(
            _("%(vendor)s has missed no target of this case: there is nothing to escalate.") % facts
        )
    row = VendorEscalation(case=case, clock=clock.key, reason=reason.strip())
    row.actor = by
    row.save(force_insert=True)
    row.refresh_from_db()
    _tell(case, "case.escalated", by=by, at=at, visibility=Visibility.INTERNAL, severity=row.severity)
    return row


def missed(case: VendorCase, at: datetime):
    """The vendor's own clocks of this case that he missed: late, or still not stopped. Not by another severity's target."""
    return missed_clocks(at).filter(ticket=case.ticket_id, subject_id=case.pk)


def _step(case: VendorCase, kind: str, *, by: Actor, at: datetime, **said) -> VendorStep:
    case.ticket.lock()
    row = VendorStep(case=case, kind=kind, **said)
    row.actor = by
    row.save(force_insert=True)
    case.refresh_from_db(fields=["state", "severity", "wait"])
    facts = {"severity": case.severity, "claimed_at": row.claimed_at, "source": row.how}
    if kind == Kind.ASKED:
        facts = {"question": row.pk, "happened_at": row.claimed_at}
    hidden = Visibility.CUSTOMER if kind in TOLD_TO_CUSTOMERS else Visibility.INTERNAL
    _tell(case, EVENTS.get(kind, "case.noted"), by=by, at=at, visibility=hidden, **facts)
    return row


def _tell(
    case: VendorCase, kind: str, *, by: Actor, at: datetime, visibility: str = Visibility.CUSTOMER, **facts
) -> None:
    """`source` among the facts says how a time is known; the event's own source is the desk."""
    named = {} if "question" in facts else {"vendor": case.party, "number": case.number}
    entry = timeline.Entry(
        kind=kind,
        by=by,
        at=max(at, case.ticket.changed_at),
        subject=case.subject,
        visibility=visibility,
        facts={**named, **facts},
    )
    timeline.record_all(case.ticket, [entry])


def _must_be_a_severity(service: ServiceVersion | None, severity: str) -> None:
    known = [step.code for step in severities(service)]
    if known and severity not in known:
        raise Refused(_("Choose one of the vendor’s severities."), "severity")
    if not known and severity:
        raise Refused(_("Nothing says what severities this vendor has: leave it empty."), "severity")


def _wait_for(ticket: Ticket, party: str, number: str, *, by: Actor, at: datetime) -> Wait:
    open_one = Wait.objects.filter(ticket=ticket, reason=WaitReason.VENDOR, ended_at=None).first()
    awaited = _("%(vendor)s, case %(number)s") % {"vendor": Party(party).label, "number": number}
    at = max(at, ticket.changed_at)
    return open_one or Wait.begin(ticket, reason=WaitReason.VENDOR, awaited=awaited[:200], by=by, at=at)
