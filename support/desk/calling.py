"""Telling the log of calls what came in, and striking out what was told wrongly."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from support.actors import Actor
from support.models import CallRecord, CallStriking, Contract
from support.naming import is_said
from support.refusal import Refused


def tell(
    contract: Contract,
    *,
    channel: str,
    offered_at: datetime,
    waited: timedelta,
    answered: bool,
    by: Actor,
    at: datetime,
) -> CallRecord:
    """Add a call or chat that was offered and, after `waited`, answered or abandoned."""
    ended = offered_at + waited
    if ended > at:
        raise Refused(_("That call has not ended yet: write when it was offered."), "offered_at")
    if not covers(contract, offered_at):
        raise Refused(
            _("%(contract)s was not in force on that day.") % {"contract": contract.number}, "contract"
        )
    record = CallRecord(contract=contract, channel=channel, offered_at=offered_at, recorded_at=at)
    record.answered_at, record.abandoned_at = (ended, None) if answered else (None, ended)
    record.actor = by
    record.save()
    return record


def strike(record: CallRecord, *, reason: str, by: Actor, at: datetime) -> CallStriking:
    """Let a record count no more; it stays to be read, with the reason."""
    if not is_said(reason):
        raise Refused(_("Write why it is struck out."), "reason")
    striking = CallStriking(record=record, reason=reason.strip(), at=at)
    striking.actor = by
    try:
        with transaction.atomic():
            striking.save()
    except IntegrityError:
        raise Refused(_("It is struck out already.")) from None
    return striking


def covers(contract: Contract, at: datetime) -> bool:
    """Whether the contract's dates hold the holder's day of an instant."""
    day = at.astimezone(ZoneInfo(contract.holder.time_zone)).date()
    return contract.starts_on <= day and (contract.ends_on is None or day <= contract.ends_on)
