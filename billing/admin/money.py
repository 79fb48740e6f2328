"""Invoices, their lines, and the files that went to finance: read here, made on finance's pages."""

from django.contrib import admin, messages
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from billing import invoicing
from billing.models import (
    BilledDelivery,
    BilledEntry,
    BilledMinimum,
    ExportBatch,
    ExportFile,
    Invoice,
    InvoiceLine,
    InvoiceNote,
)
from support.actors import Actor
from support.admin.base import ViewOnly
from support.refusal import Refused


class LineInline(admin.TabularInline):
    model = InvoiceLine
    fields = ["position", "kind", "description", "minutes", "surcharged", "rate", "net", "tax_code", "tax"]
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Invoice)
class InvoiceAdmin(ViewOnly):
    list_display = [
        "reference",
        "bill_to",
        "month",
        "currency",
        "net",
        "tax",
        "total",
        "invoice_date",
        "credits",
    ]
    list_filter = [
        ("number", admin.EmptyFieldListFilter),
        ("credits", admin.EmptyFieldListFilter),
        "currency",
        "legal_entity",
    ]
    list_select_related = ["bill_to", "credits"]
    search_fields = ["series", "=number", "bill_to__name"]
    date_hierarchy = "month"
    readonly_fields = ["actor_name"]
    inlines = [LineInline]
    actions = ["issue"]

    def get_actions(self, request):
        actions = super().get_actions(request)
        return actions if request.user.has_perm("billing.change_invoice") else {}

    @admin.action(description=_("Issue the selected drafts"))
    def issue(self, request, invoices):
        by = Actor.of(request.user)
        for invoice in invoices:
            try:
                issued = invoicing.issue(invoice, by=by, at=timezone.now())
            except Refused as refused:
                self.message_user(request, refused.sentence, messages.WARNING)
            else:
                self.message_user(request, _("Issued: %(number)s.") % {"number": issued.reference})


@admin.register(InvoiceLine)
class InvoiceLineAdmin(ViewOnly):
    list_display = ["invoice", "position", "kind", "description", "minutes", "rate", "net", "tax"]
    list_filter = ["kind", "surcharge"]
    list_select_related = ["invoice"]
    search_fields = ["description", "invoice__series", "=invoice__number"]


@admin.register(InvoiceNote)
class InvoiceNoteAdmin(ViewOnly):
    list_display = ["invoice", "what", "paid_on", "reference", "reason", "noted_at", "actor_name"]
    list_filter = ["what"]
    list_select_related = ["invoice"]
    search_fields = ["reference", "reason", "invoice__series", "=invoice__number"]
    date_hierarchy = "noted_at"
    readonly_fields = ["actor_name"]


@admin.register(BilledEntry)
class BilledEntryAdmin(ViewOnly):
    list_display = ["entry", "surcharge", "line", "credited_by"]
    list_filter = ["surcharge"]
    list_select_related = ["entry__person", "line__invoice", "credited_by__invoice"]
    search_fields = ["entry__engagement__reference", "=line__invoice__number"]


@admin.register(BilledDelivery)
class BilledDeliveryAdmin(ViewOnly):
    list_display = ["delivery", "line", "credited_by"]
    list_filter = [("credited_by", admin.EmptyFieldListFilter)]
    list_select_related = ["delivery__approval__offer__engagement", "line__invoice", "credited_by__invoice"]
    search_fields = ["delivery__approval__engagement__reference", "=line__invoice__number"]


@admin.register(BilledMinimum)
class BilledMinimumAdmin(ViewOnly):
    list_display = ["engagement", "charged", "line", "credited_by"]
    list_filter = [("credited_by", admin.EmptyFieldListFilter)]
    list_select_related = ["engagement", "line__invoice", "credited_by__invoice"]
    search_fields = ["engagement__reference", "=line__invoice__number"]


class FileInline(admin.TabularInline):
    model = ExportFile
    fields = readonly_fields = ["number", "rows", "size", "stored_hash", "file"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("billing.view_exportbatch")

    @admin.display(description=_("hash"))
    def stored_hash(self, file):
        return bytes(file.sha256).hex()

    @admin.display(description=_("file"))
    def file(self, file):
        address = reverse("billing:export-download", args=[file.batch_id, file.number])
        return format_html('<a href="{}">CSV</a>', address)


@admin.register(ExportBatch)
class ExportBatchAdmin(ViewOnly):
    list_display = [
        "pk",
        "profile",
        "legal_entity",
        "month",
        "rows",
        "net",
        "gross",
        "exported_at",
        "actor_name",
    ]
    list_filter = ["profile", "legal_entity"]
    list_select_related = ["legal_entity"]
    search_fields = ["profile", "actor_name"]
    date_hierarchy = "month"
    readonly_fields = ["actor_name", "voided"]
    inlines = [FileInline]

    @admin.display(description=_("voided"))
    def voided(self, batch):
        void = getattr(batch, "void", None)
        return f"{void.voided_at:%Y-%m-%d %H:%M} UTC, {void.actor_name}: {void.reason}" if void else "-"
