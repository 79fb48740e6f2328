"""Months of the books: closed by finance, reopened by a manager with a reason."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from billing.allowed import must_hold
from billing.models import Month, MonthMove
from billing.rules import ask, verb
from billing.unbilled import hold_invoices
from support.actors import Actor
from support.models import LegalEntity
from support.naming import is_said
from support.refusal import Refused


@verb
def close(entity: LegalEntity, month: date, *, early: bool = False, by: Actor, at: datetime) -> MonthMove:
    """No entry is added to this month or changed in it from now on; bookings in the air are waited for.

    Refused while the month is not over, unless `early` says that this is meant, and while drafts of it are not issued.
    """
    must_hold("billing.close_month", by, _("Only finance or a support manager closes a month."))
    [now] = ask("SELECT countersign_now()")
    if not early and month.replace(day=1) >= month_of(entity, now):
        raise Refused(_("This month is not over yet: close it from its last midnight on."))
    hold_invoices(entity, month.replace(day=1))  # a draft that is being written is waited for, and seen
    return _move(entity, month, MonthMove.What.CLOSED, "", by)


@verb
def reopen(entity: LegalEntity, month: date, *, reason: str, by: Actor, at: datetime) -> MonthMove:
    """Take entries again; issued invoices stay as they are."""
    must_hold("billing.reopen_month", by, _("Only a support manager reopens a month."))
    if not is_said(reason):
        raise Refused(_("Write down why."), "reason")
    return _move(entity, month, MonthMove.What.REOPENED, reason.strip(), by)


def is_closed(entity: LegalEntity, month: date) -> bool:
    return Month.objects.filter(legal_entity=entity, month=month, closed_at__isnull=False).exists()


def month_of(entity: LegalEntity, at: datetime) -> date:
    """The first day of the month that an instant belongs to, in the legal entity's zone."""
    return at.astimezone(ZoneInfo(entity.time_zone)).date().replace(day=1)


def _move(entity: LegalEntity, month: date, what: str, reason: str, by: Actor) -> MonthMove:
    move = MonthMove(legal_entity=entity, month=month.replace(day=1), what=what, reason=reason)
    move.actor = by
    move.save(force_insert=True)
    return move
