"""The navigation: what a person's roles may open. A new page is one line of ENTRIES."""

from dataclasses import dataclass
from functools import cache
from itertools import groupby

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from support import roles

DESK, MANAGEMENT = "", _("Management")
# section, label, icon of _sprite.html, URL name. Order as shown; a name without a page yet is left out.
ENTRIES = [
    (DESK, _("Queue"), "inbox", "support:ticket-list"),
    (DESK, _("Raise a ticket"), "play", "support:ticket-raise"),
    (DESK, _("Engagements"), "pen", "billing:engagement-list"),
    (DESK, _("Hand-offs"), "globe", "escalations:handoff-board"),
    (DESK, _("Vendor cases"), "up", "escalations:vendor-list"),
    (DESK, _("Outages"), "alert", "escalations:outage-list"),
    (DESK, _("Maintenance"), "calendar", "escalations:maintenance-list"),
    (DESK, _("Time"), "check", "billing:week-page"),
    (DESK, _("Escalations"), "up", "escalations:escalation-list"),
    (DESK, _("Onsite"), "person", "escalations:onsite-list"),
    (DESK, _("Workload"), "people", "support:workload"),
    (DESK, _("Deadlines"), "clock", "support:deadline-list"),
    (DESK, _("Mail"), "mail", "support:inbound-list"),
    (DESK, _("Calls"), "phone", "support:call-list"),
    (MANAGEMENT, _("Morning"), "sun", "escalations:morning-page"),
    (MANAGEMENT, _("At management"), "alert", "escalations:management-list"),
    (MANAGEMENT, _("Engineering"), "pen", "escalations:engineering-list"),
    (MANAGEMENT, "GDAP", "key", "billing:gdap-list"),
    (MANAGEMENT, _("Finance"), "coins", "billing:finance-page"),
    (MANAGEMENT, _("Invoices"), "file", "billing:month-list"),
    (MANAGEMENT, _("Calendars"), "calendar", "support:calendar-list"),
    (MANAGEMENT, _("Objectives"), "target", "escalations:objective-list"),
    (MANAGEMENT, _("Availability"), "up", "escalations:availability-list"),
    (MANAGEMENT, _("Replay"), "reply", "support:replay-list"),
    (MANAGEMENT, _("Reviews"), "file", "escalations:review-list"),
    (MANAGEMENT, _("Incident reports"), "file", "escalations:report-list"),
    (MANAGEMENT, _("Staff"), "people", "support:staff-list"),
    (MANAGEMENT, _("Import"), "file", "billing:book-list"),
    (MANAGEMENT, _("Records"), "book", "admin:index"),
]
CUSTOMER_ENTRIES = [
    ("", _("Tickets"), "inbox", "support:own-list"),
    ("", _("Extra work"), "pen", "billing:own-engagement-list"),
    ("", _("Invoices"), "coins", "billing:own-invoice-list"),
    ("", _("Reviews"), "file", "escalations:review-list"),
    ("", _("Incidents"), "alert", "escalations:own-report-list"),
]


@dataclass
class Entry:
    section: str
    label: str
    icon: str
    url: str
    here: bool


def sections(request) -> list[tuple[str, list["Entry"]]]:
    """The title of each section with its entries, for the person of the request."""
    entries = ENTRIES if request.user.is_staff else CUSTOMER_ENTRIES
    found = [entry for entry in (_entry(request, *row) for row in entries) if entry]
    return [(section, list(group)) for section, group in groupby(found, lambda entry: entry.section)]


def _entry(request, section, label, icon, name):
    if not roles.may_open(request.user, name):
        return None
    url = _address(name)
    return Entry(section, label, icon, url, here=request.path == url) if url else None


@cache
def _address(name: str) -> str:
    """ "" where there is no such page; where one is, it stays while a process lives."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
