"""Maintenance in the records: announced and called off on its pages, only read here."""

from django.contrib import admin

from escalations.models import (
    MaintenanceContract,
    MaintenanceNotice,
    MaintenanceRecipient,
    MaintenanceStop,
    MaintenanceWindow,
)
from support.admin.base import ViewOnly


@admin.register(MaintenanceWindow)
class MaintenanceWindowAdmin(ViewOnly):
    list_display = [
        "number",
        "title",
        "service",
        "product",
        "begins_at",
        "ends_at",
        "announced_at",
        "actor_name",
    ]
    list_filter = ["service__code", "product"]
    list_select_related = ["service", "product"]
    search_fields = ["number", "title", "contracts__contract__holder__name"]
    date_hierarchy = "begins_at"
    readonly_fields = ["number", "announced_at", "actor_name"]


@admin.register(MaintenanceContract)
class MaintenanceContractAdmin(ViewOnly):
    list_display = ["window", "contract", "in_time"]
    list_filter = ["in_time"]
    list_select_related = ["window", "contract__holder"]
    search_fields = ["window__number", "contract__number", "contract__holder__name"]
    readonly_fields = ["in_time"]


@admin.register(MaintenanceNotice)
class MaintenanceNoticeAdmin(ViewOnly):
    list_display = ["window", "kind", "text", "recipients", "at", "actor_name"]
    list_filter = ["kind"]
    list_select_related = ["window"]
    search_fields = ["window__number", "window__title", "text"]
    date_hierarchy = "at"
    readonly_fields = ["recipients", "at", "actor_name"]


@admin.register(MaintenanceRecipient)
class MaintenanceRecipientAdmin(ViewOnly):
    list_display = ["notice", "contact", "customer", "mail_state"]
    list_filter = ["notice__kind", "mail__state"]
    list_select_related = ["notice__window", "contact__customer", "mail"]
    search_fields = ["notice__window__number", "contact__name", "contact__customer__name"]

    def customer(self, row):
        return row.contact.customer

    def mail_state(self, row):
        return row.mail.get_state_display()


@admin.register(MaintenanceStop)
class MaintenanceStopAdmin(ViewOnly):
    list_display = ["window", "ticket", "since", "until"]
    list_filter = ["window__service__code"]
    list_select_related = ["window", "ticket", "wait"]
    search_fields = ["window__number", "ticket__number"]

    def since(self, row):
        return row.wait.started_at

    def until(self, row):
        return row.wait.ended_at
