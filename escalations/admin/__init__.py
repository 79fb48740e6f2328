from escalations.admin import ladder, levels, vendors

__all__ = ["ladder", "levels", "vendors"]
