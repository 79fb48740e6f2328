"""Scope decisions, engagements and time: worked on their own pages, read here."""

from django.contrib import admin

from billing.models import (
    Engagement,
    LateDismissal,
    LateWork,
    Month,
    MonthMove,
    ScopeDecision,
    StoppedTimer,
    TicketTime,
    TimeEntry,
    Timer,
    WayStep,
)
from support.admin.base import TrackedAdmin, ViewOnly


@admin.register(ScopeDecision)
class ScopeDecisionAdmin(ViewOnly):
    list_display = ["ticket", "scope", "item", "outcome", "override", "decided_at", "actor_name"]
    list_filter = ["scope", "outcome", "override"]
    list_select_related = ["ticket"]
    search_fields = ["ticket__number", "reason"]
    date_hierarchy = "decided_at"
    readonly_fields = ["actor_name"]


@admin.register(WayStep)
class WayStepAdmin(ViewOnly):
    list_display = ["decision", "step", "minutes", "reference", "taken_at", "actor_name"]
    list_filter = ["step"]
    list_select_related = ["decision__ticket"]
    search_fields = ["decision__ticket__number", "reference", "reason"]
    date_hierarchy = "taken_at"
    readonly_fields = ["actor_name"]


@admin.register(Engagement)
class EngagementAdmin(ViewOnly, TrackedAdmin):
    list_display = ["reference", "title", "ticket", "state", "priority", "estimate", "requested_at"]
    list_filter = ["state", "kind", "priority"]
    list_select_related = ["ticket"]
    search_fields = ["reference", "title", "ticket__number", "ticket__customer__name"]
    date_hierarchy = "requested_at"


@admin.register(TicketTime)
class TicketTimeAdmin(ViewOnly):
    list_display = ["started_at", "stopped_at", "person", "ticket", "text", "cancelled_at"]
    list_filter = [("cancelled_at", admin.EmptyFieldListFilter), "person"]
    list_select_related = ["person", "ticket"]
    search_fields = ["ticket__number", "text", "person__name"]
    date_hierarchy = "started_at"
    readonly_fields = ["actor_name"]


@admin.register(TimeEntry)
class TimeEntryAdmin(ViewOnly):
    list_display = [
        "started_at",
        "person",
        "engagement",
        "text",
        "raw_minutes",
        "billed_minutes",
        "approval",
        "superseded_by",
    ]
    list_filter = [
        ("approval", admin.EmptyFieldListFilter),
        ("superseded_by", admin.EmptyFieldListFilter),
        "out_of_hours",
        "on_site",
        "person",
    ]
    list_select_related = ["person", "engagement", "approval__offer__engagement", "superseded_by__person"]
    search_fields = ["engagement__reference", "text", "person__name"]
    date_hierarchy = "started_at"
    readonly_fields = ["actor_name"]


@admin.register(LateWork)
class LateWorkAdmin(ViewOnly):
    list_display = ["started_at", "person", "engagement", "text", "why", "told_at"]
    list_select_related = ["person", "engagement"]
    search_fields = ["engagement__reference", "text", "person__name"]
    date_hierarchy = "started_at"
    readonly_fields = ["actor_name"]


@admin.register(LateDismissal)
class LateDismissalAdmin(ViewOnly):
    list_display = ["late", "reason", "dismissed_at", "actor_name"]
    list_filter = ["late__engagement__contract__legal_entity"]
    list_select_related = ["late__person"]
    search_fields = ["late__engagement__reference", "late__person__name", "reason"]
    date_hierarchy = "dismissed_at"
    readonly_fields = ["actor_name"]


@admin.register(Timer)
class TimerAdmin(ViewOnly):
    list_display = ["person", "approval", "text", "started_at"]
    list_select_related = ["person", "approval__offer__engagement"]
    search_fields = ["person__name", "text"]


@admin.register(StoppedTimer)
class StoppedTimerAdmin(ViewOnly):
    list_display = ["stopped_at", "person", "engagement", "reason", "actor_name"]
    list_filter = ["person"]
    list_select_related = ["person", "engagement"]
    search_fields = ["engagement__reference", "person__name", "reason", "actor_name"]
    date_hierarchy = "stopped_at"
    readonly_fields = ["actor_name"]


@admin.register(Month)
class MonthAdmin(ViewOnly):
    list_display = ["month", "legal_entity", "closed_at"]
    list_filter = ["legal_entity", ("closed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["legal_entity"]
    search_fields = ["legal_entity__name"]
    date_hierarchy = "month"


@admin.register(MonthMove)
class MonthMoveAdmin(ViewOnly):
    list_display = ["month", "legal_entity", "what", "reason", "moved_at", "actor_name"]
    list_filter = ["what", "legal_entity"]
    list_select_related = ["legal_entity"]
    search_fields = ["reason"]
    date_hierarchy = "moved_at"
    readonly_fields = ["actor_name"]
