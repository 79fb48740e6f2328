"""Rate cards and the contracts billed by them; offers copy them, so a change alters nothing old."""

from django.contrib import admin

from billing.models import ContractRate, PurchaseOrder, RateCard
from support.admin.base import Kept, TrackedAdmin


@admin.register(RateCard)
class RateCardAdmin(Kept, TrackedAdmin):
    list_display = ["name", "hourly_rate", "currency", "increment", "minimum", "statement_above"]
    list_filter = ["currency", "increment"]
    search_fields = ["name"]


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
