"""Whether work is inside the contract: judged by the lists of its services and the customer's CSP type, and written down."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import formats
from django.utils.translation import gettext as _

from billing import awaiting
from billing.allowed import must_hold
from billing.models import ScopeDecision
from billing.models.scope import ENGAGEMENT
from billing.rules import ask, verb
from support import timeline, versions
from support.actors import Actor
from support.catalogue.scope import Ask, ScopeItem, Verdict, Way
from support.models import Contract, Customer, ServiceVersion, Ticket
from support.naming import is_said
from support.refusal import Refused

IN, OUT = ScopeDecision.Scope
STANDARD = "standard"  # an engagement service's outcome for work that the support contract covers


@dataclass(frozen=True, slots=True)
class Listed:
    """One item of a list that holds for this contract."""

    service: ServiceVersion
    item: ScopeItem

    @property
    def offers(self) -> bool:
        """Whether it stands on the list of an engagement service, so that the work may be offered."""
        return self.service.kind == "engagement"


def items(contract: Contract | None) -> list[Listed]:
    """What an agent may cite: the items of the engagement service, then of the support service, for this CSP type."""
    services = [contract.engagement_service, contract.support_service] if contract else []
    return [
        Listed(service, item)
        for service in services
        if service is not None and (scope := versions.definition(service).scope)
        for item in scope.items
        if not item.csp_types or contract.csp in item.csp_types
    ]


def ways(service: ServiceVersion | None) -> dict[str, Way]:
    """The ways that a service knows for work that is out of its scope, besides an engagement. Standard support is none."""
    scope = versions.definition(service).scope if service is not None else None
    return {way.code: way for way in scope.outcomes if way.code != STANDARD} if scope else {}


def outcomes(contract: Contract | None) -> dict[str, Way]:
    """The ways of both services of a contract, the engagement service's first."""
    if contract is None:
        return {}
    return {**ways(contract.engagement_service), **ways(contract.support_service)}


def judge(listed: Listed, scope: str, outcome: str) -> bool:
    """Whether the list agrees; False means that only a manager may decide so. Refused for what nobody may.

    Work inside the standard scope is never an engagement, whoever decides.
    """
    item = listed.item
    if scope == IN:
        return item.outcome == STANDARD if listed.offers else item.verdict == Verdict.ELIGIBLE
    if outcome != ENGAGEMENT:
        return item.outcome != STANDARD if listed.offers else item.verdict != Verdict.ELIGIBLE
    if item.outcome == STANDARD or not (listed.offers or item.verdict == Verdict.NOT_ELIGIBLE):
        raise Refused(_("Work in the standard scope is never an engagement: it is done under the contract."))
    return listed.offers and item.verdict == Verdict.ELIGIBLE


@verb
def decide(
    ticket: Ticket,
    *,
    scope: str,
    reason: str,
    item: str = "",
    outcome: str = "",
    override: bool = False,
    by: Actor,
    at: datetime,
    **agreed,
) -> ScopeDecision:
    """Write down that a ticket's work is in or out of scope, by which item, and which way it goes.

    `outcome` of work that is out: "engagement", or one of `outcomes()`. Against the list it needs `override`, a
    manager and his reason. `agreed` says what the service asks for besides: agreed_with, agreed_at, consulted. Without a
    contract there is no list: out of scope, and no engagement. Raises Refused.
    """
    ticket.lock()
    if not is_said(reason):
        raise Refused(_("Write down why."), "reason")
    listed, outcome = _listed(ticket.contract, scope, item, outcome)
    against = listed is not None and not judge(listed, scope, outcome)
    if against:
        _must_override(listed, outcome, override, by)
    if scope == OUT and listed is not None and outcome != ENGAGEMENT:
        _must_answer(ticket, ways(listed.service)[outcome], agreed, at)
    decision = ScopeDecision(
        ticket=ticket,
        scope=scope,
        service=listed.service if listed else None,
        item=item,
        outcome=outcome,
        csp=ticket.contract.csp if ticket.contract else "",
        reason=reason.strip(),
        override=against,
        **agreed,
    )
    decision.actor = by
    _put_in_place_of(newest(ticket), decision, by, max(at, ticket.changed_at))
    return decision


def _put_in_place_of(before: ScopeDecision | None, decision: ScopeDecision, by: Actor, at: datetime) -> None:
    """From now on this decision counts; what the way of the one before it waited for is awaited no longer."""
    ticket = decision.ticket
    decision.save(force_insert=True)
    if before is not None:
        before.ticket = ticket
        awaiting.end(before, by=by, at=at)
    facts = {"scope": decision.scope, "item": decision.item, "override": decision.override}
    timeline.record(ticket, "scope.decided", by=by, at=at, **facts)


def newest(ticket: Ticket) -> ScopeDecision | None:
    """The decision that counts."""
    return ticket.scope_decisions.order_by("-id").first()


def item_of(decision: ScopeDecision) -> ScopeItem | None:
    """The item that was cited, as the version of the service that was read has it."""
    scope = versions.definition(versions.stored(decision.service_id)).scope if decision.service_id else None
    return next((each for each in scope.items if each.code == decision.item), None) if scope else None


def _listed(contract: Contract | None, scope: str, code: str, outcome: str) -> tuple[Listed | None, str]:
    """The item that is cited, and the way that is taken: the item's own where none is named."""
    if contract is None:
        if (scope, outcome) != (OUT, ""):
            raise Refused(
                _("Without a contract in force nothing is in scope, and nothing can be offered."), "scope"
            )
        return None, ""
    if not code:
        raise Refused(
            _("Choose the item of the list under which it falls; the nearest one, where none fits."), "item"
        )
    cited = [each for each in items(contract) if each.item.code == code]
    if not cited:
        raise Refused(
            _("Choose the item under which it falls; “%(code)s” is not on the list for this contract.")
            % {"code": code},
            "item",
        )
    # Both services may have an item of this name: the one that knows the way is meant.
    listed = next((each for each in cited if outcome in ways(each.service)), cited[0])
    if scope == IN:
        return listed, ""
    outcome = outcome or listed.item.outcome
    if outcome == ENGAGEMENT and contract.engagement_service is None:
        raise Refused(_("The contract names no engagement service."), "outcome")
    if outcome != ENGAGEMENT and outcome not in ways(listed.service):
        raise Refused(
            _("Choose the way that it goes: an engagement, or what %(service)s names for such work.")
            % {"service": listed.service.name},
            "outcome",
        )
    return listed, outcome


def _must_override(listed: Listed, outcome: str, override: bool, by: Actor) -> None:
    """In the service's own words: what the list says of this work, and who may decide otherwise."""
    facts = {"service": listed.service.name, "item": listed.item.text}
    if outcome == ENGAGEMENT and listed.item.verdict == Verdict.NOT_ELIGIBLE:
        against = _("By %(service)s “%(item)s” is not eligible as an engagement.") % facts
    else:
        against = _("The list says otherwise of “%(item)s”.") % facts
    if not override:
        own = versions.definition(listed.service).scope.override
        raise Refused(
            f"{against} {own or _('A support manager may decide a single case otherwise.')}", "item"
        )
    must_hold(
        "billing.override_scopedecision",
        by,
        against + " " + _("Only a support manager decides a single case otherwise."),
    )


def _must_answer(ticket: Ticket, way: Way, agreed: dict, at: datetime) -> None:
    """What the way asks for at once; estimate, order and manager come after the decision."""
    if Ask.AGREED in way.asks:
        if not is_said(str(agreed.get("agreed_with") or "")):
            raise Refused(_("Write down with whom of the customer or partner it was agreed."), "agreed_with")
        if agreed.get("agreed_at") is None:
            raise Refused(_("Write down when it was agreed."), "agreed_at")
        if agreed["agreed_at"] > at:
            raise Refused(_("Write when it was agreed, not when it will be."), "agreed_at")
    if Ask.CONSULTED in way.asks and not is_said(str(agreed.get("consulted") or "")):
        raise Refused(_("The head of support is consulted first: write down who that was."), "consulted")
    if Ask.ACCREDITED in way.asks:
        must_be_accredited(ticket.customer)


def must_be_accredited(customer: Customer) -> None:
    """Refused where neither the customer nor its partner is accredited today, by the partner's own calendar."""
    if ask("SELECT partner FROM accredited_partner(%s, countersign_now())", customer.pk) is None:
        partner = customer.partner or customer
        until = partner.accredited_until
        said = (
            _("%(name)s is disabled.")
            if not partner.active
            else _("The accreditation of %(name)s ended on %(day)s.")
            if until
            else _("%(name)s is not accredited.")
        )
        facts = {"name": partner.name, "day": until and formats.date_format(until)}
        raise Refused(
            _("This way is for an accredited partner alone.")
            + " "
            + said % facts
            + " "
            + _("A support manager writes an accreditation on the partner’s record."),
            "outcome",
        )
