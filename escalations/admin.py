"""Escalations in the records: raised on the ticket's page, only read here."""

from django.contrib import admin

from escalations.models import Escalation, EscalationAcknowledgement, EscalationClosing
from support.admin.base import ViewOnly


@admin.register(Escalation)
class EscalationAdmin(ViewOnly):
    list_display = ["ticket", "level", "name", "ground", "raised_at", "not_before", "actor_name"]
    list_filter = ["level", "ground"]
    list_select_related = ["ticket"]
    search_fields = ["ticket__number", "reason", "override_reason"]
    date_hierarchy = "raised_at"
    readonly_fields = ["actor_name"]


class StepAdmin(ViewOnly):
    list_display = ["escalation", "at", "actor_name"]
    list_select_related = ["escalation__ticket"]
    search_fields = ["escalation__ticket__number"]
    date_hierarchy = "at"
    readonly_fields = ["actor_name"]


admin.site.register(EscalationAcknowledgement, StepAdmin)
admin.site.register(EscalationClosing, StepAdmin)
