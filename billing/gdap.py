"""GDAP: what a manager saw and confirms by hand, and what it means for the engagements that need it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from billing import gdap_roles
from billing.allowed import must_hold
from billing.models import Engagement, GdapReading
from billing.rules import ask, verb
from billing.telling import begin_wait, end_wait, tell
from support.actors import Actor
from support.clocks.actions import ON_ITS_WAY
from support.clocks.terms import WaitReason
from support.models import Customer, File
from support.naming import is_said
from support.refusal import Refused

MINUTE = timedelta(minutes=1)


@verb
def confirm(
    customer: Customer,
    *,
    status: str,
    ends_at: datetime | None = None,
    assigned: bool = False,
    roles: Iterable[str] = (),
    reason: str,
    evidence: File,
    seen_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> GdapReading:
    """A manager's reading by hand, with reason and evidence. It counts from now, whenever it was `seen_at`.

    Refused where the last reading is of a later look.
    `roles` are role template ids. Work that needs GDAP may start for 24 hours after a reading that says it is active.
    """
    must_hold("billing.add_gdapreading", by, _("Only a support manager confirms GDAP by hand."))
    roles = sorted(roles)
    if unknown := [role for role in roles if not gdap_roles.is_role(role)]:
        raise Refused(_("Not a role's template id: %(roles)s.") % {"roles": ", ".join(unknown)}, "roles")
    if not is_said(reason):
        raise Refused(_("Write down why you confirm it by hand."), "reason")
    if seen_at is not None and seen_at > at:
        raise Refused(_("It cannot have been seen later than now."), "seen_at")
    hold()
    last = customer.gdap_readings.first()
    looked = min(seen_at + MINUTE, at) if seen_at else at  # he writes it to the minute
    if last is not None and (last.seen_at or last.read_at) > looked:
        raise Refused(
            _("Somebody has looked since then: look again, and confirm what it says now."), "seen_at"
        )
    reading = GdapReading(
        customer=customer,
        status=status,
        ends_at=ends_at,
        assigned=assigned,
        roles=roles,
        reason=reason.strip(),
        evidence=evidence,
        seen_at=seen_at,
    )
    reading.actor = by
    reading.save(force_insert=True)
    tell_engagements(reading, by=by, at=at)
    return reading


def tell_engagements(reading: GdapReading, *, since: datetime | None = None, by: Actor, at: datetime) -> None:
    """Every undone engagement of the customer that needs roles hears of a reading; being processed, it is waited for.

    `since`: the reading repeats one of that instant, and only engagements that came later have not heard.
    """
    needing = Engagement.objects.undone().filter(ticket__customer=reading.customer).exclude(gdap_roles=[])
    if since is not None:
        needing = needing.filter(requested_at__gt=since)
    for engagement in needing.select_related("ticket").order_by("ticket_id", "pk"):
        engagement.lock()
        tell(
            engagement,
            "gdap.changed",
            by=by,
            at=at,
            status=reading.status,
            roles=tuple(reading.roles),
            source=reading.source,
            as_of=reading.seen_at or reading.read_at,
        )
        if reading.status in ON_ITS_WAY:
            begin_wait(engagement, WaitReason.GDAP, awaited=_("GDAP access"), by=by, at=at)
        else:
            end_wait(engagement, WaitReason.GDAP, by=by, at=at)


def hold() -> None:
    """Two who read at once write one after the other."""
    ask("SELECT 1 FROM pg_advisory_xact_lock(hashtext('billing.gdap'))")


def active(engagement: Engagement) -> bool:
    """Whether work on it could start now: with the roles that it names, as the last reading said within a day."""
    answer = ask(
        "SELECT gdap_active(%s, (SELECT gdap_roles FROM billing_engagement WHERE id = %s), countersign_now())",
        engagement.ticket.customer_id,
        engagement.pk,
    )
    return answer[0]
