"""What one row of Microsoft's answer says. Pure: whatever is missing or of another kind reads as nothing, never as an error."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from billing import gdap_roles

ETAG = "@odata.etag"
YEARS = range(2000, 2200)
DEEPEST = 50  # levels of a row that are kept


@dataclass(frozen=True, slots=True)
class Told:
    """A relationship as somebody told of it. Roles are template ids, sorted; instants are UTC."""

    relationship_id: str
    status: str
    display_name: str = ""
    tenant_id: UUID | None = None
    duration: str = ""
    auto_extend: bool = False
    changed_at: datetime | None = None
    ends_at: datetime | None = None
    roles: tuple[str, ...] = ()
    etag: str = ""
    assigned: bool = False
    assigned_roles: tuple[str, ...] = ()
    raw: dict[str, Any] = field(default_factory=dict)


def relationship(row: Any, assignments: Iterable[Any] = ()) -> Told | None:
    """None for what has no id: it cannot be kept."""
    if not isinstance(row, dict) or not (identity := text(row.get("id"), 100)):
        return None
    active = [one for one in assignments if isinstance(one, dict) and one.get("status") == "active"]
    return Told(
        relationship_id=identity,
        status=re.sub(r"[^\w.-]+", "-", text(row.get("status"), 60), flags=re.ASCII) or "unknown",
        display_name=text(row.get("displayName"), 200),
        tenant_id=_tenant(row.get("customer")),
        duration=text(row.get("duration"), 40),
        auto_extend=text(row.get("autoExtendDuration"), 40) not in ("", "P0D", "PT0S"),
        changed_at=instant(row.get("lastModifiedDateTime")),
        ends_at=instant(row.get("endDateTime")),
        roles=_roles([row]),
        etag=text(row.get(ETAG), 200),
        assigned=bool(active),
        assigned_roles=_roles(active),
        raw=clean(row),
    )


def instant(said: Any) -> datetime | None:
    """ISO 8601 with Z or an offset; any other text, and a year that nobody lives to see, is no instant."""
    try:
        read = datetime.fromisoformat(said)
        return read.astimezone(UTC) if read.tzinfo and read.year in YEARS else None
    except (TypeError, ValueError, OverflowError):
        return None


def text(said: Any, most: int) -> str:
    """What the database can hold of it."""
    return clean(said).strip()[:most] if isinstance(said, str) else ""


def clean(said: Any, deep: int = 0) -> Any:
    """The same without what PostgreSQL refuses inside JSON: NUL, and halves of letters; and no deeper than anybody reads."""
    if deep > DEEPEST:
        return None
    if isinstance(said, str):
        return said.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(said, dict):
        return {clean(key): clean(value, deep + 1) for key, value in said.items()}
    if isinstance(said, list):
        return [clean(value, deep + 1) for value in said]
    return said


def _tenant(customer: Any) -> UUID | None:
    try:
        return UUID(customer["tenantId"])
    except (TypeError, KeyError, ValueError, AttributeError):
        return None


def _roles(rows: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    found: set[str] = set()
    for row in rows:
        details = row.get("accessDetails")
        listed = details.get("unifiedRoles") if isinstance(details, dict) else None
        for role in listed if isinstance(listed, list) else []:
            name = text(role.get("roleDefinitionId"), 60).lower() if isinstance(role, dict) else ""
            if gdap_roles.is_role(name):
                found.add(name)
    return tuple(sorted(found))
