"""GDAP in words: what keeps work from starting, what a relationship still needs, and how to get or end one."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing import gdap_roles
from billing.models import GdapReading, GdapRelationship
from support import saying

GOOD_FOR = timedelta(hours=24)  # as gdap_active in billing/guards/gdap.sql asks


def missing(reading: GdapReading | None, needed: Iterable[str], at: datetime) -> list[str]:
    """A sentence for each thing that the gate misses in a customer's last reading; none where work may start."""
    if reading is None:
        return [_("Nobody has read or confirmed this customer’s GDAP yet.")]
    lacks = []
    if reading.status != GdapReading.Status.ACTIVE:
        lacks.append(
            _("The relationship is not active: “%(status)s”.") % {"status": status_words(reading.status)}
        )
    elif reading.ends_at is None:
        lacks.append(_("It is not known when the relationship ends."))
    elif reading.ends_at <= at:
        lacks.append(_("The relationship ended: %(when)s.") % {"when": saying.here(reading.ends_at, at)})
    if not reading.assigned:
        lacks.append(_("No access assignment is active: nobody of ours can use the relationship."))
    if without := sorted(gdap_roles.named(role) for role in set(needed) - set(reading.roles)):
        lacks.append(
            ngettext("This role is missing: %(roles)s.", "These roles are missing: %(roles)s.", len(without))
            % {"roles": saying.listed(without)}
        )
    if reading.read_at <= at - GOOD_FOR:
        age = saying.age((at - reading.read_at) / timedelta(minutes=1))
        lacks.append(_("It was last read %(age)s ago; work starts only within 24 hours.") % {"age": age})
    return lacks


def as_of(reading: GdapReading | None, at: datetime) -> str:
    """When and how the last reading came, and until when it lets work start."""
    if reading is None:
        return ""
    facts = {
        "how": reading.get_source_display(),
        "when": saying.here(reading.seen_at or reading.read_at, at),
        "until": saying.here(reading.read_at + GOOD_FOR, at),
    }
    if reading.source == GdapReading.Source.GRAPH:
        return _("%(how)s, as of %(when)s.") % facts
    return _("%(how)s, as of %(when)s. Look again before %(until)s.") % facts


def status_words(status: str) -> str:
    """Our words for a status; Microsoft's own where it is new."""
    if status == "notListed":
        return _("Not listed any more")
    return str(dict(GdapReading.Status.choices).get(status, status))


def time_left(row: GdapRelationship, at: datetime) -> tuple[str, str]:
    """How long it lasts, in words, and how grave that is: "", warn or bad. Microsoft tells at 30, 7 and 1 days too."""
    if row.lapses_at:
        said = _("the invitation lapses %(day)s") % {"day": saying.here(row.lapses_at, at)}
        return said, "bad" if row.lapses_at <= at else "warn" if row.lapses_at - at < timedelta(
            days=7
        ) else ""
    days = row.days_left(at)
    if days is None:
        return "", ""
    said = ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}
    if row.auto_extend:
        return _("%(left)s, then extended by itself") % {"left": said}, ""
    return said, "bad" if days <= 7 else "warn" if days <= 30 else ""


def duration(written: str) -> str:
    """ "730 days" of Microsoft's P730D; anything else as it was written."""
    if found := re.fullmatch(r"P(\d{1,5})D", written, re.ASCII):
        days = int(found[1])
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    return written


def next_steps(row: GdapRelationship) -> list[str]:
    """What has to be done so that it can be used, or that nothing has."""
    match row.status:
        case _ if not row.listed:
            return [_("Microsoft’s list has it no more: ask for a new one where access is still needed.")]
        case "created":
            return [
                _("It is a draft. An Admin agent of ours finishes the request in Partner Center."),
                _("Then the link below goes to the customer, whose Global Administrator approves it."),
            ]
        case "approvalPending":
            return [
                _(
                    "Send the customer the link below. A Global Administrator of theirs opens it, signs in and approves."
                ),
                _("Nobody else can approve it, and neither can we. After 90 days the invitation lapses."),
            ]
        case "approved" | "activating":
            return [_("Microsoft is setting it up; nothing has to be done.")]
        case "active" if not row.assigned:
            return [
                _(
                    "Give a security group of ours access: Partner Center, Customers, the customer, Admin relationships, this one, Add security groups."
                ),
                _("Without an active assignment nobody can use it."),
            ]
        case "active":
            return []
        case "expired" | "terminated":
            return [_("It is over and cannot be revived: ask for a new one where access is still needed.")]
        case "expiring" | "terminationRequested" | "terminating":
            return [_("Its access is being removed: ask for a new one where access is still needed.")]
    return [_("Microsoft has a new name for its state: look at it in Partner Center.")]


def how_to_create(roles: Iterable[str] = ()) -> list[str]:
    """The steps for whoever makes one by hand."""
    named = sorted(gdap_roles.named(role) for role in roles)
    which = _("the roles that the work needs, and no others") if not named else saying.listed(named)
    return [
        _(
            "An Admin agent of ours opens Partner Center: Customers, the customer, Admin relationships, Request admin relationship."
        ),
        _(
            "A name that no other relationship of ours has (50 letters), at most 730 days, and these roles: %(roles)s."
        )
        % {"roles": which},
        _("Global Administrator is left out: a relationship with it cannot be extended by itself."),
        _("Finalise the request, and send the customer the link that Partner Center shows."),
        _(
            "A Global Administrator of the customer opens the link in the Microsoft 365 admin center and approves, within 90 days."
        ),
        _("When it is active, Add security groups gives our people access."),
    ]


def how_to_end() -> list[str]:
    return [
        _("Only an active one can be ended; make sure that no work needs it any more."),
        _(
            "An Admin agent of ours: Partner Center, Customers, the customer, Admin relationships, this one, Terminate relationship."
        ),
        _(
            "Or the customer’s Global Administrator: Microsoft 365 admin center, Settings, Partner relationships."
        ),
    ]
