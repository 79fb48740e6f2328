"""Escalations in the records: raised and worked on the ticket's page, only read here; who answers on a level is kept here."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from escalations.models import (
    Escalation,
    EscalationAcceptance,
    EscalationAcknowledgement,
    EscalationAct,
    EscalationClosing,
    EscalationDecline,
    EscalationStepDown,
    LadderContact,
)
from support.admin.base import Kept, TrackedAdmin, ViewOnly


@admin.register(LadderContact)
class LadderContactAdmin(Kept, TrackedAdmin):
    list_display = ["service", "level", "who", "phone", "published", "email", "legal_entity", "active"]
    list_filter = ["service", "level", "active", "published"]
    list_select_related = ["user", "legal_entity"]
    search_fields = ["service", "duty_role", "user__name", "user__email", "email", "phone"]
    autocomplete_fields = ["user"]


class TakenFilter(admin.SimpleListFilter):
    title = _("taken")
    parameter_name = "taken"

    def lookups(self, request, model_admin):
        return [("no", _("Nobody has acknowledged it yet"))]

    def queryset(self, request, queryset):
        return queryset.unacknowledged() if self.value() == "no" else queryset


@admin.register(Escalation)
class EscalationAdmin(ViewOnly):
    list_display = [
        "ticket",
        "level",
        "name",
        "ground",
        "channel",
        "contact",
        "raised_at",
        "not_before",
        "actor_name",
    ]
    list_filter = [TakenFilter, "level", "ground", "channel"]
    list_select_related = ["ticket", "contact"]
    search_fields = ["ticket__number", "contact__name", "reason", "override_reason"]
    date_hierarchy = "raised_at"
    readonly_fields = ["actor_name"]


class StepAdmin(ViewOnly):
    list_display = ["escalation", "at", "actor_name"]
    list_select_related = ["escalation__ticket"]
    search_fields = ["escalation__ticket__number", "actor_name"]
    date_hierarchy = "at"
    readonly_fields = ["actor_name"]


@admin.register(EscalationDecline)
class EscalationDeclineAdmin(StepAdmin):
    list_display = ["escalation", "item_text", "at", "actor_name"]
    list_filter = ["item"]


@admin.register(EscalationStepDown)
class EscalationStepDownAdmin(StepAdmin):
    list_display = ["escalation", "reason", "at", "not_before", "actor_name"]


admin.site.register(
    [EscalationAcceptance, EscalationAcknowledgement, EscalationAct, EscalationClosing], StepAdmin
)
