from support.models.contracts import Contract, ContractCalendar, ContractLine, Product, ProductVersion
from support.models.customers import Customer, LegalEntity
from support.models.definitions import CalendarVersion, ServiceKind, ServiceVersion
from support.models.files import File
from support.models.mail import Mail
from support.models.people import Contact, PartnerGrant, Team, User, UserKind
from support.models.tracked import ActorFields, Tracked

__all__ = [
    "ActorFields",
    "CalendarVersion",
    "Contact",
    "Contract",
    "ContractCalendar",
    "ContractLine",
    "Customer",
    "File",
    "LegalEntity",
    "Mail",
    "PartnerGrant",
    "Product",
    "ProductVersion",
    "ServiceKind",
    "ServiceVersion",
    "Team",
    "Tracked",
    "User",
    "UserKind",
]
