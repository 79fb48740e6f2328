from escalations.models.escalation import Escalation
from escalations.models.steps import EscalationAcknowledgement, EscalationClosing
from escalations.models.vendor_cases import CaseState, How, Party, VendorCase
from escalations.models.vendor_steps import VendorEscalation, VendorStep

__all__ = [
    "CaseState",
    "Escalation",
    "EscalationAcknowledgement",
    "EscalationClosing",
    "How",
    "Party",
    "VendorCase",
    "VendorEscalation",
    "VendorStep",
]
