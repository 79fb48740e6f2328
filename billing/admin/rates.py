"""Rate cards and the contracts billed by them; offers copy them, so a change alters nothing old."""

from django.contrib import admin

from billing.models import ContractRate, PurchaseOrder, RateCard, Surcharge
from support.admin.base import Completing, Kept, TrackedAdmin, TrackedInline


class SurchargeInline(Completing, TrackedInline):
    model = Surcharge
    autocomplete_fields = ["calendar"]


@admin.register(RateCard)
class RateCardAdmin(Kept, TrackedAdmin):
    inlines = [SurchargeInline]
    list_display = [
        "name",
        "hourly_rate",
        "currency",
        "increment",
        "minimum",
        "minimum_charge",
        "statement_above",
    ]
    list_filter = ["currency", "increment"]
    search_fields = ["name"]


@admin.register(Surcharge)
class SurchargeAdmin(TrackedAdmin):
    list_display = ["card", "what", "how", "amount", "calendar"]
    list_filter = ["what", "how", "card"]
    list_select_related = ["card", "calendar"]
    search_fields = ["card__name"]
    autocomplete_fields = ["card", "calendar"]


@admin.register(ContractRate)
class ContractRateAdmin(Kept, TrackedAdmin):
    list_display = ["contract", "card", "tax_code", "tax_rate", "payment_days", "order_needed"]
    list_filter = ["card", "order_needed"]
    list_select_related = ["contract__holder", "card"]
    search_fields = ["contract__number", "contract__holder__name"]
    autocomplete_fields = ["contract", "card"]


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(Kept, TrackedAdmin):
    list_display = ["number", "contract", "engagement", "amount", "valid_from", "valid_until", "active"]
    list_filter = ["active", "contract__holder"]
    list_select_related = ["contract", "engagement"]
    search_fields = ["number", "contract__number", "contract__holder__name", "engagement__reference"]
    autocomplete_fields = ["contract", "engagement"]
