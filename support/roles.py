"""Who may do what: the only source of permissions. URL names and codenames as strings, so this imports nothing of ours."""

from enum import StrEnum
from functools import cache


class Role(StrEnum):
    AGENT = "Agents"
    MANAGER = "Support managers"
    FINANCE = "Finance"
    CUSTOMER = "Customers"


PUBLIC = "public"  # without signing in
SIGNED_IN = "signed in"  # any person
DESK = frozenset({Role.AGENT, Role.MANAGER, Role.FINANCE})
WORK = frozenset({Role.AGENT, Role.MANAGER})  # those who act on tickets; finance reads them
MONEY = frozenset({Role.FINANCE, Role.MANAGER})  # finance acts, managers read

# URL name → who may open it. A name that ends in * stands for a whole namespace or prefix; the longest fit wins.
PAGES: dict[str, frozenset[str] | str] = {
    "healthz": PUBLIC,
    "home": PUBLIC,  # leads on, each where he may go
    "first-day": PUBLIC,  # on an empty database, where a code from the server says who begins
    "first-day-manager": PUBLIC,
    "first-day-*": frozenset({Role.MANAGER}),
    "account_*": PUBLIC,  # allauth asks for the sign-in itself where its pages need one
    "account_email": frozenset(),  # an address is what a manager knows a person by: nobody changes his own
    "mfa_*": PUBLIC,
    "admin:*": frozenset({Role.MANAGER, Role.FINANCE}),  # what of it, model by model, stands below
    "admin:index": frozenset({Role.MANAGER, Role.FINANCE}),
    "support:file-download": SIGNED_IN,
    "support:profile": SIGNED_IN,
    "support:staff-*": frozenset({Role.MANAGER}),
    "support:deadline-list": DESK,
    "support:replay-*": frozenset({Role.MANAGER}),
    "support:inbound-list": DESK,
    "support:inbound-page": DESK,
    "support:inbound-raw": DESK,
    "support:inbound-*": WORK,
    "support:calendar-list": DESK,
    "support:calendar-page": DESK,
    "support:calendar-tickets": DESK,
    "support:calendar-*": frozenset({Role.MANAGER}),
    "support:call-list": DESK,
    "support:call-*": WORK,
    "support:own-*": frozenset({Role.CUSTOMER}),
    "support:ticket-list": DESK,
    "support:view-*": DESK,
    "support:ticket-page": DESK,
    "support:ticket-raise": WORK,
    "support:ticket-*": WORK,
    "support:wait-end": WORK,
    "billing:own-*": frozenset({Role.CUSTOMER}),
    "billing:book-*": frozenset({Role.MANAGER}),
    "billing:scope-decide": WORK,
    "billing:way-*": WORK,
    "billing:way-answer": frozenset({Role.MANAGER}),
    "billing:engagement-list": DESK,
    "billing:engagement-page": DESK,
    "billing:engagement-request": WORK,
    "billing:engagement-finish": WORK,
    "billing:engagement-withdraw": WORK,
    "billing:engagement-priority": WORK,
    "billing:statement-write": WORK,
    "billing:statement-page": DESK,
    "billing:statement-pdf": DESK,
    "billing:offer-send": WORK,
    "billing:offer-invite": WORK,
    "billing:offer-withdraw": WORK,
    "billing:approval-withdraw": WORK,
    "billing:copy-send": WORK,
    "billing:written-*": WORK,
    "billing:assist-page": DESK,
    "billing:assist-*": WORK,
    "billing:timer-*": WORK,
    "billing:time-book": WORK,
    "billing:inside-*": WORK,
    "billing:week-page": WORK,
    "billing:time-review": frozenset({Role.MANAGER}),
    "billing:time-cancel": WORK,
    "billing:gdap-*": frozenset({Role.MANAGER}),
    "billing:finance-page": MONEY,
    "billing:month-list": MONEY,
    "billing:month-page": MONEY,
    "billing:month-*": frozenset({Role.FINANCE}),
    "billing:month-reopen": frozenset({Role.MANAGER}),
    "billing:late-take": MONEY,
    "billing:invoice-page": MONEY,
    "billing:invoice-pdf": MONEY,
    "billing:invoice-send": frozenset({Role.FINANCE}),
    "billing:line-trace": MONEY,
    "billing:line-evidence": MONEY,
    "billing:invoice-credit": frozenset({Role.FINANCE}),
    "billing:invoice-paid": frozenset({Role.FINANCE}),
    "billing:invoice-note": frozenset({Role.FINANCE}),
    "billing:export-download": MONEY,
    "billing:export-void": frozenset({Role.FINANCE}),
    "billing:export-page": MONEY,
    "billing:price-deliver": WORK,
    "billing:offer-statement": PUBLIC,
    "billing:offer-answer": PUBLIC,  # the link and the code say who answers
    "billing:offer-code": PUBLIC,
    "billing:offer-prove": PUBLIC,
    "billing:offer-approve": PUBLIC,
    "billing:offer-decline": PUBLIC,
    "escalations:ticket-escalate": WORK,
    "escalations:escalation-*": WORK,
    "escalations:vendor-list": DESK,
    "escalations:vendor-page": DESK,
    "escalations:vendor-*": WORK,
    "escalations:escalation-list": DESK,
    "escalations:level-page": DESK,
    "escalations:level-*": WORK,
    "escalations:engineering-list": DESK,
    "escalations:engineering-review": WORK,
    "escalations:management-list": DESK,
    "escalations:management-*": frozenset({Role.MANAGER}),
    "escalations:own-*": frozenset({Role.CUSTOMER}),
    "escalations:objective-list": DESK,
    "escalations:review-*": DESK | {Role.CUSTOMER},
}

VIEW, CHANGE, ADD = "view", "change", "add"
EVERYTHING = (VIEW, ADD, CHANGE)
_LOOK_UP = {
    "support.legalentity": (VIEW,),
    "support.customer": (VIEW,),
    "support.contact": (VIEW,),
    "support.partnergrant": (VIEW,),
    "support.product": (VIEW,),
    "support.productversion": (VIEW,),
    "support.contract": (VIEW,),
    "support.contractline": (VIEW,),
    "support.contractcalendar": (VIEW,),
    "support.calendarversion": (VIEW,),
    "support.calendarmove": (VIEW,),
    "support.serviceversion": (VIEW,),
    "support.file": (VIEW,),
    "support.mail": (VIEW,),
    "support.team": (VIEW,),
    "support.ticket": (VIEW,),
    "support.event": (VIEW,),
    "support.message": (VIEW,),
    "support.wait": (VIEW,),
    "support.clock": (VIEW,),
    "support.alarm": (VIEW,),
    "support.callrecord": (VIEW,),
    "support.inboundmail": (VIEW,),
    "support.callstriking": (VIEW,),
}

_ENGAGEMENTS = {
    "billing.ratecard": (VIEW,),
    "billing.surcharge": (VIEW,),
    "billing.contractrate": (VIEW,),
    "billing.scopedecision": (VIEW,),
    "billing.waystep": (VIEW,),
    "billing.engagement": (VIEW,),
    "billing.offer": (VIEW,),
    "billing.offerend": (VIEW,),
    "billing.statementofwork": (VIEW,),
    "billing.assistpack": (VIEW,),
    "billing.assisthandover": (VIEW,),
    "billing.assisttaking": (VIEW,),
    "billing.assistnote": (VIEW,),
    "billing.signature": (VIEW,),
    "billing.writtenyes": (VIEW,),
    "billing.writtencheck": (VIEW,),
    "billing.approval": (VIEW,),
    "billing.approvalend": (VIEW,),
    "billing.delivery": (VIEW,),
    "billing.approvalbalance": (VIEW,),
    "billing.evidencelink": (VIEW,),
    "billing.gdapact": (VIEW,),
    "billing.gdapreading": (VIEW,),
    "billing.gdaprelationship": (VIEW,),
    "billing.timeentry": (VIEW,),
    "billing.latework": (VIEW,),
    "billing.tickettime": (VIEW,),
    "billing.month": (VIEW,),
    "billing.monthmove": (VIEW,),
    "billing.invitation": (VIEW,),
    "billing.timer": (VIEW,),
    "escalations.escalation": (VIEW,),
    "escalations.escalationacknowledgement": (VIEW,),
    "escalations.escalationclosing": (VIEW,),
    "escalations.vendorcase": (VIEW,),
    "escalations.vendorstep": (VIEW,),
    "escalations.vendorescalation": (VIEW,),
    "escalations.escalationacceptance": (VIEW,),
    "escalations.escalationdecline": (VIEW,),
    "escalations.escalationact": (VIEW,),
    "escalations.escalationstepdown": (VIEW,),
    "escalations.laddercontact": (VIEW,),
    "escalations.faultreport": (VIEW,),
    "escalations.levelmove": (VIEW,),
    "escalations.engineeringreview": (VIEW,),
    "escalations.managementescalation": (VIEW,),
    "escalations.managementtaking": (VIEW,),
    "escalations.managementupdate": (VIEW,),
    "escalations.managementclosing": (VIEW,),
}
_ENGAGING = {
    **_ENGAGEMENTS,
    "billing.scopedecision": (VIEW, ADD),
    "billing.engagement": EVERYTHING,
    "billing.statementofwork": (VIEW, ADD),
    "billing.offer": (VIEW, ADD),
    "billing.offerend": (VIEW, ADD),
    "billing.approvalend": (VIEW, ADD),
    "billing.timer": (VIEW, ADD, "delete"),
    "billing.timeentry": EVERYTHING,
}
_INVOICES = {
    "billing.invoice": (VIEW,),
    "billing.invoiceline": (VIEW,),
    "billing.invoicenote": (VIEW,),
    "billing.exportbatch": (VIEW,),
    "billing.exportvoid": (VIEW,),
    "billing.financetarget": (VIEW,),
    "billing.billedentry": (VIEW,),
    "billing.billeddelivery": (VIEW,),
}

# Role → model → what, as Django's permissions: the admin and the verbs ask for these.
MODELS: dict[Role, dict[str, tuple[str, ...]]] = {
    Role.AGENT: {**_LOOK_UP, **_ENGAGING, "support.contact": EVERYTHING},
    Role.MANAGER: {
        **_LOOK_UP,
        **_ENGAGING,
        **_INVOICES,
        "billing.ratecard": EVERYTHING,
        "billing.surcharge": (*EVERYTHING, "delete"),
        "billing.contractrate": EVERYTHING,
        "billing.purchaseorder": EVERYTHING,
        "billing.scopedecision": (VIEW, ADD, "override"),
        "billing.gdapact": (VIEW, ADD),
        "billing.gdapreading": (VIEW, ADD),
        "billing.month": (VIEW, "close", "reopen"),
        "escalations.laddercontact": EVERYTHING,
        "support.legalentity": EVERYTHING,
        "support.customer": EVERYTHING,
        "support.contact": EVERYTHING,
        "support.partnergrant": (*EVERYTHING, "delete"),
        "support.product": EVERYTHING,
        "support.productversion": EVERYTHING,
        "support.contract": EVERYTHING,
        "support.contractline": (*EVERYTHING, "delete"),
        "support.contractcalendar": (*EVERYTHING, "delete"),
        "support.mail": (VIEW, CHANGE),
        "support.team": EVERYTHING,
        "support.ticket": (VIEW, CHANGE),
        "support.user": EVERYTHING,
        "auth.group": (VIEW,),
        "procrastinate.procrastinatejob": (VIEW, CHANGE),
        "procrastinate.procrastinateevent": (VIEW,),
    },
    Role.FINANCE: {
        **_LOOK_UP,
        **_ENGAGEMENTS,
        "support.legalentity": (VIEW, CHANGE),
        "support.customer": (VIEW, CHANGE),
        "billing.invoice": EVERYTHING,
        "billing.invoiceline": (VIEW,),
        "billing.invoicenote": (VIEW, ADD),
        "billing.exportbatch": (VIEW, ADD),
        "billing.exportvoid": (VIEW, ADD),
        "billing.financetarget": EVERYTHING,
        "billing.purchaseorder": EVERYTHING,
        "billing.month": (VIEW, "close"),
    },
    Role.CUSTOMER: {},
}


@cache
def of_page(name: str) -> frozenset[str] | str | None:
    """Who may open the page of this URL name; None when the table does not know it, and then nobody may."""
    fits = [key for key in PAGES if key == name or (key.endswith("*") and name.startswith(key[:-1]))]
    return PAGES[max(fits, key=len)] if fits else None


def may_open(user, name: str) -> bool:
    """Whether this person, or nobody in particular, may open the page of this URL name."""
    allowed = of_page(name)
    if allowed == PUBLIC or not allowed or not user.is_authenticated:
        return allowed == PUBLIC
    return allowed == SIGNED_IN or user.is_superuser or bool(allowed & user.roles)


def codenames(role: Role) -> set[tuple[str, str]]:
    """(app label, codename) of every permission of a role: ("support", "view_customer")."""
    return {
        (app, f"{action}_{model}")
        for (app, model), actions in ((key.split("."), value) for key, value in MODELS[role].items())
        for action in actions
    }
