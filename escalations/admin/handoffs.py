"""Regions and the rota, which managers keep here; hand-offs, which are written on the pages of tickets and only read here."""

from django.contrib import admin

from escalations.models import Absence, Duty, HandOff, HandOffAlarm, HandOffStep, Region
from support.admin.base import Kept, TrackedAdmin, ViewOnly


@admin.register(Region)
class RegionAdmin(Kept, TrackedAdmin):
    list_display = ["name", "code", "calendar", "time_zone", "phone", "alarm_minutes"]
    search_fields = ["code", "name", "calendar"]

    def get_readonly_fields(self, request, obj=None):
        return ["code"] if obj else []


@admin.register(Duty)
class DutyAdmin(TrackedAdmin):
    list_display = ["person", "region", "from_at", "until_at"]
    list_filter = ["region"]
    list_select_related = ["person", "region"]
    search_fields = ["person__name", "person__email", "region__name"]
    autocomplete_fields = ["person"]
    date_hierarchy = "from_at"


@admin.register(Absence)
class AbsenceAdmin(TrackedAdmin):
    list_display = ["person", "from_at", "until_at"]
    list_select_related = ["person"]
    search_fields = ["person__name", "person__email"]
    autocomplete_fields = ["person"]
    date_hierarchy = "from_at"


@admin.register(HandOff)
class HandOffAdmin(ViewOnly):
    list_display = [
        "ticket",
        "kind",
        "from_region",
        "to_region",
        "to_person",
        "closes_at",
        "state",
        "actor_name",
    ]
    list_filter = ["state", "kind", "to_region"]
    list_select_related = ["ticket", "from_region", "to_region", "to_person"]
    search_fields = ["ticket__number", "ticket__customer__name", "actor_name"]
    date_hierarchy = "offered_at"
    readonly_fields = ["actor_name", "position"]


@admin.register(HandOffStep)
class HandOffStepAdmin(ViewOnly):
    list_display = ["handoff", "kind", "at", "actor_name"]
    list_filter = ["kind"]
    list_select_related = ["handoff__ticket"]
    search_fields = ["handoff__ticket__number", "actor_name"]
    date_hierarchy = "at"
    readonly_fields = ["actor_name"]


@admin.register(HandOffAlarm)
class HandOffAlarmAdmin(ViewOnly):
    list_display = ["ticket", "kind", "closes_at", "from_region", "handoff", "lost", "fired_at"]
    list_filter = ["kind", "from_region"]
    list_select_related = ["ticket", "from_region", "handoff__ticket", "lost__ticket"]
    search_fields = ["ticket__number", "ticket__customer__name"]
    date_hierarchy = "fired_at"
