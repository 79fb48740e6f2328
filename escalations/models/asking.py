"""How an escalation came, and who of a customer's may have asked for it."""

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from support.models import Channel, Contact, PartnerGrant, Ticket
from support.prepared import Given


class Way(models.TextChoices):
    """The channels of the house, and the two ways on which nobody outside asks."""

    PHONE = Channel.PHONE.value, Channel.PHONE.label
    EMAIL = Channel.EMAIL.value, Channel.EMAIL.label
    PORTAL = Channel.PORTAL.value, Channel.PORTAL.label
    DESK = "desk", _("The desk itself")
    ALARM = "alarm", _("By itself")


RECORDED = (Way.PHONE, Way.EMAIL)  # on which somebody asks whom an agent writes down
# Before there were channels none was written down: their rows have "".
AS_IT_CAME = (
    Q(
        channel=Way.PORTAL,
        actor_kind="contact",
        contact_id=F("actor_id"),
        actor_id__isnull=False,
        contact__isnull=False,
    )
    | Q(channel__in=RECORDED, actor_kind="staff", contact__isnull=False)
    | Q(channel=Way.DESK, actor_kind="staff", contact=None)
    | Q(channel=Way.ALARM, actor_kind="system", contact=None)
    | Q(channel="")
)


def named(ticket: Ticket) -> list[tuple[int, str]]:
    """Those who may have asked, as a form lists them: with the company of whoever is of a partner."""
    found = askers(ticket.customer_id).values_list("pk", "name", "customer_id", "customer__name")
    return [in_words(ticket, *row) for row in found]


def in_words(ticket: Ticket, pk: int, name: str, customer: int, company: str) -> tuple[int, str]:
    return pk, name if customer == ticket.customer_id else f"{name}, {company}"


def askers(customer: int | Given) -> QuerySet[Contact]:
    """The active contacts of a ticket's customer, and those of partners to whom a grant shows him."""
    granted = PartnerGrant.objects.filter(customer=customer)
    theirs = Q(customer=customer) | Q(pk__in=granted.values("contact"))
    return Contact.objects.filter(theirs, active=True).order_by("name", "id")
