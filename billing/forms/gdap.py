"""Forms of relationships: files of them, and what Microsoft is asked to do."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing import gdap_roles
from support.forms.files import FilesField
from support.forms.instants import InstantField
from support.models import Customer


def why() -> forms.CharField:
    return forms.CharField(label=_("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class GdapReasonForm(forms.Form):
    reason = why()


class GdapExtendForm(forms.Form):
    on = forms.BooleanField(label=_("Extend it by itself, 180 days each time"), required=False)
    reason = why()


class GdapCreateForm(forms.Form):
    customer = forms.ModelChoiceField(Customer.objects.none(), label=_("Customer"), to_field_name="code")
    name = forms.CharField(
        label=_("Name"), max_length=50, help_text=_("No other relationship of ours has it.")
    )
    days = forms.IntegerField(label=_("Lasts, in days"), min_value=1, max_value=730, initial=365)
    roles = forms.MultipleChoiceField(label=_("Roles"), choices=[], widget=forms.CheckboxSelectMultiple)
    auto_extend = forms.BooleanField(label=_("Extend it by itself, 180 days each time"), required=False)
    reason = why()

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["roles"].choices = sorted(gdap_roles.ROLES.items(), key=lambda role: role[1])
        with_tenant = Customer.objects.filter(active=True).exclude(tenant_id=None)
        self.fields["customer"].queryset = with_tenant.order_by("name")


class GdapUploadForm(forms.Form):
    file = FilesField(
        label=_("File"),
        most=1,
        help_text=_(
            "CSV with the columns relationship_id, tenant_id, display_name, status, ends_at, auto_extend, roles, assigned."
        ),
    )
    seen_at = InstantField(label=_("When Partner Center showed this"))
