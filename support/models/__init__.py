from support.models.alarms import Alarm
from support.models.calendar_moves import CalendarMove
from support.models.calls import CallChannel, CallRecord, CallStriking
from support.models.clocks import Clock
from support.models.contracts import Contract, ContractCalendar, ContractLine, Product, ProductVersion
from support.models.customers import Customer, LegalEntity
from support.models.definitions import CalendarVersion, ServiceKind, ServiceVersion
from support.models.events import Event
from support.models.files import File, Visibility
from support.models.first_day import FirstDay
from support.models.inbound import InboundMail, InboundState
from support.models.mail import Mail
from support.models.messages import Message
from support.models.people import Contact, PartnerGrant, User, UserKind
from support.models.replays import ReplayRun
from support.models.saved_views import SavedView
from support.models.submissions import Submission
from support.models.teams import Team
from support.models.tickets import Channel, Outcome, Ticket, TicketState
from support.models.tracked import ActorFields, Tracked
from support.models.waits import Wait

__all__ = [
    "ActorFields",
    "Alarm",
    "CalendarMove",
    "CalendarVersion",
    "CallChannel",
    "CallRecord",
    "CallStriking",
    "Channel",
    "Clock",
    "Contact",
    "Contract",
    "ContractCalendar",
    "ContractLine",
    "Customer",
    "Event",
    "File",
    "FirstDay",
    "InboundMail",
    "InboundState",
    "LegalEntity",
    "Mail",
    "Message",
    "Outcome",
    "PartnerGrant",
    "Product",
    "ProductVersion",
    "ReplayRun",
    "SavedView",
    "ServiceKind",
    "ServiceVersion",
    "Submission",
    "Team",
    "Ticket",
    "TicketState",
    "Tracked",
    "User",
    "UserKind",
    "Visibility",
    "Wait",
]
