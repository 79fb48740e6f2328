"""Opening a ticket: its contract is chosen and said why, its priority is what its service allows, its clocks start."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from support import folding, timeline, versions
from support.actors import Actor, ActorKind
from support.catalogue.definition import Definition
from support.catalogue.promises import Party
from support.clocks.events import Event, SubjectRef
from support.clocks.fold import fold
from support.clocks.instance import ClockInstance
from support.clocks.terms import Subject
from support.desk import attaching
from support.mail.outbox import one_line
from support.models.contracts import Contract, Product
from support.models.customers import Customer
from support.models.files import Visibility
from support.models.messages import Message
from support.models.people import Contact, User
from support.models.tickets import Channel, Ticket
from support.refusal import Refused


@dataclass(frozen=True, slots=True)
class Choice:
    """The contract that a ticket falls under, or None, and the reason in a sentence."""

    contract: Contract | None
    reason: str


def choose_contract(
    customer: Customer, product: Product | None, at: datetime, named: Contract | None = None
) -> Choice:
    """The contract in force that day, in the customer's zone. Two that fit is a question to the agent, never a guess.

    Raises Refused beside the field `contract` when several fit and none is named, or when the named one does not fit.
    """
    on = day_of(customer, at)
    fitting = list(
        Contract.objects.covering(customer, product, on).select_related(
            "support_service", "engagement_service"
        )
    )
    if named is not None:
        if named not in fitting:
            raise Refused(
                _("Contract %(number)s is not in force for this on %(day)s.")
                % {"number": named.number, "day": _said(on)},
                "contract",
            )
        return Choice(
            named,
            _("Chosen by the agent among %(count)s in force on %(day)s.")
            % {"count": len(fitting), "day": _said(on)},
        )
    if len(fitting) > 1:
        numbers = ", ".join(contract.number for contract in fitting)
        raise Refused(
            _("Several contracts are in force: %(numbers)s. Choose the one this falls under.")
            % {"numbers": numbers},
            "contract",
        )
    if not fitting:
        what = f" {product}" if product else ""
        return Choice(
            None,
            _("No contract for %(customer)s%(what)s was in force on %(day)s.")
            % {"customer": customer, "what": what, "day": _said(on)},
        )
    return Choice(fitting[0], _("The only one in force on %(day)s.") % {"day": _said(on)})


def day_of(customer: Customer, at: datetime) -> date:
    """The customer's own day at that instant: contracts begin and end by it."""
    return at.astimezone(ZoneInfo(customer.time_zone)).date()


def _said(day: date) -> str:
    return date_format(day, "j F Y")


@dataclass(frozen=True, slots=True)
class Level:
    """The priority that holds at opening, what was claimed, and why they differ where they do."""

    code: str
    rank: int = 99
    claimed: str = ""
    why: str = ""


def level_at_opening(definition: Definition, claimed: str, channel: str, party: Party) -> Level:
    """What a claim is worth: who may declare the level and by which channel stands in the definition.

    An unknown code raises Refused beside the field `priority`.
    """
    steps = {step.code: step for step in definition.priorities}
    default, held = (
        definition.assessment.default,
        definition.assessment.not_agreed or definition.assessment.default,
    )
    if not claimed:
        return Level(
            default, steps[default].rank, why=_("Nobody named one: %(code)s holds.") % {"code": default}
        )
    if claimed not in steps:
        raise Refused(
            _("%(service)s has no priority %(code)s.") % {"service": definition.name, "code": claimed},
            "priority",
        )
    step = steps[claimed]
    if party not in step.declared_by:
        why = _("%(name)s is declared by the provider only: %(code)s holds.") % {
            "name": step.name,
            "code": held,
        }
    elif step.channels and channel not in step.channels:
        by = _(" or ").join(f"{dict(Channel.choices)[allowed]}".lower() for allowed in step.channels)
        why = _("%(claimed)s is taken by %(by)s only: %(code)s holds until the customer calls.") % {
            "claimed": claimed,
            "by": by,
            "code": held,
        }
    else:
        return Level(claimed, step.rank)
    return Level(held, steps[held].rank, claimed, why)


@transaction.atomic
def open_ticket(
    *,
    customer: Customer,
    title: str,
    text: str,
    channel: str,
    by: Actor,
    at: datetime,
    contact: Contact | None = None,
    product: Product | None = None,
    deployment: str = "",
    contract: Contract | None = None,
    priority: str = "",
    owner: User | None = None,
    uploads: Iterable = (),
) -> Ticket:
    """Raise a ticket: the contract is chosen, the claimed priority judged, the clocks of its service started.

    Without a contract in force it is *uncovered* and has no clocks; the scope form comes first. Raises Refused.
    """
    choice = choose_contract(customer, product, at, contract)
    service = choice.contract.support_service if choice.contract else None
    level = Level("")
    if service is not None:
        party = Party.CUSTOMER if by.kind == ActorKind.CONTACT else Party.PROVIDER
        level = level_at_opening(versions.definition(service), priority, channel, party)
    ticket = Ticket(
        title=one_line(title),
        customer=customer,
        raised_by=contact,
        contract=choice.contract,
        contract_reason=choice.reason[:300],
        service=service,
        product=product,
        deployment=deployment or _deployment(choice.contract, product),
        channel=channel,
        covered=choice.contract is not None,
        priority=level.code,
        rank=level.rank,
        owner=owner,
        opened_at=at,
        changed_at=at,
    )
    ticket.save(force_insert=True)
    files = attaching.take(ticket, uploads, visibility=Visibility.CUSTOMER, by=by, at=at)
    words = Message.first(ticket, text, contact=contact, files=files, by=by, at=at)
    timeline.record(
        ticket, "ticket.opened", by=by, at=at, **opening_facts(ticket, level.code), message=words.pk
    )
    if level.claimed:
        timeline.record(ticket, "priority.claimed", by=by, at=at, level=level.claimed, channel=channel)
    return ticket


def opening_facts(ticket: Ticket, level: str) -> dict:
    """The facts of `ticket.opened`: what its clocks run under, pinned at their versions."""
    service = ticket.service
    return {
        "channel": ticket.channel,
        "product": ticket.product.code if ticket.product else "",
        "deployment": ticket.deployment or None,
        "contract": ticket.contract_id,
        "service": f"{service.code}@{service.version}" if service else "",
        "calendars": versions.calendar_pins(service, ticket.contract) if service else {},
        "covered": ticket.covered and service is not None,
        "priority": level,
    }


def preview(contract: Contract, level: str, at: datetime) -> list[ClockInstance]:
    """The clocks that a ticket under this contract would start at `at` with this level. Writes nothing."""
    ticket = Ticket(
        customer=contract.holder,
        contract=contract,
        service=contract.support_service,
        channel=Channel.PHONE,
        deployment=_deployment(contract, None),
    )
    facts = timeline.plain("ticket.opened", opening_facts(ticket, level))
    subject = SubjectRef(Subject.TICKET, 0)
    event = Event(
        seq=1,
        kind="ticket.opened",
        version=timeline.VERSION,
        subject=subject,
        at=at,
        facts=facts,
        actor=ActorKind.SYSTEM,
    )
    return fold(folding.book_for([event]), [event], at)


def _deployment(contract: Contract | None, product: Product | None) -> str:
    """Where the contract says it runs; empty when it says both or nothing."""
    if contract is None:
        return ""
    lines = contract.lines.filter(product=product) if product else contract.lines.all()
    found = set(lines.values_list("deployment", flat=True))
    return found.pop() if len(found) == 1 else ""
