from escalations.admin import handoffs, ladder, levels, maintenance, onsite, outages, reports, vendors

__all__ = ["handoffs", "ladder", "levels", "maintenance", "onsite", "outages", "reports", "vendors"]
