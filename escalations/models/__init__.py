from escalations.models.contacts import LadderContact
from escalations.models.escalation import Escalation
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
    "Escalation",
    "EscalationAcceptance",
    "EscalationAcknowledgement",
    "EscalationAct",
    "EscalationClosing",
    "EscalationDecline",
    "EscalationStepDown",
    "How",
    "LadderContact",
    "Party",
    "VendorCase",
    "VendorEscalation",
    "VendorStep",
]
