"""Help in customers' own cases with Microsoft: done on its own pages, read here."""

from django.contrib import admin

from billing.models import AssistHandover, AssistNote, AssistPack, AssistTaking
from support.admin.base import ViewOnly


@admin.register(AssistPack)
class AssistPackAdmin(ViewOnly):
    list_display = ["engagement", "number", "product", "severity", "users_count", "made_at", "actor_name"]
    list_filter = ["severity"]
    list_select_related = ["engagement"]
    search_fields = ["engagement__reference", "engagement__ticket__number", "summary", "domains"]
    date_hierarchy = "made_at"
    readonly_fields = ["actor_name"]


@admin.register(AssistHandover)
class AssistHandoverAdmin(ViewOnly):
    list_display = ["pack", "contact_name", "contact_email", "way", "handed_at", "actor_name"]
    list_filter = ["way"]
    list_select_related = ["pack__engagement"]
    search_fields = ["pack__engagement__reference", "contact_name", "contact_email"]
    date_hierarchy = "handed_at"
    readonly_fields = ["actor_name"]


@admin.register(AssistTaking)
class AssistTakingAdmin(ViewOnly):
    list_display = ["pack", "contact_name", "contact_email", "taken_at"]
    list_select_related = ["pack__engagement"]
    search_fields = ["pack__engagement__reference", "contact_name", "contact_email"]
    date_hierarchy = "taken_at"


@admin.register(AssistNote)
class AssistNoteAdmin(ViewOnly):
    list_display = [
        "engagement",
        "number",
        "kind",
        "case_number",
        "severity",
        "starts_at",
        "noted_at",
        "actor_name",
    ]
    list_filter = ["kind", "severity", "actor_kind"]
    list_select_related = ["engagement"]
    search_fields = ["engagement__reference", "engagement__ticket__number", "case_number", "text"]
    date_hierarchy = "noted_at"
    readonly_fields = ["actor_name"]
