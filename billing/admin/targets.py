"""What each company's finance program wants of its files."""

from django.contrib import admin

from billing.models import FinanceTarget
from support.admin.base import Kept, TrackedAdmin


@admin.register(FinanceTarget)
class FinanceTargetAdmin(Kept, TrackedAdmin):
    list_display = ["profile", "legal_entity", "date_order", "account_code", "item_name", "tax_columns"]
    list_filter = ["profile", "legal_entity"]
    list_select_related = ["legal_entity"]
    search_fields = ["profile", "legal_entity__name"]
