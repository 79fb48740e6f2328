"""Whether calls and chats were answered in the time that the service names."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from support import saying, versions
from support.catalogue.definition import Definition
from support.catalogue.promises import Measure, Objective
from support.models import CallRecord

MEASURES = {"phone": Measure.PHONE_ANSWER, "chat": Measure.CHAT_ANSWER}
MET, MISSED, LEFT_OUT, UNJUDGED = "met", "missed", "left out", "unjudged"


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of the log, worked out for the template."""

    record: CallRecord
    offered: str
    ended: str
    result: str
    words: str
    struck: str


def objective(definition: Definition, channel: str) -> Objective | None:
    """What the service aims at for answers on this channel."""
    return next((aim for aim in definition.objectives if aim.measure is MEASURES[channel]), None)


def judged(answered: bool, waited: timedelta, within: timedelta) -> str:
    """Met when answered in time; given up before that time says nothing; everything else is missed."""
    if answered:
        return MET if waited <= within else MISSED
    return LEFT_OUT if waited < within else MISSED


def shown(record: CallRecord, now: datetime) -> Shown:
    waited = record.ended_at - record.offered_at
    ended = _("Answered after %(time)s") if record.answered_at else _("Abandoned after %(time)s")
    result = _result(record, waited)
    words = {
        MET: _("in time"),
        MISSED: _("missed"),
        LEFT_OUT: _("left out"),
        UNJUDGED: _("no objective"),
    }
    striking = getattr(record, "striking", None)
    return Shown(
        record=record,
        offered=saying.here(record.offered_at, now),
        ended=ended % {"time": _seconds(waited)},
        result="" if striking else result,
        words=words[result],
        struck=_("Struck out by %(who)s: %(why)s") % {"who": striking.actor_name, "why": striking.reason}
        if striking
        else "",
    )


def _result(record: CallRecord, waited: timedelta) -> str:
    service = record.contract.support_service
    aim = objective(versions.definition(service), record.channel) if service else None
    if aim is None:
        return UNJUDGED
    return judged(record.answered_at is not None, waited, timedelta(seconds=aim.within.seconds))


def _seconds(waited: timedelta) -> str:
    seconds = int(waited.total_seconds())
    return _("%(n)d s") % {"n": seconds} if seconds < 600 else saying.duration(seconds / 60)
