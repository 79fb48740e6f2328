from billing.models.approvals import Approval, ApprovalBalance, ApprovalEnd, Signature
from billing.models.assist import AssistHandover, AssistNote, AssistPack, AssistTaking
from billing.models.book import BookImport
from billing.models.deliveries import BilledDelivery, Delivery
from billing.models.engagements import Engagement, EngagementState
from billing.models.evidence import EvidenceHead, EvidenceLink
from billing.models.exports import ExportBatch, ExportedInvoice, ExportFile, ExportPiece, ExportVoid
from billing.models.gdap import GdapReading
from billing.models.inside import TicketTime
from billing.models.invoices import Added, BilledEntry, Invoice, InvoiceCounter, InvoiceLine
from billing.models.late import LateDismissal
from billing.models.minimums import BilledMinimum
from billing.models.months import Month, MonthMove
from billing.models.notes import InvoiceNote
from billing.models.offers import Invitation, Offer, OfferCode, OfferEnd
from billing.models.orders import PurchaseOrder
from billing.models.papers import Paper, Sending
from billing.models.rates import ContractRate, RateCard
from billing.models.relationships import GdapAct, GdapRelationship
from billing.models.scope import ScopeDecision
from billing.models.statements import StatementOfWork
from billing.models.stops import StoppedTimer
from billing.models.surcharges import Surcharge
from billing.models.targets import FinanceTarget
from billing.models.time import LateWork, TimeEntry, Timer
from billing.models.ways import WayStep
from billing.models.written import WrittenCheck, WrittenYes

__all__ = [
    "Added",
    "Approval",
    "ApprovalBalance",
    "ApprovalEnd",
    "AssistHandover",
    "AssistNote",
    "AssistPack",
    "AssistTaking",
    "BilledDelivery",
    "BilledEntry",
    "BilledMinimum",
    "BookImport",
    "ContractRate",
    "Delivery",
    "Engagement",
    "EngagementState",
    "EvidenceHead",
    "EvidenceLink",
    "ExportBatch",
    "ExportFile",
    "ExportPiece",
    "ExportVoid",
    "ExportedInvoice",
    "FinanceTarget",
    "GdapAct",
    "GdapReading",
    "GdapRelationship",
    "Invitation",
    "Invoice",
    "InvoiceCounter",
    "InvoiceLine",
    "InvoiceNote",
    "LateDismissal",
    "LateWork",
    "Month",
    "MonthMove",
    "Offer",
    "OfferCode",
    "OfferEnd",
    "Paper",
    "PurchaseOrder",
    "RateCard",
    "ScopeDecision",
    "Sending",
    "Signature",
    "StatementOfWork",
    "StoppedTimer",
    "Surcharge",
    "TicketTime",
    "TimeEntry",
    "Timer",
    "WayStep",
    "WrittenCheck",
    "WrittenYes",
]
