"""Microsoft's built-in roles that work in a tenant asks for, by their template ids."""

from uuid import UUID

# Microsoft Entra built-in roles: their role template ids, as Microsoft Graph names them.
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
ROLES = {
    GLOBAL_ADMINISTRATOR: "Global Administrator",
    "f2ef992c-3afb-46b9-b7cf-a126ee74c451": "Global Reader",
    "f023fd81-a637-4b56-95fd-791ac0226033": "Service Support Administrator",
    "729827e3-9c14-49f7-bb1b-9608f156bbb8": "Helpdesk Administrator",
    "fe930be7-5e62-47db-91af-98c3a49a38b1": "User Administrator",
    "29232cdf-9323-42fd-ade2-1d097af3e4de": "Exchange Administrator",
    "69091246-20e8-4a56-aa4d-066075b2a7a8": "Teams Administrator",
    "88d8e3e3-8f55-4a1e-953a-9b9898b8876b": "Directory Readers",
    "4d6ac14f-3453-41d0-bef9-a3e0c569773a": "License Administrator",
    "3a2c62db-5318-420d-8d74-23affee5d9d5": "Intune Administrator",
    "b0f54661-2d74-4c50-afa3-1ec803f12efe": "Billing Administrator",
}


def named(role: str) -> str:
    """The role's name; its id where it is none of the known ones."""
    return ROLES.get(role, role)


def is_role(role: str) -> bool:
    """Whether it can be a template id at all."""
    try:
        return str(UUID(role)) == role
    except ValueError:
        return False
