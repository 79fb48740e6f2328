from escalations.admin import ladder, vendors

__all__ = ["ladder", "vendors"]
