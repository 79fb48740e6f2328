"""Billing in the records: rate cards are edited here, evidence and money only read."""

from billing.admin import gate, money, rates, targets, work

__all__ = ["gate", "money", "rates", "targets", "work"]
