"""The demo's log of calls and chats: most are answered in time, some late, a few callers give up."""

import random
from datetime import datetime, timedelta

from config.demo.month import Month
from support import versions
from support.actors import Actor
from support.desk import calling
from support.desk.answers import objective
from support.models import CallChannel, Contract

CALLS = {CallChannel.PHONE: 46, CallChannel.CHAT: 17}
BY = Actor.system("phone system")


def play(contract: Contract, month: Month, now: datetime) -> None:
    """A month's, and a few of the month that goes on, where the service aims at a time to answer."""
    draw = random.Random(f"countersign calls {month} {contract.number}")  # noqa: S311
    starts, ends = month.starts(contract.holder.time_zone), month.ends(contract.holder.time_zone)
    for channel, n in CALLS.items():
        if objective(versions.definition(contract.support_service), channel):
            for first, last, many in ((starts, ends, n), (ends, now, n // 3)):
                _tell(contract, channel, draw, first, last - timedelta(minutes=10), many, now)


def _tell(contract, channel, draw, first, last, many, now) -> None:
    span = (last - first).total_seconds()
    for _ in range(many if span > 0 else 0):
        answered = draw.random() < 0.9
        calling.tell(
            contract,
            channel=channel,
            offered_at=first + timedelta(seconds=round(draw.uniform(0, span))),
            waited=timedelta(seconds=round(draw.expovariate(1 / 55))),
            answered=answered,
            by=BY,
            at=now,
        )
