"""Outages and their notices in the records: written on the pages of outages, only read here."""

from django.contrib import admin

from escalations.models import (
    DueNotice,
    Notice,
    NoticeRecipient,
    Outage,
    OutageContract,
    OutageStep,
    OutageTicket,
)
from support.admin.base import ViewOnly


@admin.register(Outage)
class OutageAdmin(ViewOnly):
    list_display = ["number", "title", "service", "priority", "state", "began_at", "ended_at", "actor_name"]
    list_filter = ["state", "priority", "service__code"]
    list_select_related = ["service"]
    search_fields = ["number", "title", "contracts__contract__holder__name"]
    date_hierarchy = "declared_at"
    readonly_fields = ["number", "declared_at", "ended_at", "actor_name"]


@admin.register(OutageContract)
class OutageContractAdmin(ViewOnly):
    list_display = ["outage", "contract", "at", "actor_name"]
    list_filter = ["outage__state"]
    list_select_related = ["outage", "contract__holder"]
    search_fields = ["outage__number", "contract__number", "contract__holder__name"]
    date_hierarchy = "at"
    readonly_fields = ["at", "actor_name"]


@admin.register(OutageTicket)
class OutageTicketAdmin(ViewOnly):
    list_display = ["outage", "ticket", "at", "actor_name"]
    list_filter = ["outage__state"]
    list_select_related = ["outage", "ticket"]
    search_fields = ["outage__number", "ticket__number"]
    date_hierarchy = "at"
    readonly_fields = ["at", "actor_name"]


@admin.register(OutageStep)
class OutageStepAdmin(ViewOnly):
    list_display = ["outage", "kind", "text", "ended_at", "at", "actor_name"]
    list_filter = ["kind"]
    list_select_related = ["outage"]
    search_fields = ["outage__number", "text"]
    date_hierarchy = "at"
    readonly_fields = ["at", "actor_name"]


@admin.register(DueNotice)
class DueNoticeAdmin(ViewOnly):
    list_display = ["outage", "position", "due_at", "warned_at", "told_at"]
    list_filter = ["outage__state"]
    list_select_related = ["outage"]
    search_fields = ["outage__number", "outage__title"]
    date_hierarchy = "due_at"


@admin.register(Notice)
class NoticeAdmin(ViewOnly):
    list_display = ["outage", "position", "kind", "what", "late", "at", "recipients", "actor_name"]
    list_filter = ["what", "kind"]
    list_select_related = ["outage", "due"]
    search_fields = ["outage__number", "details", "impact", "reason"]
    date_hierarchy = "at"
    readonly_fields = ["position", "due", "kind", "recipients", "at", "actor_name"]

    @admin.display(boolean=True)
    def late(self, row):
        return row.late


@admin.register(NoticeRecipient)
class NoticeRecipientAdmin(ViewOnly):
    list_display = ["notice", "contact", "customer", "mail_state"]
    list_filter = ["mail__state"]
    list_select_related = ["notice__outage", "contact__customer", "mail"]
    search_fields = ["notice__outage__number", "contact__name", "contact__customer__name"]

    def customer(self, row):
        return row.contact.customer

    def mail_state(self, row):
        return row.mail.get_state_display()
