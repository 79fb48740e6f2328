from escalations.models.contacts import LadderContact
from escalations.models.escalation import Escalation
from escalations.models.levels import EngineeringReview, FaultReport, Impact, LevelMove
from escalations.models.management import (
    Cause,
    ManagementClosing,
    ManagementEscalation,
    ManagementTaking,
    ManagementUpdate,
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

__all__ = [
    "CaseState",
    "Cause",
    "EngineeringReview",
    "Escalation",
    "EscalationAcceptance",
    "EscalationAcknowledgement",
    "EscalationAct",
    "EscalationClosing",
    "EscalationDecline",
    "EscalationStepDown",
    "FaultReport",
    "How",
    "Impact",
    "LadderContact",
    "LevelMove",
    "ManagementClosing",
    "ManagementEscalation",
    "ManagementTaking",
    "ManagementUpdate",
    "Party",
    "VendorCase",
    "VendorEscalation",
    "VendorStep",
]
