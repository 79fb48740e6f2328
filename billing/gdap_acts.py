"""What managers may have Microsoft do with a relationship: only with GDAP_WRITE=on, each with its reason, none in the sync."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from billing import gdap_readings, gdap_roles
from billing.allowed import must_hold
from billing.graph import relationships
from billing.graph.client import Graph, GraphError, Unanswered
from billing.graph.reading import Told, relationship
from billing.models import Engagement, GdapAct, GdapReading, GdapRelationship
from billing.rules import verb
from support.actors import Actor
from support.models import Customer
from support.naming import is_said
from support.refusal import BUSY, Refused

LONGEST = 730  # days


@verb
def create(
    graph: Graph,
    customer: Customer,
    *,
    name: str,
    days: int,
    roles: Sequence[str],
    auto_extend: bool,
    reason: str,
    by: Actor,
    at: datetime,
) -> GdapRelationship | None:
    """A draft for this customer, to be locked next. Names are Microsoft's to judge: they are unique over all of ours.

    None where its answer was lost, or could not be written down for somebody else's reading: what was asked for is kept, and the next
    reading shows what came of it.
    """
    _must_be_allowed(reason, by)
    if customer.tenant_id is None:
        raise Refused(_("Write the customer’s tenant id on its record first."), "customer")
    if not 1 <= days <= LONGEST:
        raise Refused(_("A relationship lasts 1 to 730 days."), "days")
    if not roles or not all(gdap_roles.is_role(role) for role in roles):
        raise Refused(_("Choose the roles that the work needs."), "roles")
    if auto_extend and gdap_roles.GLOBAL_ADMINISTRATOR in roles:
        raise Refused(_("With Global Administrator it cannot be extended by itself."), "auto_extend")
    asked = {"name": name, "days": days, "roles": sorted(roles), "auto_extend": auto_extend}
    told = row = None
    with _refusing(), suppress(Unanswered):
        made = relationships.create(
            graph,
            display_name=name,
            duration=f"P{days}D",
            roles=sorted(roles),
            tenant_id=f"{customer.tenant_id}",
            customer_name=customer.name,
            auto_extend=auto_extend,
        )
        told = relationship(made)
    if told is not None:
        with _unless_busy():
            row = gdap_readings.keep(told, source=GdapReading.Source.GRAPH, by=by, at=at)[0]
    known = told.relationship_id if told else ""
    _note(known, GdapAct.Kind.CREATE, reason, by, asked if row else {**asked, "customer": customer.code})
    return row


@verb
def lock(graph: Graph, row: GdapRelationship, *, reason: str, by: Actor, at: datetime) -> bool:
    """Finish a draft: from now on the customer can approve it, and nobody can change it. As each that follows, whether Microsoft
    answered."""
    _only(graph, row, "created", _("Only a draft is sent to the customer."), reason, by)
    return _act(row, GdapAct.Kind.LOCK, reason, by, lambda: _request(graph, row, relationships.LOCK))


@verb
def end(graph: Graph, row: GdapRelationship, *, reason: str, by: Actor, at: datetime) -> bool:
    """Ask Microsoft to end it; never one that open work needs, as it stands at Microsoft now."""
    now = _only(graph, row, "active", _("Only an active relationship can be ended."), reason, by)
    customers = Customer.objects.filter(tenant_id=now.tenant_id) if now.tenant_id else Customer.objects.none()
    open_work = Engagement.objects.undone().filter(
        ticket__customer__in={row.customer_id, *customers.values_list("pk", flat=True)} - {None}
    )
    held = {*now.roles, *row.roles}
    if needing := [each.reference for each in open_work.order_by("reference") if held & set(each.gdap_roles)]:
        raise Refused(
            _("Open work needs it: %(references)s. End it when that is done.")
            % {"references": ", ".join(needing)}
        )
    return _act(row, GdapAct.Kind.END, reason, by, lambda: _request(graph, row, relationships.END))


@verb
def extend(graph: Graph, row: GdapRelationship, *, on: bool, reason: str, by: Actor, at: datetime) -> bool:
    """Switch auto-extend: it needs no new consent of the customer, and sends no mail."""
    now = _only(graph, row, "active", _("Only an active relationship is extended."), reason, by)
    if on and gdap_roles.GLOBAL_ADMINISTRATOR in now.roles:
        raise Refused(_("With Global Administrator it cannot be extended by itself."))
    return _act(
        row,
        GdapAct.Kind.EXTEND,
        reason,
        by,
        lambda: relationships.extend(graph, row.relationship_id, etag=now.etag, on=on),
        {"on": on},
    )


@verb
def delete(graph: Graph, row: GdapRelationship, *, reason: str, by: Actor, at: datetime) -> bool:
    """Throw a draft away. False also where somebody else was writing what he read: the next reading shows that it is gone."""
    _only(graph, row, "created", _("Only a draft can be deleted."), reason, by)
    if not _act(
        row, GdapAct.Kind.DELETE, reason, by, lambda: relationships.delete(graph, row.relationship_id)
    ):
        return False
    with _unless_busy():
        gdap_readings.unlist(row.relationship_id, by=by, at=at)
        return True
    return False


def _must_be_allowed(reason: str, by: Actor) -> None:
    if not settings.GDAP_WRITE:
        raise Refused(
            _("Relationships are only read here: follow the steps in Partner Center, or set GDAP_WRITE=on.")
        )
    must_hold("billing.add_gdapact", by, _("Only a support manager changes relationships."))
    if not is_said(reason):
        raise Refused(_("Write down why."), "reason")


def _only(graph: Graph, row: GdapRelationship, status: str, sentence: str, reason: str, by: Actor) -> Told:
    """What Microsoft says of it now; Refused in any other state than this one."""
    _must_be_allowed(reason, by)
    with _refusing():
        told = relationship(relationships.one(graph, row.relationship_id))
    if told is None or told.status != status or told.relationship_id != row.relationship_id:
        raise Refused(sentence)
    return told


def _act(
    row: GdapRelationship,
    kind: GdapAct.Kind,
    reason: str,
    by: Actor,
    ask: Callable[[], None],
    asked: dict | None = None,
) -> bool:
    """Written down first, so that nothing of ours can refuse it once Microsoft has heard; the next sync reads what came of it.

    False where the answer was lost: it may have been done, so who asked for it and why stays.
    """
    _note(row.relationship_id, kind, reason, by, asked)
    with _refusing():
        try:
            ask()
        except Unanswered:
            return False
    return True


def _request(graph: Graph, row: GdapRelationship, action: str) -> None:
    relationships.request(graph, row.relationship_id, action)


def _note(relationship: str, kind: GdapAct.Kind, reason: str, by: Actor, asked: dict | None = None) -> None:
    act = GdapAct(relationship_id=relationship, kind=kind, reason=reason.strip(), asked=asked or {})
    act.actor = by
    act.save(force_insert=True)


@contextmanager
def _unless_busy() -> Iterator[None]:
    """Microsoft has done it: while somebody else writes what he read, the next reading writes this."""
    try:
        yield
    except Refused as refused:
        if not isinstance(getattr(refused.__cause__, "__cause__", None), BUSY):
            raise


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except GraphError as error:
        raise Refused(f"{error}") from error
