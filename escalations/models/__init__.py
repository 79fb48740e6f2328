from escalations.models.contacts import LadderContact
from escalations.models.escalation import Escalation
from escalations.models.handoffs import HandOff, HandOffAlarm, HandOffKind, HandOffState, HandOffStep
from escalations.models.levels import EngineeringReview, FaultReport, Impact, LevelMove
from escalations.models.maintenance import (
    MaintenanceContract,
    MaintenanceNotice,
    MaintenanceRecipient,
    MaintenanceStop,
    MaintenanceWindow,
    WindowState,
)
from escalations.models.management import (
    Cause,
    ManagementClosing,
    ManagementEscalation,
    ManagementTaking,
    ManagementUpdate,
)
from escalations.models.notices import DueNotice, Notice, NoticeRecipient
from escalations.models.onsite import Document, Help, OnsiteRequest, OnsiteState, OnsiteStep
from escalations.models.outages import Outage, OutageContract, OutageState, OutageStep, OutageTicket
from escalations.models.regions import Absence, Duty, Region
from escalations.models.reports import (
    IncidentReport,
    ReportAction,
    ReportPaper,
    ReportRecipient,
    ReportState,
    ReportVersion,
)
from escalations.models.steps import (
    EscalationAcceptance,
    EscalationAcknowledgement,
    EscalationAct,
    EscalationClosing,
    EscalationDecline,
    EscalationStepDown,
)
from escalations.models.vendor_cases import CaseState, How, Party, VendorCase
from escalations.models.vendor_steps import VendorEscalation, VendorStep
from escalations.models.visitors import OnsiteVisitor

__all__ = [
    "Absence",
    "CaseState",
    "Cause",
    "Document",
    "DueNotice",
    "Duty",
    "EngineeringReview",
    "Escalation",
    "EscalationAcceptance",
    "EscalationAcknowledgement",
    "EscalationAct",
    "EscalationClosing",
    "EscalationDecline",
    "EscalationStepDown",
    "FaultReport",
    "HandOff",
    "HandOffAlarm",
    "HandOffKind",
    "HandOffState",
    "HandOffStep",
    "Help",
    "How",
    "Impact",
    "IncidentReport",
    "LadderContact",
    "LevelMove",
    "MaintenanceContract",
    "MaintenanceNotice",
    "MaintenanceRecipient",
    "MaintenanceStop",
    "MaintenanceWindow",
    "ManagementClosing",
    "ManagementEscalation",
    "ManagementTaking",
    "ManagementUpdate",
    "Notice",
    "NoticeRecipient",
    "OnsiteRequest",
    "OnsiteState",
    "OnsiteStep",
    "OnsiteVisitor",
    "Outage",
    "OutageContract",
    "OutageState",
    "OutageStep",
    "OutageTicket",
    "Party",
    "Region",
    "ReportAction",
    "ReportPaper",
    "ReportRecipient",
    "ReportState",
    "ReportVersion",
    "VendorCase",
    "VendorEscalation",
    "VendorStep",
    "WindowState",
]
