"""Late work on its way off the list: booked, under an approval that has room for it or otherwise, or dismissed with a reason."""

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import timing
from billing.allowed import must_hold
from billing.models import Approval, LateDismissal, LateWork, Month
from billing.months import month_of
from billing.piece import Booked, Work, hold, write
from billing.rules import ask, verb
from billing.unbilled import bounds
from support.actors import Actor
from support.models import LegalEntity
from support.naming import is_said
from support.refusal import Refused


class How(models.TextChoices):
    AS_TOLD = "as_told", gettext_lazy("As it was told")
    WITHOUT_VISIT = "without_visit", gettext_lazy("Without a visit: none is billed for it")
    UNAPPROVED = "unapproved", gettext_lazy("As unapproved: it is not billed")


@verb
def take_in(kept: LateWork, *, how: str = How.AS_TOLD, by: Actor, at: datetime) -> Booked:
    """Book it after its month was reopened, or what was in its way is gone. Refused while it is not.

    What was told as approved is booked under an approval that was in force as it began and has room now, or not at all;
    `how` books it otherwise. Where there is room for a part, the rest is kept as unapproved, as with any work.
    """
    engagement = kept.engagement
    engagement.lock()
    must_wait(kept)
    approval = None if how == How.UNAPPROVED else _with_room(kept, how)
    offers_visits = approval is None or approval.offer.visits > 0
    work = Work(
        engagement=engagement,
        approval=approval,
        person=kept.person,
        started_at=kept.started_at,
        stopped_at=kept.stopped_at,
        text=kept.text,
        by=by,
        piece=kept.piece,
        on_site=kept.on_site and (how != How.WITHOUT_VISIT or offers_visits),
        visit=how != How.WITHOUT_VISIT,
    )
    held = hold(engagement, approval, kept.started_at, kept.stopped_at)
    if held.closed:
        raise Refused(held.closed)
    timing.must_have_room(work, held)
    return timing.told(write(work, held), engagement, by, at)


@verb
def dismiss(kept: LateWork, *, reason: str, by: Actor, at: datetime) -> LateDismissal:
    """Take it off the list: it stands on no time sheet and bills nothing. It stays on record with the reason."""
    must_hold(
        "billing.dismiss_latework", by, _("Only finance or a support manager takes late work off the list.")
    )
    if not is_said(reason):
        raise Refused(_("Write down why."), "reason")
    kept.engagement.lock()
    must_wait(kept)
    made = LateDismissal(late=kept, reason=reason.strip())
    made.actor = by
    made.save(force_insert=True)
    return made


def dismissed(entity: LegalEntity, month: date) -> QuerySet[LateDismissal]:
    """Of work that began in this month, in the legal entity's zone, the oldest first."""
    begins, ends = bounds(entity, month)
    rows = LateDismissal.objects.filter(
        late__engagement__contract__legal_entity=entity,
        late__started_at__gte=begins,
        late__started_at__lt=ends,
    )
    return rows.select_related("late__person", "late__engagement").order_by("late__started_at", "pk")


def waiting(entity: LegalEntity, at_most: int = 100) -> list[tuple[LateWork, bool]]:
    """What still stands on no time sheet, the oldest first; each with whether its month takes time."""
    rows = LateWork.objects.waiting().filter(engagement__contract__legal_entity=entity)
    rows = rows.select_related("person", "engagement").order_by("started_at", "pk")[:at_most]
    closed = set(
        Month.objects.filter(legal_entity=entity, closed_at__isnull=False).values_list("month", flat=True)
        if rows
        else ()
    )
    return [(kept, month_of(entity, kept.started_at) not in closed) for kept in rows]


def must_wait(kept: LateWork) -> None:
    """Refused where it is off the list."""
    if not LateWork.objects.waiting().filter(pk=kept.pk).exists():
        raise Refused(_("This work has been booked already, or taken off the list."))


def ways_of(kept: LateWork) -> list[How]:
    """How else than as it was told this work can be booked."""
    if kept.approval_id is None:
        return []
    return [how for how in How if how != How.AS_TOLD and (kept.on_site or how != How.WITHOUT_VISIT)]


def _with_room(kept: LateWork, how: str) -> Approval | None:
    """The approval that it was told under, if that has room for all of it, and a visit where one is told; else whichever in force
    then has the most."""
    if kept.approval is None:
        return None
    kept.approval.balance.refresh_from_db()
    minutes = (kept.stopped_at - kept.started_at) / timedelta(minutes=1)
    fixed = kept.approval.offer.fixed_price > 0
    on_site = kept.on_site and how != How.WITHOUT_VISIT
    if fixed or (kept.approval.balance.room >= minutes and not (on_site and _used_up(kept.approval))):
        return kept.approval
    try:
        return timing.approval_for(kept.engagement, kept.started_at, kept.stopped_at, on_site=on_site)
    except timing.NoVisit as lacking:
        raise Refused(
            _(
                "No approval of then has both a visit and time left: book it without a visit, or as unapproved."
            )
        ) from lacking


def _used_up(approval: Approval) -> bool:
    return approval.offer.visits > 0 and ask("SELECT visits_left(%s)", approval.pk)[0] < 1
