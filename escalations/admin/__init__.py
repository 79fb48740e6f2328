from escalations.admin import ladder, vendors, levels

__all__ = ["ladder", "vendors", "levels"]
