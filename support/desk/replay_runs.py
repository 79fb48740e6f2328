"""A replay in the background: asked for, followed, cancelled, removed."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from support import jobs, versions
from support.desk import replayed, replaying
from support.desk.replay import tickets_of
from support.models import Customer, ReplayRun, ServiceVersion, User
from support.refusal import Refused

SHOWN = 200  # flips that are kept; the command prints all of them
MOST = 5  # at work or waiting for it, of one person
LONGEST = timedelta(days=366 * 3)


class Cancelled(Exception):
    """Somebody took it back while it was counted."""


@transaction.atomic
def ask(
    service: ServiceVersion, first: date, last: date, customer: Customer | None, *, by: User, at: datetime
) -> ReplayRun:
    """Queue a replay of the tickets opened in these months, both included. Raises Refused."""
    if last < first:
        raise Refused(_("The last month lies before the first."), "last")
    if last - first > LONGEST:
        raise Refused(_("Three years at the most: choose fewer months."), "last")
    if ReplayRun.objects.filter(asked_by=by, ended_at=None).count() >= MOST:
        raise Refused(_("%(most)d of yours are at work: wait for one, or cancel it.") % {"most": MOST})
    run = ReplayRun.objects.create(
        service=service, first_on=first, last_on=last, customer=customer, asked_by=by, asked_at=at
    )
    jobs.defer("support.replay", run=run.pk)
    return run


def remove(run: ReplayRun) -> None:
    """Cancel it where it is at work, and leave nothing of it: the counting stops at its next chunk."""
    ReplayRun.objects.filter(pk=run.pk).delete()


def perform(number: int) -> None:
    """The job. Run again after its worker was killed, it counts from the beginning; of a removed one nothing is left."""
    run = ReplayRun.objects.select_related("service", "asked_by").filter(pk=number, ended_at=None).first()
    if run is None:
        return
    try:
        _count(run)
    except Cancelled:
        return
    except Exception as error:
        _end(run, error=f"{error}"[:300] or type(error).__name__)
        raise


def _count(run: ReplayRun) -> None:
    tickets = tickets_of(run.first_on, run.last_on, run.customer)
    _say(run, total=len(tickets), done=0)
    done = replaying.run(
        tickets, f"{run.service.code}@{run.service.version}", lambda counted: _say(run, done=counted)
    )
    zone = ZoneInfo(run.asked_by.time_zone)
    with translation.override(run.asked_by.locale), timezone.override(zone):
        result = {
            "tickets": done.tickets,
            "clocks": replayed.clocks(done),
            "objectives": list(replayed.objectives(done, versions.definition(run.service))),
            "flips": len(done.flips),
            "flipped": replayed.flips(done.flips[:SHOWN], zone),
            "left": done.left[:SHOWN],
        }
    _end(run, result=result)


def _say(run: ReplayRun, **fields) -> None:
    if not ReplayRun.objects.filter(pk=run.pk).update(**fields):
        raise Cancelled


def _end(run: ReplayRun, **fields) -> None:
    ReplayRun.objects.filter(pk=run.pk).update(ended_at=timezone.now(), **fields)
