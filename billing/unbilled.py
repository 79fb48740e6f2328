"""Which time of a month stands on no invoice yet."""

from datetime import date, datetime
from functools import reduce
from operator import or_
from zoneinfo import ZoneInfo

from django.db.models import Exists, Func, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import TruncDate

from billing.models import Added, BilledEntry, TimeEntry
from billing.rules import ask
from support.models import LegalEntity

WITHOUT_ORDER = {"engagement__contract__rate__order_needed": True, "order": ""}


# What an entry is priced for besides its minutes, where it is so and its offer has a price for that.
ATTRACTS: dict[str, dict] = {
    "": {"billed_minutes__gt": 0},
    Added.OUT_OF_HOURS: {
        "out_of_hours": True,
        "billed_minutes__gt": 0,
        "approval__offer__out_of_hours_rate__gt": 0,
    },
    Added.ON_SITE: {"on_site": True, "billed_minutes__gt": 0, "approval__offer__on_site_rate__gt": 0},
    Added.VISIT: {"visit": True, "approval__offer__visit_price__gt": 0},
}


def unbilled(entity: LegalEntity, month: date) -> QuerySet[TimeEntry]:
    """Approved live entries that started in this month, in the legal entity's zone, and whose time is on no line that stands.

    Each with `order`, the number of its purchase order; without those that wait for one. In the order in which lines
    and entries are printed: by bill-to, engagement, approval, order, start.
    """
    return _in(entity, month, on_no_line(entity)).exclude(**WITHOUT_ORDER)


def unbilled_surcharges(entity: LegalEntity, month: date) -> QuerySet[TimeEntry]:
    """Those with a surcharge on no line that stands, likewise; each with `lacks_out_of_hours`, … for which it is."""
    lacks = {f"lacks_{added}": _lacks(added) for added in Added}
    rows = _approved(entity).annotate(**lacks).filter(reduce(or_, (Q(**{name: True}) for name in lacks)))
    return _in(entity, month, rows).exclude(**WITHOUT_ORDER)


def without_order(entity: LegalEntity, month: date) -> QuerySet[TimeEntry]:
    """The others: the contract wants a purchase order named, and there is none."""
    return _in(entity, month, on_no_line(entity)).filter(**WITHOUT_ORDER)


def on_no_line(entity: LegalEntity, surcharge: str = "") -> QuerySet[TimeEntry]:
    """Both, of every month; of a surcharge the entries that attract it."""
    return _approved(entity).filter(_lacks(surcharge))


def _in(entity: LegalEntity, month: date, entries: QuerySet[TimeEntry]) -> QuerySet[TimeEntry]:
    begins, ends = bounds(entity, month)
    return entries.filter(started_at__gte=begins, started_at__lt=ends)


def _lacks(surcharge: str) -> Q:
    on_a_line = BilledEntry.objects.filter(entry=OuterRef("pk"), surcharge=surcharge, credited_by=None)
    return Q(~Exists(on_a_line), **ATTRACTS[surcharge])


def _approved(entity: LegalEntity) -> QuerySet[TimeEntry]:
    day = TruncDate("started_at", tzinfo=ZoneInfo(entity.time_zone))
    return (
        TimeEntry.objects.approved()
        .filter(engagement__contract__legal_entity=entity)
        .select_related(
            "person",
            "approval__offer__engagement",
            "approval__engagement__contract__bill_to",
            "approval__engagement__contract__legal_entity",
            "approval__engagement__contract__rate",
            "approval__engagement__ticket",
        )
        .annotate(order=Func("engagement", day, function="purchase_order_for", output_field=TextField()))
        .order_by(
            "engagement__contract__bill_to__name",
            "engagement__reference",
            "approval",
            "order",
            "started_at",
            "pk",
        )
    )


def hold_invoices(entity: LegalEntity, month: date, *, shared: bool = False) -> None:
    """Held to the end of the transaction: by a draft alone, by corrections together. Taken before any other lock.

    A correction holds its engagement and wants the entries; a draft holds the entries and wants the month.
    """
    sql = "SELECT 1 FROM pg_advisory_xact_lock(hashtext(%s))"
    if shared:
        sql = "SELECT 1 FROM pg_advisory_xact_lock_shared(hashtext(%s))"
    ask(sql, f"invoices of {entity.pk} {month:%Y-%m}")


def bounds(entity: LegalEntity, month: date) -> tuple[datetime, datetime]:
    """The first instant of the month and of the next one, in the legal entity's zone."""
    zone = ZoneInfo(entity.time_zone)
    year, following = (month.year + 1, 1) if month.month == 12 else (month.year, month.month + 1)
    return datetime(month.year, month.month, 1, tzinfo=zone), datetime(year, following, 1, tzinfo=zone)
