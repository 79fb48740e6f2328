"""The forms with which a manager makes and changes accounts."""

from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.utils.translation import gettext_lazy as _

from support.models import Contact, User, UserKind
from support.roles import Role


class FittingRoles:
    """The desk's roles are for staff, the customers' role is for customers."""

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        kind = cleaned.get("kind", self.instance.kind)
        chosen = {group.name for group in cleaned.get("groups", ())}
        if kind == UserKind.CUSTOMER and chosen - {Role.CUSTOMER}:
            self.add_error("groups", _("A customer's account takes no role of the desk."))
        if kind == UserKind.STAFF and Role.CUSTOMER in chosen:
            self.add_error("groups", _("Staff does not take the customers' role."))
        if kind == UserKind.STAFF and Contact.objects.filter(user=self.instance.pk or 0).exists():
            self.add_error("kind", _("This account is a customer's contact: staff is never a contact."))
        return cleaned


class UserForm(FittingRoles, UserChangeForm):
    class Meta:
        model = User
        fields = [
            "email",
            "name",
            "kind",
            "is_active",
            "is_superuser",
            "groups",
            "time_zone",
            "locale",
            "theme",
            "password",
        ]
        field_classes = {}


class UserAddForm(FittingRoles, AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["name", "email", "kind", "groups", "time_zone", "locale"]
        field_classes = {}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["usable_password"].help_text = _(
            "Disabled: a manager sends the person a link to choose one, from the page of the staff. "
            "Enabled: tell it by another way than mail; the person can change it."
        )


class PasswordForm(AdminPasswordChangeForm):
    def save(self, commit=True):
        user = super().save(commit=False)
        user.save(update_fields=["password"])  # alone: it is no part of the history
        return user
