"""Maintenance windows: announced to whoever is nominated, withdrawn or moved with a word; whom they may concern, and when in time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from escalations import maintenance_mail, maintenance_stops
from escalations.models import (
    MaintenanceContract,
    MaintenanceNotice,
    MaintenanceRecipient,
    MaintenanceWindow,
    WindowState,
)
from escalations.models.maintenance import LONGEST
from escalations.rules import must_be_seen, verb
from support import versions
from support.actors import Actor
from support.catalogue.amounts import Span, Unit
from support.clocks.terms import Deployment
from support.mail import outbox
from support.mail.outbox import one_line
from support.models import Contact, Contract, Product
from support.refusal import Refused

Kind = MaintenanceNotice.Kind
CLOUD = Deployment.CLOUD  # what the promise is about


@dataclass(frozen=True, slots=True)
class Scope:
    """What maintenance can concern: a service in the cloud, or one product under it, with the contracts that have it."""

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

    def earliest(self, at: datetime) -> datetime:
        """The first instant at which a window announced now begins in time for each of its contracts."""
        return max(earliest(contract, at) for contract in self.contracts)


def scopes(at: datetime) -> list[Scope]:
    """Every service that says how long before maintenance is announced and has a contract in the cloud, and each product
    under it; two queries."""
    found: dict[str, Scope] = {}
    for contract in _running(at):
        if promised(contract) is None:
            continue
        code = contract.support_service.code
        products = {
            line.product.pk: line.product for line in contract.lines.all() if line.deployment == CLOUD
        }
        for product in (None, *products.values()) if products else ():
            scope = Scope(code, product)
            found.setdefault(scope.key, scope).contracts.append(contract)
    return sorted(found.values(), key=lambda scope: scope.label)


def scope(key: str, at: datetime) -> Scope | None:
    return next((each for each in scopes(at) if each.key == key), None)


def promised(contract: Contract) -> Span | None:
    """How long before it begins the contract's service announces maintenance; None where it says nothing of it."""
    told = versions.definition(contract.support_service).maintenance
    return told.announced if told else None


def earliest(contract: Contract, at: datetime) -> datetime:
    """The first instant at which a window announced now begins in time: days are calendar days of the holder's zone."""
    span = promised(contract)
    if span.unit is not Unit.DAYS:
        return at + timedelta(seconds=span.seconds)
    zone = ZoneInfo(contract.holder.time_zone)
    day = at.astimezone(zone).date() + timedelta(days=span.number)
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def audience(contracts: Iterable[Contract], known: MaintenanceWindow | None = None) -> QuerySet[Contact]:
    """Active contacts of these contracts' holders who are nominated for maintenance, and whoever was told of the window that
    is `known`, nominated still or not: what they know of it has to stay true."""
    holders = {contract.holder_id for contract in contracts}
    wanted = Q(customer__in=holders, nominated_for_maintenance=True)
    if known:
        wanted |= Q(pk__in=MaintenanceRecipient.objects.filter(notice__window=known).values("contact"))
    found = Contact.objects.filter(wanted, active=True, customer__active=True)
    return found.select_related("customer").order_by("customer__name", "name", "id")


def contracts_of(window: MaintenanceWindow) -> list[Contract]:
    rows = window.contracts.select_related("contract__holder", "contract__support_service")
    return [row.contract for row in rows.order_by("contract__holder__name", "id")]


def state_of(window: MaintenanceWindow, at: datetime) -> WindowState:
    """Of a window `with_end()`."""
    if window.stopped:
        return WindowState.MOVED if window.stopped == Kind.MOVED else WindowState.CANCELLED
    if at < window.begins_at:
        return WindowState.COMING
    return WindowState.ON if at < window.ends_at else WindowState.OVER


def over_sentence(window: MaintenanceWindow) -> str:
    return _("%(number)s is over, withdrawn or moved: nothing of it changes.") % {"number": window.number}


@verb
def announce(
    contracts: Sequence[Contract],
    *,
    product: Product | None,
    title: str,
    details: str,
    begins_at: datetime,
    ends_at: datetime,
    reason: str = "",
    replaces: MaintenanceWindow | None = None,
    text: str = "",
    by: Actor,
    at: datetime,
) -> MaintenanceWindow:
    """A window under these contracts, told to everybody nominated, each by a mail of his own.

    Later than the service promises only with a manager's `reason`, which the customers do not read; they read `text`.
    """
    if not contracts:
        raise Refused(_("Choose at least one contract that it concerns."), "contracts")
    must_be_seen(title=title, details=details, reason=reason, text=text)
    if begins_at < at:
        raise Refused(_("Write an instant that is still to come."), "begins_at")
    if ends_at <= begins_at:
        raise Refused(_("It ends after it begins."), "ends_at")
    if ends_at - begins_at > LONGEST:
        raise Refused(_("A window is of 31 days at most: announce another one for the rest."), "ends_at")
    row = MaintenanceWindow(
        service=max((contract.support_service for contract in contracts), key=lambda s: s.version),
        product=product,
        title=one_line(title),
        details=details.strip(),
        begins_at=begins_at,
        ends_at=ends_at,
        reason=reason.strip(),
        replaces=replaces,
    )
    row.actor = by
    row.save(force_insert=True)
    row.refresh_from_db()
    MaintenanceContract.objects.bulk_create(
        MaintenanceContract(window=row, contract=contract) for contract in contracts
    )
    _tell(row, Kind.ANNOUNCED, audience(contracts, replaces), text=text, by=by, at=at)
    return row


@verb
def withdraw(window: MaintenanceWindow, *, text: str, by: Actor, at: datetime) -> None:
    """It does not take place, or ends now; whoever is nominated, or was told of it, reads why."""
    must_be_seen(text=text)
    people = audience(contracts_of(window), window)
    maintenance_stops.hold(window)
    _tell(window, Kind.WITHDRAWN, people, text=text, by=by, at=at)
    maintenance_stops.let_go(window, at)


@verb
def move(
    window: MaintenanceWindow,
    *,
    begins_at: datetime,
    ends_at: datetime,
    text: str,
    reason: str = "",
    by: Actor,
    at: datetime,
) -> MaintenanceWindow:
    """Another window takes its place, with all of its contracts; one mail says both times, and why. Refused where one of them has
    ended by then: its people were told of this window, and hear that it is withdrawn."""
    maintenance_stops.hold(window)
    contracts = contracts_of(window)
    if ended := [contract.number for contract in contracts if _has_ended(contract, begins_at)]:
        sentence = _(
            "Withdraw this window and announce it anew without what has ended by then: contract %(numbers)s."
        )
        raise Refused(sentence % {"numbers": ", ".join(ended)}, "begins_at")
    if left := [contract.number for contract in contracts if not _is_concerned(contract, window, begins_at)]:
        sentence = _(
            "Withdraw this window and announce it anew without what it is not about any more (its customer has left, its service is none "
            "or another one, it is not in force then, or has nothing of this in the cloud): contract %(numbers)s."
        )
        raise Refused(sentence % {"numbers": ", ".join(left)})
    moved = announce(
        contracts,
        product=window.product,
        title=window.title,
        details=window.details,
        begins_at=begins_at,
        ends_at=ends_at,
        reason=reason,
        replaces=window,
        text=text,
        by=by,
        at=at,
    )
    _tell(window, Kind.MOVED, Contact.objects.none(), text=text, by=by, at=at)
    maintenance_stops.let_go(window, at)
    return moved


def _tell(window: MaintenanceWindow, kind: Kind, people: Iterable[Contact], *, text="", by, at) -> None:
    row = MaintenanceNotice(window=window, kind=kind, text=text.strip(), recipients=0)
    row.actor = by
    row.save(force_insert=True)
    row.refresh_from_db()
    contacts = list(people)
    if len(contacts) != row.recipients:
        raise Refused(_("Who is told has changed this moment: send it again."))
    mails = outbox.queue_all(maintenance_mail.drafts(row, contacts, at=at))
    MaintenanceRecipient.objects.bulk_create(
        MaintenanceRecipient(notice=row, contact=contact, mail=mail)
        for contact, mail in zip(contacts, mails, strict=True)
    )


def _is_concerned(contract: Contract, window: MaintenanceWindow, begins_at: datetime) -> bool:
    """Whether this window, at another time, can be announced to it; the database asks the same of each."""
    own = contract.support_service
    if not (contract.holder.active and own and own.code == window.service.code and promised(contract)):
        return False
    lines = contract.lines.filter(deployment=CLOUD)
    lines = lines.filter(product=window.product) if window.product else lines
    day = begins_at.astimezone(ZoneInfo(contract.holder.time_zone)).date()
    return contract.starts_on <= day and lines.exists()


def _has_ended(contract: Contract, at: datetime) -> bool:
    """Whether its last day, in its holder's zone, is over."""
    return (
        bool(contract.ends_on)
        and contract.ends_on < at.astimezone(ZoneInfo(contract.holder.time_zone)).date()
    )


def _running(at: datetime) -> Iterable[Contract]:
    nominated = Q(holder__contacts__active=True, holder__contacts__nominated_for_maintenance=True)
    contracts = (
        Contract.objects.filter(support_service__isnull=False, holder__active=True)
        .select_related("holder", "support_service")
        .prefetch_related("lines__product")
        .annotate(designated=Count("holder__contacts", filter=nominated, distinct=True))
        .order_by("holder__name", "number")
    )
    for contract in contracts:
        if not _has_ended(contract, at):
            yield contract
