"""The zone in which a customer's month is counted: the one that he had as it ended. Moved later, he rewrites no past month."""

from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject

from escalations.months import Month
from support.models import Customer

Said = list[dict[str, Any]]


def said(customer: str) -> ArraySubquery:
    """To annotate rows with: since when the customer of this column has which zone, in the order in which it was written."""
    rows = Customer.history.filter(id=OuterRef(customer)).order_by("history_id")
    return ArraySubquery(rows.values_list(JSONObject(since=F("history_date"), zone=F("time_zone"))))


def as_it_ended(month: Month, known: Said, at: datetime) -> Month:
    """The same month in the zone that held just before its end, or `at` while it goes on, from the end of the one before:
    no instant is in two months, and none in no month."""
    there, before = _in_its_zone(month, known, at), _in_its_zone(month.back(1), known, at)
    return there if before.end == there.start else replace(there, since=before.end)


def _in_its_zone(month: Month, known: Said, at: datetime) -> Month:
    """In the first zone in which it ended before the customer moved on; of a time before he was written down, as of the
    month in which he was."""
    moves = [(datetime.fromisoformat(each["since"]), ZoneInfo(each["zone"])) for each in known]
    moves = [move for move in moves if move[0] < at] or moves[:1]
    if not moves:
        return month
    first = Month.of(*moves[0])
    if (month.year, month.month) < (first.year, first.month):
        return replace(month, zone=_in_its_zone(first, known, at).zone, since=None)
    for (_since, zone), following in pairwise([*moves, None]):
        there = replace(month, zone=zone, since=None)
        if following is None or there.end <= following[0]:
            return there
    raise AssertionError("the last zone is followed by none")


def months_of(customer: Customer, text: str, at: datetime, count: int = 1) -> tuple[Month, ...]:
    """ "2026-10" of this customer's, with those before it that make up the count, the oldest first.

    Refused with the sentence why it is none. One query where he comes without `zones`.
    """
    month = Month.read(text, ZoneInfo(customer.time_zone))
    known = getattr(customer, "zones", None)
    if known is None:
        known = Customer.objects.filter(pk=customer.pk).values_list(said("pk"), flat=True).get()
    months = tuple(as_it_ended(month.back(n), known, at) for n in reversed(range(count)))
    months[-1].begun(at)
    return months


def current(customer: Customer, at: datetime) -> Month:
    """The month that goes on for a customer who comes with his `zones`."""
    month = as_it_ended(Month.of(at, ZoneInfo(customer.time_zone)), customer.zones, at)
    return month if at < month.end else month.back(-1)
