"""The companies and their people."""

from django import forms
from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from support.actors import Actor
from support.admin.base import Kept, TrackedAdmin
from support.models import Contact, Customer, LegalEntity, PartnerGrant, UserKind
from support.portal import access
from support.refusal import Refused


@admin.register(LegalEntity)
class LegalEntityAdmin(Kept, TrackedAdmin):
    list_display = ["name", "number_series", "currency", "time_zone", "tax_number"]
    search_fields = ["name", "number_series"]


class CustomerForm(forms.ModelForm):
    class Meta:
        error_messages = {
            "tenant_id": {
                "invalid": _("Write a tenant id as Microsoft does: 32 figures and letters, in five groups.")
            }
        }


@admin.register(Customer)
class CustomerAdmin(Kept, TrackedAdmin):
    form = CustomerForm
    list_display = ["name", "code", "legal_entity", "partner", "success_manager", "active"]
    list_filter = ["active", "legal_entity", "success_manager", "accredited_until"]
    list_select_related = ["legal_entity", "partner", "success_manager"]
    search_fields = ["name", "code", "finance_name", "account_reference", "tenant_id"]
    autocomplete_fields = ["legal_entity", "partner", "success_manager"]
    fieldsets = [
        (None, {"fields": ["name", "code", "active", "legal_entity", "success_manager"]}),
        (_("Partner"), {"fields": ["partner", "accredited_until"]}),
        (_("Language and time"), {"fields": ["time_zone", "locale"]}),
        (_("Money"), {"fields": ["finance_name", "account_reference", "second_signature_above"]}),
        ("Microsoft", {"fields": ["tenant_id"]}),
    ]


@admin.register(Contact)
class ContactAdmin(Kept, TrackedAdmin):
    list_display = ["name", "email", "customer", "approves_up_to", "billing", "active"]
    list_filter = [
        "active",
        "billing",
        "asks_onsite",
        "nominated_for_reviews",
        "nominated_for_outages",
        "nominated_for_maintenance",
    ]
    list_select_related = ["customer"]
    search_fields = ["name", "email", "customer__name"]
    autocomplete_fields = ["customer", "user"]
    actions = ["open_account"]

    @admin.action(description=_("Make an account, to sign in with a code"), permissions=["change"])
    def open_account(self, request, queryset):
        """For an address that stands at two customers: by itself it opens neither."""
        done, by, at = 0, Actor.of(request.user), timezone.now()
        for contact in queryset:
            try:
                access.open_account(contact, by=by, at=at)
                done += 1
            except Refused as refused:
                self.message_user(request, refused.sentence, messages.WARNING)
        told = ngettext("%d contact can sign in.", "%d contacts can sign in.", done) % done
        self.message_user(request, told, messages.SUCCESS)

    def get_readonly_fields(self, request, obj=None):
        return ["customer"] if obj else []

    fieldsets = [
        (None, {"fields": ["customer", "name", "email", "phone", "active", "user"]}),
        (_("What this person may do"), {"fields": ["approves_up_to", "billing", "asks_onsite"]}),
        (
            _("Is told of"),
            {"fields": ["nominated_for_reviews", "nominated_for_outages", "nominated_for_maintenance"]},
        ),
        (_("Language and time"), {"fields": ["time_zone", "locale"]}),
    ]

    def formfield_for_foreignkey(self, db_field, request, **options):
        field = super().formfield_for_foreignkey(db_field, request, **options)
        if db_field.name == "user":
            field.queryset = field.queryset.filter(kind=UserKind.CUSTOMER)
            field.error_messages["invalid_choice"] = _(
                "Choose a customer's account: staff is never a contact."
            )
        return field


@admin.register(PartnerGrant)
class PartnerGrantAdmin(TrackedAdmin):
    list_display = ["contact", "of_partner", "customer"]
    list_select_related = ["contact__customer", "customer"]
    search_fields = ["contact__name", "contact__email", "customer__name"]
    autocomplete_fields = ["contact", "customer"]

    @admin.display(description=_("partner"), ordering="contact__customer__name")
    def of_partner(self, grant):
        return grant.contact.customer
