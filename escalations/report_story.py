"""What happened in an incident, as its report tells the customer: from what he could read all along, and nothing of the desk's."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from escalations.models import IncidentReport, Notice, Outage, OutageStep
from support import saying
from support.desk.telling import PARTIES
from support.models import Event, Outcome, Ticket, Visibility
from support.models.waits import REASONS

# No name of a person is in it, and no words that were written to one side only.
OF_A_TICKET = {
    "ticket.opened": gettext_lazy("It was reported to us."),
    "priority.agreed": gettext_lazy("Its priority was agreed: {level}."),
    "message.sent": gettext_lazy("We wrote to you."),
    "message.received": gettext_lazy("You wrote to us."),
    "call.made": gettext_lazy("We called you."),
    "call.taken": gettext_lazy("You called us."),
    "workaround.given": gettext_lazy("We gave you a workaround."),
    "plan.given": gettext_lazy("We gave you a plan of how the service is restored."),
    "commitment.made": gettext_lazy("We named a time by which it is solved."),
    "commitment.changed": gettext_lazy("We named another time by which it is solved."),
    "wait.started": gettext_lazy("The work waited for {wait}."),
    "wait.ended": gettext_lazy("The work went on."),
    "escalation.raised": gettext_lazy("It was escalated."),
    "case.opened": gettext_lazy("A case was opened with {vendor}."),
    "case.closed": gettext_lazy("The case with {vendor} was closed."),
    "outage.linked": gettext_lazy("An outage was found behind it."),
    "ticket.reopened": gettext_lazy("It came back."),
    "ticket.restored": gettext_lazy("The service was restored."),
    "ticket.resolved": gettext_lazy("It ended: {outcome}."),
}
OF_AN_OUTAGE = {
    OutageStep.Kind.BRIDGE: gettext_lazy("A bridge call was opened."),
    OutageStep.Kind.RESOLVED: gettext_lazy("It was over, as far as we saw, and we tried whether it was."),
    OutageStep.Kind.UNRESOLVED: gettext_lazy("It was not over after all."),
    OutageStep.Kind.VALIDATED: gettext_lazy("It was tried, and it worked."),
}


def told(report: IncidentReport) -> list[dict[str, str]]:
    """In order, as it stands now: instants in UTC, and one sentence each in the house's own language."""
    with translation.override(settings.LANGUAGE_CODE):
        found = _of_outage(report.outage) if report.outage else _of_ticket(report.subject)
        return [{"at": at.isoformat(), "text": text} for at, text in sorted(found, key=lambda each: each[0])]


def shown(story: list[dict[str, str]], zone: tzinfo) -> list[tuple[str, str]]:
    """The instants as somebody in this zone reads them."""
    return [
        (saying.instant(datetime.fromisoformat(each["at"]), zone, dated=True), each["text"]) for each in story
    ]


def _of_ticket(ticket: Ticket) -> Iterator[tuple[datetime, str]]:
    events = Event.objects.filter(ticket=ticket, kind__in=OF_A_TICKET, visibility=Visibility.CUSTOMER)
    reasons, outcomes = dict(REASONS), dict(Outcome.choices)
    for event in events.order_by("seq"):
        facts = event.facts
        words = {
            "level": facts.get("level", ""),
            "wait": f"{reasons.get(facts.get('reason', ''), _('something'))}".lower(),
            "vendor": PARTIES.get(facts.get("vendor", ""), _("the vendor")),
            "outcome": f"{outcomes.get(facts.get('outcome', ''), _('resolved'))}".lower(),
        }
        at = datetime.fromisoformat(facts.get("happened_at") or event.at.isoformat())
        yield at, f"{OF_A_TICKET[event.kind]}".format_map(words)


def _of_outage(outage: Outage) -> Iterator[tuple[datetime, str]]:
    """What its audience was told, and the steps without what the desk noted on them."""
    yield outage.began_at, _("It began, as far as it is known.")
    yield outage.declared_at, _("We declared the outage.")
    for step in outage.steps.order_by("id"):
        yield step.at, f"{OF_AN_OUTAGE[OutageStep.Kind(step.kind)]}"
    for notice in outage.notices.filter(what=Notice.What.SENT).order_by("position"):
        said = {"kind": notice.get_kind_display(), "details": " ".join(notice.details.split())}
        yield notice.at, _("%(kind)s: %(details)s") % said
    if outage.ended_at:
        yield outage.ended_at, _("It was over.")
