"""New versions of a calendar: rows are only added, and nothing that is pinned moves by itself."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from support.actors import Actor
from support.calendars.plan import business_calendar, plan_of, whole_days
from support.catalogue.problems import DefinitionRefused
from support.clocks.calendar import NeverOpen
from support.models import CalendarVersion
from support.refusal import Refused

A_YEAR = timedelta(days=366)


def newest() -> QuerySet[CalendarVersion]:
    """Each calendar once, in its newest version."""
    return CalendarVersion.objects.order_by("name", "-version").distinct("name")


def must_open(data: Mapping[str, Any], at: datetime) -> None:
    """Raises Refused for a calendar without an open hour in the year to come: no target could be met in it."""
    try:
        opens = business_calendar(data).next_opening(at)
    except (NeverOpen, DefinitionRefused):  # no hour in any week is refused as a definition, too
        opens = None
    if opens is None or opens > at + A_YEAR:
        raise Refused(_("It is never open in the year to come: give at least one day its hours."), "mon")


def must_agree(data: Mapping[str, Any]) -> None:
    """Raises Refused where a day that is closed from midnight to midnight has hours, or a day has its hours twice."""
    said = plan_of(data)
    closed, hours = whole_days(said), [each.on for each in said.extra_days]
    if both := sorted(closed.keys() & set(hours)):
        raise Refused(_("%(day)s is open or closed, not both.") % {"day": both[0].isoformat()})
    if len(set(hours)) < len(hours):
        raise Refused(_("A day has its hours twice."))


@transaction.atomic
def save(code: str, data: Mapping[str, Any], *, after: int, by: Actor, at: datetime) -> CalendarVersion:
    """Add the version that follows `after`, 0 for a calendar that is new.

    Raises Refused where another version came in between, the code is taken, nothing would change, or its days disagree.
    """
    with connection.cursor() as cursor:  # of two at once, and of a load of files, one goes first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('support.versions.load'))")
    last = CalendarVersion.objects.filter(name=code).order_by("-version").first()
    if (last.version if last else 0) != after:
        raise Refused(_in_between(last, after), "" if after else "code")
    if last and last.data == data:
        raise Refused(_("Nothing is changed: version %(version)d says the same.") % {"version": after})
    must_open(data, at)
    must_agree(data)
    row = CalendarVersion(name=code, version=after + 1, data=data, added_at=at)
    # What an older version said may be said again: the place in the row belongs to what is hashed.
    written = json.dumps({"after": after, "data": data}, sort_keys=True, ensure_ascii=False)
    row.sha256, row.actor = hashlib.sha256(written.encode()).hexdigest(), by
    row.save(force_insert=True)
    return row


def _in_between(last: CalendarVersion | None, after: int) -> str:
    if last is None or not after:
        return _("There is a calendar with this code already: choose another one.")
    said = {"who": last.actor_name, "version": last.version}
    return _("%(who)s has saved version %(version)d in the meantime: open the page again.") % said
