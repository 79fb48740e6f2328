"""Fixed prices: what they are for is handed over once, and then stands on the next invoice."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, Func, OuterRef, QuerySet, TextField
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from billing.models import Approval, BilledDelivery, Delivery
from billing.rules import verb
from billing.telling import tell
from billing.unbilled import bounds
from support.actors import Actor
from support.models import LegalEntity
from support.naming import is_said
from support.refusal import Refused

WITHOUT_ORDER = {"approval__engagement__contract__rate__order_needed": True, "order": ""}


@verb
def deliver(approval: Approval, *, text: str, by: Actor, at: datetime) -> Delivery:
    """Record that the deliverables were handed over. Refused without a fixed price in force, and a second time."""
    if not is_said(text):
        raise Refused(_("Say what was handed over, and to whom."), "text")
    approval.engagement.lock()
    if Delivery.objects.filter(approval=approval).exists():
        raise Refused(_("This has been delivered already."))
    made = Delivery(approval=approval, text=text.strip())
    made.actor = by
    made.save(force_insert=True)
    made.refresh_from_db()
    tell(approval.engagement, "price.delivered", by=by, at=at, ids=[made.pk])
    return made


def undelivered(approval: Approval) -> bool:
    """Of a fixed price that nobody has recorded as delivered."""
    return bool(approval.offer.fixed_price) and not Delivery.objects.filter(approval=approval).exists()


def unbilled(entity: LegalEntity, month: date) -> QuerySet[Delivery]:
    """Of this month, in the legal entity's zone, on no line that stands; without those that wait for a purchase order."""
    begins, ends = bounds(entity, month)
    rows = on_no_line(entity).filter(delivered_at__gte=begins, delivered_at__lt=ends)
    return rows.exclude(**WITHOUT_ORDER)


def on_no_line(entity: LegalEntity) -> QuerySet[Delivery]:
    """Of every month, each with `order`, the number of its purchase order."""
    day = TruncDate("delivered_at", tzinfo=ZoneInfo(entity.time_zone))
    on_a_line = BilledDelivery.objects.filter(delivery=OuterRef("pk"), credited_by=None)
    forgone = BilledDelivery.objects.filter(delivery=OuterRef("pk"), credited_by__for_good=True)
    order = Func("approval__engagement", day, function="purchase_order_for", output_field=TextField())
    return (
        Delivery.objects.filter(
            ~Exists(on_a_line), ~Exists(forgone), approval__engagement__contract__legal_entity=entity
        )
        .select_related(
            "approval__offer__engagement",
            "approval__engagement__contract__bill_to",
            "approval__engagement__contract__legal_entity",
            "approval__engagement__contract__rate",
            "approval__engagement__ticket",
        )
        .annotate(order=order)
        .order_by("approval__engagement__contract__bill_to__name", "approval__engagement__reference", "pk")
    )
