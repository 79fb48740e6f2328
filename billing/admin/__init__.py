"""Billing in the records: rate cards are edited here, evidence and money only read."""

from billing.admin import assist, gate, gdap, money, rates, targets, work

__all__ = ["assist", "gate", "gdap", "money", "rates", "targets", "work"]
