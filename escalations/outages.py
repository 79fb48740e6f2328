"""Outages: declared by the desk for the contracts they hit, resolved, validated; whom they may hit, and under which priorities."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from escalations.models import DueNotice, Outage, OutageContract, OutageStep, OutageTicket
from escalations.rules import must_be_seen, verb
from support import timeline, versions
from support.actors import Actor
from support.catalogue.definition import Definition
from support.catalogue.promises import Measure, Party, Step
from support.catalogue.upward import Cadence
from support.mail.outbox import one_line
from support.models import Contract, Product, ServiceVersion, Ticket
from support.refusal import Refused, Stale

Kind = OutageStep.Kind


@dataclass(frozen=True, slots=True)
class Scope:
    """What an outage can be declared for: a service, or one product under it, with the contracts that it may hit."""

    code: str
    product: Product | None
    contracts: list[Contract] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.code}:{self.product.pk}" if self.product else self.code

    @property
    def label(self) -> str:
        name = self.contracts[0].support_service.name
        return f"{name}: {self.product}" if self.product else name

    @property
    def steps(self) -> list[Step]:
        """The priorities of an outage, most urgent first, as the newest version that is pinned has them."""
        newest = max((contract.support_service for contract in self.contracts), key=lambda s: s.version)
        definition = versions.definition(newest)
        return sorted(
            (step for step in definition.priorities if is_outage(definition, step)),
            key=lambda step: step.rank,
        )


def cadence(definition: Definition, priority: str) -> Cadence | None:
    """How soon and how often an outage of this priority is told; None where the service says nothing of it."""
    known = definition.outage.cadence if definition.outage else ()
    return next((each for each in known if each.priority == priority), None)


def is_outage(definition: Definition, step: Step) -> bool:
    """Whether something of this priority is an outage: its service has a cadence for it, or, having none at all, promises
    availability and knows nothing more urgent. Only what the provider may declare."""
    if Party.PROVIDER not in step.declared_by:
        return False
    if definition.outage:
        return cadence(definition, step.code) is not None
    counts = any(aim.measure is Measure.AVAILABILITY for aim in definition.objectives)
    return counts and step.rank == 1


def scopes(at: datetime) -> list[Scope]:
    """Every service with an outage's priority that a contract in force pins, and each product under it; three queries."""
    found: dict[str, Scope] = {}
    for contract in _in_force(at):
        definition = versions.definition(contract.support_service)
        if not any(is_outage(definition, step) for step in definition.priorities):
            continue
        code, products = definition.code, {line.product.pk: line.product for line in contract.lines.all()}
        for product in (None, *products.values()):
            scope = Scope(code, product)
            found.setdefault(scope.key, scope).contracts.append(contract)
    return sorted(found.values(), key=lambda scope: scope.label)


def closed_sentence(outage: Outage) -> str:
    return _("%(number)s is closed: its resolution notification has gone out.") % {"number": outage.number}


def turn_sentence(outage: Outage) -> str:
    facts = {"number": outage.number, "state": outage.get_state_display().lower()}
    return _("%(number)s is %(state)s: it is resolved first, then validated, then told.") % facts


def contents(outage: Outage) -> list[str]:
    """What a notice says, as the service lists it."""
    told = versions.definition(versions.stored(outage.service_id)).outage
    return [item.text for item in told.contents] if told else []


def next_after(outage: Outage, at: datetime) -> datetime | None:
    """When the next notice is due where one is sent now."""
    told = cadence(versions.definition(versions.stored(outage.service_id)), outage.priority)
    return at + timedelta(minutes=told.every.amount) if told else None


def owed(outage: Outage) -> DueNotice | None:
    """The notice that is owed next; None where none is."""
    return outage.dues.filter(notice=None).order_by("position").first() if not outage.closed else None


def bridge(outage: Outage) -> OutageStep | None:
    """The newest one: the call that holds."""
    return outage.steps.filter(kind=Kind.BRIDGE).order_by("-id").first()


def scope(key: str, at: datetime) -> Scope | None:
    return next((each for each in scopes(at) if each.key == key), None)


def _in_force(at: datetime) -> Iterable[Contract]:
    nominated = Q(holder__contacts__active=True, holder__contacts__nominated_for_outages=True)
    contracts = (
        Contract.objects.filter(support_service__isnull=False, holder__active=True)
        .select_related("holder", "support_service")
        .prefetch_related("lines__product")
        .annotate(designated=Count("holder__contacts", filter=nominated, distinct=True))
        .order_by("holder__name", "number")
    )
    for contract in contracts:
        today = at.astimezone(ZoneInfo(contract.holder.time_zone)).date()
        if contract.starts_on <= today and (contract.ends_on is None or today <= contract.ends_on):
            yield contract


@verb
def declare(
    contracts: Sequence[Contract],
    *,
    product: Product | None,
    priority: str,
    title: str,
    began_at: datetime,
    tickets: Sequence[Ticket] = (),
    by: Actor,
    at: datetime,
) -> Outage:
    """An outage of this priority under these contracts, with the tickets that it is behind.

    `began_at` is as it is known; the first notice is owed from `at` on.
    """
    if not contracts:
        raise Refused(_("Choose at least one contract that it hits."), "contracts")
    must_be_seen(title=title)
    row = Outage(
        service=_strictest(contracts, priority),
        priority=priority,
        product=product,
        title=one_line(title),
        began_at=began_at,
    )
    row.actor = by
    row.save(force_insert=True)
    hit = [OutageContract(outage=row, contract=contract) for contract in contracts]
    for each in hit:
        each.actor = by
    OutageContract.objects.bulk_create(hit)
    row.refresh_from_db()
    link(row, tickets, by=by, at=at)
    return row


def soonest(contracts: Sequence[Contract], priority: str) -> Cadence | None:
    """How an outage under these contracts would be told."""
    return cadence(versions.definition(_strictest(contracts, priority)), priority)


def _strictest(contracts: Sequence[Contract], priority: str) -> ServiceVersion:
    """Of the versions that these contracts pin, the one that asks to be told most often."""

    def asks(service: ServiceVersion) -> tuple[float, float]:
        told = cadence(versions.definition(service), priority)
        return (told.every.amount, told.first.amount) if told else (inf, inf)

    return min({contract.support_service for contract in contracts}, key=lambda s: (*asks(s), -s.version))


@verb
def link(outage: Outage, tickets: Sequence[Ticket], *, by: Actor, at: datetime) -> None:
    """The outage is behind these tickets; each says so, and every notice from now on is an update on it."""
    if not tickets:
        return
    known = set(outage.tickets.values_list("ticket_id", flat=True))
    if again := [ticket.number for ticket in tickets if ticket.pk in known]:
        raise Refused(_("Linked already: %(numbers)s.") % {"numbers": ", ".join(again)}, "tickets")
    rows = [OutageTicket(outage=outage, ticket=ticket) for ticket in tickets]
    for row in rows:
        row.actor = by
    OutageTicket.objects.bulk_create(rows)
    tell(tickets, "outage.linked", by=by, at=at, outage=outage.number)


def tell(tickets: Sequence[Ticket], event: str, /, *, by: Actor, at: datetime, **facts) -> None:
    """One entry on the timeline of each, written together."""
    held = Ticket.objects.select_for_update().order_by("pk").in_bulk([ticket.pk for ticket in tickets])
    timeline.record_each(
        {
            ticket: [timeline.Entry(kind=event, by=by, at=max(at, ticket.changed_at), facts=facts)]
            for ticket in held.values()
        }
    )


@verb
def open_bridge(outage: Outage, *, phone: str, code: str, text: str = "", by: Actor, at: datetime) -> None:
    """A call that the audience may join; the newest one holds, and every notice from now on names it."""
    must_be_seen(phone=phone, code=code)
    _step(outage, Kind.BRIDGE, phone=phone.strip(), code=code.strip(), text=text, by=by)


@verb
def resolve(outage: Outage, *, ended_at: datetime, text: str, by: Actor, at: datetime) -> None:
    """Over since `ended_at`, as far as the desk sees; it is told as resolved once that is validated."""
    _step(outage, Kind.RESOLVED, ended_at=ended_at, text=text, by=by)


@verb
def unresolve(outage: Outage, *, text: str, resolution: int | None = None, by: Actor, at: datetime) -> None:
    """It was not over after all: nothing of it was told as resolved. Here and in `validate` `resolution` is the place of the
    one that its writer saw; Stale where another has come since."""
    _step(outage, Kind.UNRESOLVED, text=text, by=by)
    _must_be_of(outage, resolution)


@verb
def validate(outage: Outage, *, text: str, resolution: int | None = None, by: Actor, at: datetime) -> None:
    """It was tried, and it works: the resolution notification may go out. `text` says who tried what."""
    _step(outage, Kind.VALIDATED, text=text, by=by)
    _must_be_of(outage, resolution)
    linked = list(Ticket.objects.undone().filter(outages__outage=outage))
    if linked:
        tell(linked, "outage.validated", by=by, at=at, outage=outage.number)


def is_of_nobody(outage: Outage) -> bool:
    """Whether every customer whom it hits has left. The database asks the same."""
    return not outage.contracts.filter(contract__holder__active=True).exists()


def resolutions(outage: Outage) -> int:
    """How often it was over, as far as the desk saw: the place of the last one."""
    return outage.steps.filter(kind=Kind.RESOLVED).count()


def _must_be_of(outage: Outage, read: int | None) -> None:
    """Asked after the step is written, while the outage is held."""
    if read is not None and read != resolutions(outage):
        raise Stale(
            _("%(number)s has been taken back and resolved anew since you opened it. Read it as it is now.")
            % {"number": outage.number}
        )


def _step(outage: Outage, kind: str, *, by: Actor, **said) -> None:
    must_be_seen(text=said["text"])
    row = OutageStep(outage=outage, kind=kind, **said)
    row.actor = by
    row.save(force_insert=True)
    outage.refresh_from_db()
