"""Support levels, sheets, engineering's reviews and what is at management: written on their pages, only read here."""

from django.contrib import admin

from escalations import models
from support.admin.base import ViewOnly


@admin.register(models.FaultReport)
class FaultReportAdmin(ViewOnly):
    list_display = ["ticket", "number", "missing", "at", "actor_name"]
    list_select_related = ["ticket"]
    search_fields = ["ticket__number", "actor_name"]
    date_hierarchy = "at"


@admin.register(models.LevelMove)
class LevelMoveAdmin(ViewOnly):
    list_display = ["ticket", "old", "new", "engineering", "impact", "at", "actor_name"]
    list_filter = ["new", "engineering", "impact"]
    list_select_related = ["ticket"]
    search_fields = ["ticket__number", "reason", "actor_name"]
    date_hierarchy = "at"


@admin.register(models.EngineeringReview)
class EngineeringReviewAdmin(ViewOnly):
    list_display = ["move", "impact", "at", "actor_name"]
    list_filter = ["impact"]
    list_select_related = ["move"]
    search_fields = ["move__ticket__number", "words", "actor_name"]
    date_hierarchy = "at"


@admin.register(models.ManagementEscalation)
class ManagementEscalationAdmin(ViewOnly):
    list_display = ["ticket", "cause", "opened_at"]
    list_filter = ["cause", ("closing", admin.EmptyFieldListFilter)]
    list_select_related = ["ticket"]
    search_fields = ["ticket__number"]
    date_hierarchy = "opened_at"


@admin.register(models.ManagementTaking, models.ManagementUpdate, models.ManagementClosing)
class ManagementStepAdmin(ViewOnly):
    list_display = ["escalation", "at", "actor_name"]
    list_select_related = ["escalation"]
    search_fields = ["escalation__ticket__number", "actor_name"]
    date_hierarchy = "at"
