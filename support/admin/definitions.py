"""Service definitions and calendars: versions are loaded from files, pinned by contracts, and only read here."""

import json

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from support.admin.base import ViewOnly
from support.models import CalendarMove, CalendarVersion, ServiceVersion


class VersionAdmin(ViewOnly):
    @admin.display(description=_("data"))
    def laid_out(self, version):
        return format_html("<pre>{}</pre>", json.dumps(version.data, indent=2, ensure_ascii=False))


@admin.register(ServiceVersion)
class ServiceVersionAdmin(VersionAdmin):
    list_display = ["name", "code", "version", "kind", "added_at", "actor_name"]
    list_filter = ["kind", "code"]
    search_fields = ["name", "code"]
    date_hierarchy = "added_at"
    fields = ["name", "code", "version", "kind", "added_at", "actor_name", "sha256", "written", "laid_out"]
    readonly_fields = fields

    @admin.display(description=_("as it was written"))
    def written(self, version):
        return format_html("<pre>{}</pre>", version.source)


@admin.register(CalendarVersion)
class CalendarVersionAdmin(VersionAdmin):
    list_display = ["name", "version", "added_at", "actor_name"]
    list_filter = ["name"]
    search_fields = ["name"]
    date_hierarchy = "added_at"
    fields = ["name", "version", "added_at", "actor_name", "sha256", "laid_out"]
    readonly_fields = fields


@admin.register(CalendarMove)
class CalendarMoveAdmin(ViewOnly):
    list_display = ["calendar", "at", "actor_name", "tickets", "contracts", "reason"]
    list_filter = ["calendar__name"]
    list_select_related = ["calendar"]
    search_fields = ["calendar__name", "actor_name", "reason"]
    date_hierarchy = "at"
    readonly_fields = ["actor_kind", "actor_id", "actor_name"]
