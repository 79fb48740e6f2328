from escalations.models.escalation import Escalation
from escalations.models.steps import EscalationAcknowledgement, EscalationClosing

__all__ = ["Escalation", "EscalationAcknowledgement", "EscalationClosing"]
