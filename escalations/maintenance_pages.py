"""What the pages of maintenance show, worked out before a template sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext as _

from escalations import maintenance
from escalations.maintenance_mail import concerned
from escalations.models import (
    MaintenanceContract,
    MaintenanceNotice,
    MaintenanceRecipient,
    MaintenanceStop,
    MaintenanceWindow,
    WindowState,
)
from support import saying
from support.models import Contract, Ticket, User


@dataclass(frozen=True, slots=True)
class Shown:
    """A window as a list or a page has it; `when` is a period of the reader's zone."""

    window: MaintenanceWindow
    state: WindowState
    concerns: str
    when: str
    duration: str
    late: bool

    @property
    def name(self) -> str:
        return f"{self.state.label}"


def found(state: str, text: str, at: datetime) -> QuerySet[MaintenanceWindow]:
    """The next to begin first, then what is over, the latest first."""
    late = MaintenanceContract.objects.filter(window=OuterRef("pk"), in_time=False)
    windows = MaintenanceWindow.objects.with_end().annotate(
        late=Exists(late),
        concerns_n=Count("contracts"),
        done=Q(ends_at__lte=at) | Q(Exists(calls_off(OuterRef("pk")))),
    )
    if state == "to-come":
        windows = windows.filter(done=False)
    elif state == "done":
        windows = windows.filter(done=True)
    if text:
        hit = MaintenanceContract.objects.filter(
            window=OuterRef("pk"), contract__holder__name__icontains=text
        )
        windows = windows.filter(Q(number__icontains=text) | Q(title__icontains=text) | Exists(hit))
    return windows.select_related("service", "product")


def calls_off(window) -> QuerySet[MaintenanceNotice]:
    return MaintenanceNotice.objects.filter(window=window).exclude(kind=maintenance.Kind.ANNOUNCED)


def in_its_place(window: MaintenanceWindow) -> dict:
    """The last window after it, however often it was moved, and the word with which that was withdrawn."""
    last = window
    while following := MaintenanceWindow.objects.filter(replaces=last).first():
        last = following
    moved = last != window
    return {"successor": last if moved else None, "given_up": calls_off(last).first() if moved else None}


def shown(window: MaintenanceWindow, at: datetime, zone: tzinfo) -> Shown:
    """Of a window `with_end()`."""
    return Shown(
        window,
        maintenance.state_of(window, at),
        concerned(window),
        saying.period(window.begins_at, window.ends_at, zone),
        saying.duration((window.ends_at - window.begins_at).total_seconds() / 60),
        getattr(window, "late", False),
    )


def facts_of(window: MaintenanceWindow, at: datetime, zone: tzinfo) -> dict:
    """A page of the desk; six queries, however many contracts and people there are."""
    contracts = list(
        window.contracts.select_related("contract__holder").order_by("contract__holder__name", "id")
    )
    notices = window.notices.annotate(
        queued=Count("received_by", filter=Q(received_by__mail__state="queued")),
        failed=Count("received_by", filter=Q(received_by__mail__state="failed")),
    )
    stops = MaintenanceStop.objects.filter(window=window).select_related("ticket__customer", "wait")
    return {
        "shown": shown(window, at, zone),
        "contracts": contracts,
        "late": any(not each.in_time for each in contracts),
        "notices": [(row, saying.here(row.at, at)) for row in notices.order_by("id")],
        "stops": [(stop, saying.period(stop.wait.started_at, stop.wait.ended_at, zone)) for stop in stops],
        **in_its_place(window),
        "announced": saying.here(window.announced_at, at),
    }


def receivers(window: MaintenanceWindow) -> QuerySet[MaintenanceRecipient]:
    rows = MaintenanceRecipient.objects.filter(notice__window=window)
    return rows.select_related("notice", "contact__customer", "mail").order_by(
        "-notice_id", "contact__customer__name", "contact__name", "id"
    )


def late_for(contracts: Iterable[Contract], begins_at: datetime, at: datetime) -> list[str]:
    """Whose service is told later than promised, for the preview."""
    return [
        _("%(customer)s, %(number)s: %(span)s before")
        % {"customer": each.holder, "number": each.number, "span": maintenance.promised(each)}
        for each in contracts
        if begins_at < maintenance.earliest(each, at)
    ]


def own(user: User, at: datetime, zone: tzinfo) -> list[Shown]:
    """What goes on or is to come of the customers whom this person sees, the next first; two queries."""
    windows = MaintenanceWindow.objects.of_customers(user).to_come(at).select_related("service", "product")
    return [shown(window, at, zone) for window in windows.order_by("begins_at", "id")]


def of_ticket(ticket: Ticket, at: datetime, zone: tzinfo) -> list[Shown]:
    """What goes on now under the ticket's contract, or one that renews it or that it renews, about its product; one query."""
    if not ticket.contract_id or not ticket.undone or ticket.deployment != maintenance.CLOUD:
        return []
    told = MaintenanceContract.objects.filter(window=OuterRef("pk"))
    told = told.concerning(Value(ticket.contract_id), Value(ticket.product_id), ticket.customer_id)
    about = Q(product=None) | Q(product=ticket.product_id)
    windows = MaintenanceWindow.objects.on(at).filter(about, Exists(told))
    windows = windows.annotate(late=~Exists(told.filter(in_time=True))).select_related("service", "product")
    return [shown(window, at, zone) for window in windows.order_by("begins_at", "id")]
