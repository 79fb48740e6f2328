"""Onsite assistance in the records: written on its pages, only read here."""

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from escalations.models import OnsiteRequest, OnsiteStep, OnsiteVisitor
from support.admin.base import ViewOnly


@admin.register(OnsiteRequest)
class OnsiteRequestAdmin(ViewOnly):
    list_display = ["ticket", "position", "kind", "state", "contact", "window_from", "at", "actor_name"]
    list_filter = ["kind", "state"]
    list_select_related = ["ticket", "contact"]
    search_fields = ["ticket__number", "ticket__customer__name", "company", "equipment"]
    date_hierarchy = "at"
    readonly_fields = ["actor_name", "position"]


@admin.register(OnsiteStep)
class OnsiteStepAdmin(ViewOnly):
    list_display = ["request", "kind", "by_whom", "document", "happened_at", "at", "actor_name"]
    list_filter = ["kind", "document", "request__kind"]
    list_select_related = ["request"]
    search_fields = ["request__ticket__number", "by_whom", "actor_name"]
    date_hierarchy = "at"
    readonly_fields = ["actor_name"]


class AwayFilter(admin.SimpleListFilter):
    title = _("at the door")
    parameter_name = "door"

    def lookups(self, request, model_admin):
        return [("in", _("Let in")), ("away", _("Turned away"))]

    def queryset(self, request, queryset):
        away = ~Q(turned_away="")
        return queryset.filter({"in": ~away, "away": away}.get(self.value(), Q()))


@admin.register(OnsiteVisitor)
class OnsiteVisitorAdmin(ViewOnly):
    list_display = ["step", "name", "document", "turned_away", "by_whom"]
    list_filter = [AwayFilter, "document"]
    list_select_related = ["step"]
    search_fields = ["step__request__ticket__number", "name", "by_whom"]
    date_hierarchy = "step__happened_at"
    readonly_fields = ["name"]
