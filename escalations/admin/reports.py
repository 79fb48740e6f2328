"""Major incident reports in the records: written on their own pages, only read here."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escalations import models, report_pages
from support.admin.base import ViewOnly


class Standing(admin.SimpleListFilter):
    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return report_pages.STATES.items()

    def queryset(self, request, queryset):
        if self.value() not in report_pages.STATES:
            return queryset
        return queryset.filter(
            pk__in=report_pages.found(timezone.now(), state=self.value()).order_by().values("pk")
        )


@admin.register(models.IncidentReport)
class IncidentReportAdmin(ViewOnly):
    list_display = ["number", "outage", "ticket", "ended_at", "due_at"]
    list_filter = [Standing]
    list_select_related = ["outage", "ticket"]
    search_fields = ["number", "outage__number", "ticket__number", "ticket__customer__name"]
    date_hierarchy = "due_at"
    readonly_fields = ["number", "ended_at", "at"]


@admin.register(models.ReportVersion)
class ReportVersionAdmin(ViewOnly):
    list_display = ["report", "position", "state", "issued_at", "recipients", "actor_name"]
    list_filter = ["state"]
    list_select_related = ["report__outage", "report__ticket"]
    search_fields = ["report__number", "impact", "root_cause"]
    date_hierarchy = "begun_at"
    readonly_fields = ["position", "recipients", "begun_at", "issued_at", "actor_name"]


@admin.register(models.ReportAction)
class ReportActionAdmin(ViewOnly):
    list_display = ["version", "position", "text", "owner_name", "due_on"]
    list_filter = ["version__state"]
    list_select_related = ["version"]
    search_fields = ["version__report__number", "text", "owner_name"]
    date_hierarchy = "due_on"
    readonly_fields = ["position", "owner_name"]


@admin.register(models.ReportRecipient)
class ReportRecipientAdmin(ViewOnly):
    list_display = ["version", "contact", "customer", "mail_state"]
    list_filter = ["mail__state"]
    list_select_related = ["version", "contact__customer", "mail"]
    search_fields = ["version__report__number", "contact__name", "contact__customer__name"]

    def customer(self, row):
        return row.contact.customer

    def mail_state(self, row):
        return row.mail.get_state_display()


@admin.register(models.ReportPaper)
class ReportPaperAdmin(ViewOnly):
    list_display = ["version", "customer", "file", "made_at"]
    list_select_related = ["version", "customer", "file"]
    search_fields = ["version__report__number", "customer__name", "file__name"]
    date_hierarchy = "made_at"
    readonly_fields = ["made_at"]
