"""A list of relationships in CSV, for those who have no app registration: `relationship_id, tenant_id, display_name, status, ends_at, auto_extend, roles, assigned`."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from billing import gdap_readings, gdap_roles
from billing.allowed import must_hold
from billing.graph.reading import Told, instant
from billing.models import GdapReading
from billing.rules import verb
from support.actors import Actor
from support.desk.csv_log import NotALog, Rejected, Unreadable, table_of
from support.models import Customer
from support.refusal import Refused

NEEDED = (
    "relationship_id",
    "tenant_id",
    "display_name",
    "status",
    "ends_at",
    "auto_extend",
    "roles",
    "assigned",
)
MOST = 2000  # rows
LARGEST = 8 * 2**20  # bytes, unpacked
FRESH = timedelta(hours=4)  # the reading counts from now on, so what it says is of now
SOURCE = GdapReading.Source.CSV
YES_NO = {"yes": True, "no": False}
IDS = {name.lower(): role for role, name in gdap_roles.ROLES.items()}


@dataclass(slots=True)
class GdapList:
    sha256: str
    told: list[Told] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


def load(data: bytes, name: str) -> GdapList:
    """The relationships of a file. NotALog for a file that is none; a row that cannot be read is among the rejected."""
    columns, records = table_of(data, name, NEEDED, _("list of relationships"), most=LARGEST)
    found, seen = GdapList(hashlib.sha256(data).hexdigest()), set()
    for line, cells in records:
        if len(found.told) + len(found.rejected) >= MOST:
            raise NotALog(_("%(name)s has more than %(n)d rows.") % {"name": name, "n": MOST})
        try:
            told = _row(dict(zip(columns, cells, strict=False)), len(cells) == len(columns))
            if told.relationship_id in seen:
                raise Unreadable(_("this relationship is in an earlier line already"))
        except Unreadable as reason:
            found.rejected.append(Rejected(line, f"{reason}", cells))
            continue
        seen.add(told.relationship_id)
        found.told.append(told)
    if not found.told and not found.rejected:
        raise NotALog(_("%(name)s has its columns and not one row.") % {"name": name})
    return found


def _row(cells: Mapping[str, str], whole: bool) -> Told:
    if not whole:
        raise Unreadable(_("it has another number of cells than columns"))
    said = {name: cells[name].strip() for name in NEEDED}
    if not re.fullmatch(r"[\w.-]{1,100}", said["relationship_id"], re.ASCII):
        raise Unreadable(_("relationship_id is no id of Microsoft’s"))
    if not re.fullmatch(r"[A-Za-z]{1,60}", said["status"]):
        raise Unreadable(_("status is one word as Microsoft writes it, such as active"))
    if not said["display_name"].isprintable() or len(said["display_name"]) > 200:
        raise Unreadable(_("display_name has letters that nobody can read, or too many"))
    ends_at = instant(said["ends_at"])
    if said["ends_at"] and ends_at is None:
        raise Unreadable(_("ends_at is no instant; write one such as 2027-01-31T00:00:00Z"))
    roles = tuple(sorted({_role(role.strip()) for role in said["roles"].split(";") if role.strip()}))
    assigned = _yes("assigned", said["assigned"])
    return Told(
        relationship_id=said["relationship_id"],
        status=said["status"],
        display_name=said["display_name"],
        tenant_id=_tenant(said["tenant_id"]),
        auto_extend=_yes("auto_extend", said["auto_extend"]),
        ends_at=ends_at,
        roles=roles,
        assigned=assigned,
        assigned_roles=roles if assigned else (),
        raw=said,
    )


def _tenant(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        raise Unreadable(_("tenant_id is no tenant’s id")) from None


def _role(said: str) -> str:
    role = IDS.get(said.lower(), said.lower())
    if not gdap_roles.is_role(role):
        raise Unreadable(
            _("%(role)s is no role: write its name or template id, several with ;") % {"role": said[:60]}
        )
    return role


def _yes(name: str, said: str) -> bool:
    if said.lower() not in YES_NO:
        raise Unreadable(_("%(name)s is yes or no") % {"name": name})
    return YES_NO[said.lower()]


@verb
def take_in(found: GdapList, *, seen_at: datetime, by: Actor, at: datetime) -> int:
    """Every row of the list, and a reading for each customer in it; answers how many. As it was seen at `seen_at`."""
    must_hold("billing.add_gdapreading", by, _("Only a support manager takes such a list in."))
    if settings.GRAPH:
        raise Refused(_("Relationships are read from Microsoft itself: no file is taken in beside that."))
    if seen_at > at:
        raise Refused(_("It cannot have been seen later than now."), "seen_at")
    if seen_at < at - FRESH:
        raise Refused(_("That was more than 4 hours ago: look again in Partner Center."), "seen_at")
    if not found.told:
        raise Refused(_("Not one row of this file can be read."), "file")
    customers, rows = set(), []
    for told in found.told:
        row, concerned = gdap_readings.keep(told, source=SOURCE, by=by, at=seen_at)
        rows.append(row)
        customers |= concerned
    for customer in Customer.objects.filter(pk__in=customers).order_by("pk"):
        stand = gdap_readings.of_customer(customer, rows, at)
        reason = f"sha256:{found.sha256}"
        gdap_readings.read(customer, stand, source=SOURCE, reason=reason, always=True, by=by, at=seen_at)
    return len(rows)
