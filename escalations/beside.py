"""What a ticket's vendor panel and a case's page show: our clocks beside the vendor's, the slack, and the duties of a severity."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from escalations.models import VendorCase
from escalations.slack import Pair, Promise, pairs
from support import saying, versions
from support.catalogue.promises import Step
from support.clocks.judging import SPEAKING
from support.clocks.terms import ClockKind, Owes
from support.explaining.words import KINDS
from support.models import Clock


@dataclass(frozen=True, slots=True)
class Row:
    """One promise of ours beside one of the vendor's, in the reader's zone; `state` is "good", "bad" or ""."""

    ours: str
    theirs: str
    slack: str
    state: str


@dataclass(frozen=True, slots=True)
class Beside:
    rows: tuple[Row, ...]
    warnings: tuple[str, ...]


def beside(cases: Iterable[VendorCase], clocks: Sequence[Clock], at: datetime) -> Beside:
    """Of a ticket's clocks: each of ours that is open beside each that a vendor of these cases still owes."""
    cases = {case.pk: case for case in cases if not case.closed}
    ours = {clock.key: clock for clock in clocks if clock.open and clock.owed_by == Owes.PROVIDER}
    theirs = {
        clock.key: clock
        for clock in clocks
        if clock.open
        and clock.owed_by == Owes.VENDOR
        and clock.subject_kind == "case"
        and clock.subject_id in cases
    }
    found = list(pairs(map(_promise, ours.values()), map(_promise, theirs.values()), at))
    names = {key: cases[clock.subject_id].get_party_display() for key, clock in theirs.items()}
    rows = tuple(_row(pair, names[pair.theirs.key], at) for pair in found)
    warnings = dict.fromkeys(
        _warning(pair, names[pair.theirs.key], at)
        for pair in found
        if pair.too_late and ClockKind(pair.ours.kind) not in SPEAKING
    )
    return Beside(rows, tuple(warnings))


def step_of(case: VendorCase) -> Step | None:
    """The vendor's severity as its definition has it: what it asks of both sides."""
    if case.service_id is None:
        return None
    steps = versions.definition(versions.stored(case.service_id)).priorities
    return next((step for step in steps if step.code == case.severity), None)


def duties(case: VendorCase) -> list[tuple[str, str]]:
    """What the severity asks of us and the customer, and the hours in which the vendor works: duties, no clocks."""
    step = step_of(case)
    if step is None:
        return []
    found = [(_("Ours and the customer’s"), step.customer_duty)] if step.customer_duty else []
    return [*found, (_("The vendor’s"), _effort(step))] if step.effort else found


def _effort(step: Step) -> str:
    said = _("Works day and night.") if step.effort.hours == "continuous" else _("Works in business hours.")
    if step.effort.escalated:
        said += " " + _("Day and night only once it is escalated.")
    return f"{said} {step.effort.notified}".strip()


def _promise(clock: Clock) -> Promise:
    return Promise(clock.key, clock.kind, clock.due_at)


def _row(pair: Pair, vendor: str, at: datetime) -> Row:
    if pair.slack is None:
        return Row(_named(pair.ours, at), _theirs(pair, vendor, at), _("unknown while it waits"), "")
    minutes = pair.slack.total_seconds() / 60
    sign = "−" if pair.too_late else "+"
    return Row(
        _named(pair.ours, at),
        _theirs(pair, vendor, at),
        f"{sign}{saying.duration(abs(minutes))}",
        "bad" if pair.too_late else "good",
    )


def _named(promise: Promise, at: datetime) -> str:
    """ "Fix, 14:40"."""
    when = saying.here(promise.due_at, at) if promise.due_at else _("no due time while it waits")
    return f"{KINDS[ClockKind(promise.kind)]}, {when}"


def _theirs(pair: Pair, vendor: str, at: datetime) -> str:
    late = pair.theirs.due_at is not None and pair.theirs.due_at < at
    said = f"{vendor}: {_named(pair.theirs, at)}"
    return _("%(said)s, late already") % {"said": said} if late else said


def _warning(pair: Pair, vendor: str, at: datetime) -> str:
    facts = {
        "vendor": vendor,
        "ours": f"{KINDS[ClockKind(pair.ours.kind)]}",
        "due": saying.here(pair.ours.due_at, at),
        "until": saying.here(pair.theirs.due_at, at),
        "long": saying.duration(abs(pair.slack.total_seconds()) / 60),
    }
    if pair.ours.due_at < at:
        return _("%(ours)s was due %(due)s and still waits on %(vendor)s: our clock keeps running.") % facts
    return (
        _(
            "%(vendor)s may take until %(until)s, %(long)s after %(due)s, which is promised (%(ours)s). Our clock keeps "
            "running: send what you have, or agree another time with the customer."
        )
        % facts
    )
