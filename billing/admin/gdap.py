"""GDAP as it was read: relationships, readings, and what managers asked Microsoft to do. Only read here."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from billing import gdap_roles
from billing.models import GdapAct, GdapReading, GdapRelationship
from support.admin.base import TrackedAdmin, ViewOnly


@admin.register(GdapRelationship)
class GdapRelationshipAdmin(ViewOnly, TrackedAdmin):
    list_display = ["display_name", "customer", "status", "ends_at", "auto_extend", "source", "synced_at"]
    list_filter = ["status", "source", "assigned", "has_global_admin", "auto_extend", "listed"]
    list_select_related = ["customer"]
    search_fields = ["relationship_id", "display_name", "customer__name", "tenant_id"]
    date_hierarchy = "ends_at"
    exclude = ["roles", "assigned_roles"]
    readonly_fields = ["role_names"]

    @admin.display(description=_("roles"))
    def role_names(self, relationship):
        return ", ".join(gdap_roles.named(role) for role in relationship.roles)


@admin.register(GdapReading)
class GdapReadingAdmin(ViewOnly):
    list_display = ["customer", "status", "assigned", "ends_at", "source", "read_at", "actor_name"]
    list_filter = ["status", "source", "assigned"]
    list_select_related = ["customer"]
    search_fields = ["customer__name", "reason"]
    date_hierarchy = "read_at"
    readonly_fields = ["actor_name"]


@admin.register(GdapAct)
class GdapActAdmin(ViewOnly):
    list_display = ["kind", "relationship_id", "reason", "acted_at", "actor_name"]
    list_filter = ["kind"]
    search_fields = ["relationship_id", "reason"]
    date_hierarchy = "acted_at"
    readonly_fields = ["actor_name"]
