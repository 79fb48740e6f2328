"""Rate cards and the contracts billed by them; offers copy them, so a change alters nothing old."""

from django.contrib import admin

from billing.models import ContractRate, RateCard
from support.admin.base import Kept, TrackedAdmin


@admin.register(RateCard)
class RateCardAdmin(Kept, TrackedAdmin):
    list_display = ["name", "hourly_rate", "currency", "increment", "minimum"]
    list_filter = ["currency", "increment"]
    search_fields = ["name"]


@admin.register(ContractRate)
class ContractRateAdmin(Kept, TrackedAdmin):
    list_display = ["contract", "card", "tax_code", "tax_rate", "payment_days"]
    list_filter = ["card"]
    list_select_related = ["contract__holder", "card"]
    search_fields = ["contract__number", "contract__holder__name"]
    autocomplete_fields = ["contract", "card"]
