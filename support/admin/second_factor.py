"""Who has which second factor; removing one helps somebody who has lost a phone. The secrets are not shown."""

from allauth.account import admin as account  # imported so that theirs are registered before ours
from allauth.mfa import admin as mfa
from allauth.mfa.models import Authenticator
from django.contrib import admin

from support.admin.base import Sturdy

admin.site.unregister([mfa.Authenticator, account.EmailAddress])


@admin.register(Authenticator)
class AuthenticatorAdmin(Sturdy):
    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    list_select_related = ["user"]
    search_fields = ["user__name", "user__email"]
    date_hierarchy = "created_at"
    fields = readonly_fields = ["user", "type", "created_at", "last_used_at"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
