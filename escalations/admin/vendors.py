"""Vendor cases in the records: written on the pages of cases, only read here."""

from django.contrib import admin

from escalations.models import VendorCase, VendorEscalation, VendorStep
from support.admin.base import ViewOnly


@admin.register(VendorCase)
class VendorCaseAdmin(ViewOnly):
    list_display = [
        "number",
        "party",
        "ticket",
        "severity",
        "state",
        "opened_at",
        "recorded_at",
        "actor_name",
    ]
    list_filter = ["party", "state", "severity"]
    list_select_related = ["ticket"]
    search_fields = ["number", "ticket__number", "ticket__customer__name"]
    date_hierarchy = "recorded_at"
    readonly_fields = ["actor_name", "position"]


@admin.register(VendorStep)
class VendorStepAdmin(ViewOnly):
    list_display = ["case", "kind", "severity", "claimed_at", "how", "at", "actor_name"]
    list_filter = ["kind", "how", "case__party"]
    list_select_related = ["case__ticket"]
    search_fields = ["case__number", "case__ticket__number"]
    date_hierarchy = "at"
    readonly_fields = ["actor_name"]


@admin.register(VendorEscalation)
class VendorEscalationAdmin(ViewOnly):
    list_display = ["case", "kind", "severity", "reason", "at", "actor_name"]
    list_filter = ["case__party", "kind", "severity"]
    list_select_related = ["case__ticket"]
    search_fields = ["case__number", "case__ticket__number", "reason"]
    date_hierarchy = "at"
    readonly_fields = ["actor_name", "kind", "severity"]
