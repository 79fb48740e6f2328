"""Who may do what: the only source of permissions. URL names and codenames as strings, so this imports nothing of ours.

Which models of the records a role sees and changes stands in support.roles_in_records.
"""

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
    "support:workload": DESK,
    "support:ticket-*": WORK,
    "support:wait-end": WORK,
    "billing:own-*": frozenset({Role.CUSTOMER}),
    "billing:book-*": frozenset({Role.MANAGER}),
    "billing:scope-decide": WORK,
    "billing:way-*": WORK,
    "billing:way-answer": frozenset({Role.MANAGER}),
    "billing:engagement-list": DESK,
    "billing:engagement-page": DESK,
    "billing:engagement-*": WORK,
    "billing:statement-write": WORK,
    "billing:statement-page": DESK,
    "billing:statement-pdf": DESK,
    "billing:offer-page": DESK,
    "billing:offer-send": WORK,
    "billing:offer-invite": WORK,
    "billing:offer-withdraw": WORK,
    "billing:approval-withdraw": WORK,
    "billing:copy-send": WORK,
    "billing:written-*": WORK,
    "billing:assist-page": DESK,
    "billing:assist-*": WORK,
    "billing:timer-*": WORK,
    "billing:timer-take": frozenset({Role.MANAGER}),
    "billing:time-book": WORK,
    "billing:inside-*": WORK,
    "billing:week-page": WORK,
    "billing:time-review": frozenset({Role.MANAGER}),
    "billing:time-cancel": WORK,
    "billing:time-correct": WORK,
    "billing:gdap-*": frozenset({Role.MANAGER}),
    "billing:finance-page": MONEY,
    "billing:month-list": MONEY,
    "billing:month-page": MONEY,
    "billing:month-*": frozenset({Role.FINANCE}),
    "billing:month-reopen": frozenset({Role.MANAGER}),
    "billing:late-*": MONEY,
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
    "escalations:onsite-list": DESK,
    "escalations:onsite-page": DESK,
    "escalations:onsite-*": WORK,
    "escalations:morning-*": frozenset({Role.MANAGER}),
    "escalations:handoff-board": DESK,
    "escalations:handoff-*": WORK,
    "escalations:outage-list": DESK,
    "escalations:outage-page": DESK,
    "escalations:outage-received": DESK,
    "escalations:outage-close": frozenset({Role.MANAGER}),
    "escalations:outage-*": WORK,
    "escalations:own-outage": frozenset({Role.CUSTOMER}),
    "escalations:maintenance-list": DESK,
    "escalations:maintenance-page": DESK,
    "escalations:maintenance-received": DESK,
    "escalations:maintenance-*": WORK,
    "escalations:availability-list": DESK,
    "escalations:report-list": DESK,
    "escalations:report-page": DESK,
    "escalations:report-given": DESK,
    "escalations:report-*": WORK,
    "escalations:report-issue": frozenset({Role.MANAGER}),
    "escalations:objective-list": DESK,
    "escalations:review-*": DESK | {Role.CUSTOMER},
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
