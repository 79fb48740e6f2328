"""Products and contracts."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from support.admin.base import Completing, Kept, TrackedAdmin, TrackedInline
from support.models import Contract, ContractCalendar, ContractLine, Product, ProductVersion
from support.refusal import Refused, refusing


class ProductVersionInline(TrackedInline):
    model = ProductVersion


@admin.register(Product)
class ProductAdmin(TrackedAdmin):
    list_display = ["name", "code", "maker"]
    list_filter = ["maker"]
    search_fields = ["name", "code", "maker"]
    inlines = [ProductVersionInline]


@admin.register(ProductVersion)
class ProductVersionAdmin(TrackedAdmin):
    list_display = ["product", "version", "released_on", "support"]
    list_display_links = ["product", "version"]
    list_filter = ["support"]
    list_select_related = ["product"]
    search_fields = ["product__name", "version"]
    autocomplete_fields = ["product"]
    date_hierarchy = "released_on"


class ContractLineInline(Completing, TrackedInline):
    model = ContractLine
    autocomplete_fields = ["product"]


class ContractCalendarInline(Completing, TrackedInline):
    model = ContractCalendar
    autocomplete_fields = ["calendar"]


class ContractForm(forms.ModelForm):
    def clean_holder(self):
        """Tried and taken back: the database knows what hangs on a contract in the apps above this one."""
        holder = self.cleaned_data["holder"]
        if self.instance.pk and holder.pk != self.instance.holder_id:
            try:
                with refusing({}), transaction.atomic():
                    Contract.objects.filter(pk=self.instance.pk).update(holder=holder)
                    transaction.set_rollback(True)
            except Refused as refused:
                raise ValidationError(refused.sentence) from refused
        return holder


@admin.register(Contract)
class ContractAdmin(Kept, TrackedAdmin):
    form = ContractForm
    list_display = [
        "number",
        "holder",
        "bill_to",
        "support_service",
        "engagement_service",
        "starts_on",
        "ends_on",
    ]
    list_filter = ["legal_entity", "csp", "currency", ("support_service", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["holder", "bill_to", "support_service", "engagement_service"]
    search_fields = ["number", "holder__name", "bill_to__name"]
    autocomplete_fields = ["holder", "bill_to", "legal_entity", "support_service", "engagement_service"]
    date_hierarchy = "starts_on"
    inlines = [ContractLineInline, ContractCalendarInline]
    fieldsets = [
        (None, {"fields": ["number", "holder", "bill_to", "legal_entity", "starts_on", "ends_on"]}),
        (_("Services, each at a version"), {"fields": ["support_service", "engagement_service"]}),
        (_("Terms"), {"fields": ["currency", "csp", "entitlements"]}),
    ]
