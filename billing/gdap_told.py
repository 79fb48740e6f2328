"""What a customer is told of the access that his work needs: what is awaited, from whom, and what there is to do."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from billing import gdap, gdap_roles
from billing.models import Engagement, GdapReading, GdapRelationship
from billing.rules import ask
from support import saying


@dataclass(frozen=True, slots=True)
class Awaited:
    """`link` is where his Global Administrator approves, while an invitation of ours waits for that; deadlines stand still
    where the wait `holds` them."""

    engagement: Engagement
    roles: str
    whom: str
    what: str
    as_of: str = ""
    link: str = ""
    holds: bool = False


def awaited(engagements: QuerySet[Engagement], at: datetime) -> list[Awaited]:
    """For each open one that names roles and may not start yet, as the gate says it; the oldest first."""
    needing = engagements.undone().exclude(gdap_roles=[]).select_related("ticket__customer")
    return [_awaited(each, at) for each in needing.order_by("pk") if not gdap.active(each)]


def _awaited(engagement: Engagement, at: datetime) -> Awaited:
    customer = engagement.ticket.customer
    [now] = ask("SELECT countersign_now()")
    last = customer.gdap_readings.filter(read_at__lte=now).first()
    status = last.status if last else ""
    whom, what = _said(status, customer.name)
    return Awaited(
        engagement=engagement,
        roles=saying.listed(sorted(gdap_roles.named(role) for role in engagement.gdap_roles)),
        whom=whom,
        what=what,
        as_of=saying.here(last.seen_at or last.read_at, at) if last else "",
        link=_link(customer) if status == GdapReading.Status.APPROVAL_PENDING else "",
        holds=status in gdap.ON_ITS_WAY,
    )


def _said(status: str, customer: str) -> tuple[str, str]:
    match status:
        case "approvalPending":
            return _("Awaited from %(customer)s") % {"customer": customer}, _(
                "A Global Administrator of yours opens the link of the invitation, signs in and approves. Nobody else can, "
                "and the invitation lapses after 90 days."
            )
        case "approved" | "activating":
            return _("Awaited from Microsoft"), _("It is being set up there: you need not do anything.")
        case "active":
            return _("Awaited from us"), _(
                "You have approved access. We make sure that our people have these roles: you need not do anything."
            )
    return _("Awaited from us"), _(
        "We prepare a request for access. You get a link then, and a Global Administrator of yours approves it; until "
        "that you need not do anything."
    )


def _link(customer) -> str:
    rows = GdapRelationship.objects.filter(customer=customer, status="approvalPending", listed=True)
    newest = rows.order_by("-pending_since", "-pk").first()
    return newest.invitation if newest else ""
