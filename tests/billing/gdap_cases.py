"""Relationships as Microsoft tells of them, and as they lie in the table."""

from datetime import UTC, datetime

from billing.models import GdapRelationship
from tests.factories import TESTS

TENANT = "6f1bd1a7-03a4-4ef5-9d1b-9d2c5d7f0a11"
PARTNER = "0f9c1c4e-51a6-4f7d-8a53-1f2e3d4c5b6a"
EXCHANGE = "29232cdf-9323-42fd-ade2-1d097af3e4de"
READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
NAMED = "2b3c4d5e-0000-4000-8000-00000000000{n}-6f1bd1a7-03a4-4ef5-9d1b-9d2c5d7f0a1{n}"


def relationship_id(n: int = 1) -> str:
    return NAMED.format(n=n)


def told(n: int = 1, **fields) -> dict:
    """One delegatedAdminRelationship, active for two years, as the service answers it."""
    return {
        "@odata.type": "#microsoft.graph.delegatedAdminRelationship",
        "@odata.etag": 'W/"JyIwMDAwMzkwZS0wMDAwLTAyMDAtMDAwMC02MjIyMDAwMDAwMDAiJw=="',
        "id": relationship_id(n),
        "displayName": f"Northwind support {n}",
        "duration": "P730D",
        "autoExtendDuration": "PT0S",
        "customer": {"tenantId": TENANT, "displayName": "Northwind"},
        "status": "active",
        "createdDateTime": "2026-01-10T11:24:42.3148266Z",
        "lastModifiedDateTime": "2026-01-12T08:00:00.1Z",
        "activatedDateTime": "2026-01-12T08:00:00.1Z",
        "endDateTime": "2028-01-12T08:00:00.1234567Z",
        "accessDetails": {"unifiedRoles": [{"roleDefinitionId": EXCHANGE}, {"roleDefinitionId": READER}]},
        **fields,
    }


def assignment(*roles: str, status: str = "active") -> dict:
    """One accessAssignment of a security group of ours."""
    return {
        "id": "a9d6cf90-0000-4000-8000-000000000001",
        "status": status,
        "accessContainer": {"accessContainerId": "869ce3f8", "accessContainerType": "securityGroup"},
        "accessDetails": {"unifiedRoles": [{"roleDefinitionId": role} for role in roles or (EXCHANGE,)]},
    }


def kept(n: int = 1, **fields) -> GdapRelationship:
    """A relationship as a row: active, assigned, with Exchange, until the end of 2027."""
    fields = {
        "relationship_id": relationship_id(n),
        "display_name": f"Northwind support {n}",
        "status": "active",
        "duration": "P730D",
        "ends_at": datetime(2027, 12, 31, tzinfo=UTC),
        "roles": [EXCHANGE],
        "assigned": True,
        "assigned_roles": [EXCHANGE],
        "source": "graph",
        "synced_at": datetime(2026, 10, 14, 12, tzinfo=UTC),
        **fields,
    }
    row = GdapRelationship(**fields).by(TESTS)
    row.save()
    return row
