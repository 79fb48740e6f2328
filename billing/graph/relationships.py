"""The calls on delegatedAdminRelationships (Microsoft Graph 1.0). Only a person's verb calls those that write."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from billing.graph.client import Changed, Graph, GraphError

ALL = "/tenantRelationships/delegatedAdminRelationships"
LOCK, END = "lockForApproval", "terminate"
EXTENDED, NOT_EXTENDED = "P180D", "PT0S"


def every(graph: Graph) -> list[Any]:
    """The whole list, or GraphError: half of it would make the rest look ended."""
    return [row for rows in graph.pages(f"{ALL}?$top=300") for row in rows]


def one(graph: Graph, relationship_id: str) -> dict[str, Any]:
    return graph.ask("GET", _address(graph, relationship_id)).body


def assignments(graph: Graph, relationship_id: str) -> list[Any]:
    path = f"{ALL}/{quote(relationship_id, safe='')}/accessAssignments"
    return [row for rows in graph.pages(path) for row in rows]


def create(
    graph: Graph,
    *,
    display_name: str,
    duration: str,
    roles: Sequence[str],
    tenant_id: str,
    customer_name: str,
    auto_extend: bool,
) -> dict[str, Any]:
    """A draft, which nobody but us sees before it is locked."""
    body = {
        "displayName": display_name,
        "duration": duration,
        "customer": {"tenantId": tenant_id, "displayName": customer_name},
        "accessDetails": {"unifiedRoles": [{"roleDefinitionId": role} for role in roles]},
        "autoExtendDuration": EXTENDED if auto_extend else NOT_EXTENDED,
    }
    return graph.ask("POST", f"{graph.base}{ALL}", body=body).body


def request(graph: Graph, relationship_id: str, action: str) -> None:
    """`action` is LOCK or END; Microsoft carries it out later."""
    graph.ask("POST", f"{_address(graph, relationship_id)}/requests", body={"action": action})


def extend(graph: Graph, relationship_id: str, *, etag: str, on: bool) -> None:
    """Switch auto-extend. Where somebody changed the row meanwhile it is read again, and tried once more."""
    body = {"autoExtendDuration": EXTENDED if on else NOT_EXTENDED}
    address = _address(graph, relationship_id)
    try:
        graph.ask("PATCH", address, body=body, etag=etag or _etag(one(graph, relationship_id)))
    except Changed:
        graph.ask("PATCH", address, body=body, etag=_etag(one(graph, relationship_id)))


def delete(graph: Graph, relationship_id: str) -> None:
    """A draft only, as it stands at Microsoft now."""
    now = one(graph, relationship_id)
    if now.get("status") != "created":
        raise GraphError(_("Only a draft can be deleted: this one has been sent to the customer."))
    graph.ask("DELETE", _address(graph, relationship_id), etag=_etag(now))


def _address(graph: Graph, relationship_id: str) -> str:
    return f"{graph.base}{ALL}/{quote(relationship_id, safe='')}"


def _etag(row: dict[str, Any]) -> str:
    etag = row.get("@odata.etag")
    if not isinstance(etag, str) or not etag or not etag.isascii() or not etag.isprintable():
        raise GraphError(_("Microsoft’s answer lacks what a change needs: its ETag."))
    return etag
