"""Staff and customers' accounts, and teams. Managers make and disable them; only superusers make superusers."""

from django.contrib import admin, messages
from django.contrib.auth import admin as auth
from django.contrib.auth.models import Group
from django.forms import CheckboxSelectMultiple
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from support.actors import Actor
from support.admin.base import Kept, TrackedAdmin, ViewOnly
from support.admin.people_forms import PasswordForm, UserAddForm, UserForm
from support.models import Team, User
from support.roles import Role


@admin.register(User)
class UserAdmin(Kept, TrackedAdmin, auth.UserAdmin):
    form, add_form, change_password_form = UserForm, UserAddForm, PasswordForm
    list_display = ["name", "email", "kind", "role_names", "is_active", "last_login"]
    list_filter = ["is_active", "kind", "groups", "is_superuser"]
    search_fields = ["name", "email"]
    ordering = ["name", "id"]
    filter_horizontal = []
    actions = ["disable", "enable"]
    fieldsets = [
        (None, {"fields": ["name", "email", "password", "is_active", "last_login", "created_at"]}),
        (_("What this person may do"), {"fields": ["kind", "groups", "is_superuser"]}),
        (_("Language, time and look"), {"fields": ["time_zone", "locale", "theme"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["name", "email", "kind", "groups", "time_zone", "locale"]}),
        (_("First password"), {"fields": ["usable_password", "password1", "password2"]}),
    ]
    readonly_fields = ["is_active", "last_login", "created_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request, obj=None):
        own = [] if request.user.is_superuser or obj is None else ["kind", "is_superuser"]
        if own and obj == request.user:
            own.append("groups")  # nobody gives himself a role
        return [*super().get_readonly_fields(request, obj), *own]

    def get_fieldsets(self, request, obj=None):
        sets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return sets
        shown = [[field for field in part["fields"] if field != "password"] for _title, part in sets]
        return [(title, {"fields": fields}) for (title, _part), fields in zip(sets, shown, strict=True)]

    def has_change_permission(self, request, obj=None):
        """A superuser's account is out of a manager's reach, his password and address above all."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def formfield_for_manytomany(self, db_field, request, **options):
        if db_field.name == "groups":
            options |= {
                "queryset": Group.objects.filter(name__in=list(Role)).order_by("name"),
                "widget": CheckboxSelectMultiple(),
                "label": _("Roles"),
                "help_text": "",
            }
        return super().formfield_for_manytomany(db_field, request, **options)

    def change_reason(self, form):
        if "groups" not in form.changed_data:
            return None
        return f"Roles: {', '.join(group.name for group in form.cleaned_data['groups']) or 'none'}"[:100]

    @admin.display(description=_("roles"))
    def role_names(self, user):
        return ", ".join(group.name for group in user.groups.all())

    @admin.action(description=_("Disable"), permissions=["change"])
    def disable(self, request, queryset):
        done = self._each(request, queryset, User.disable)
        told = ngettext("%d person signs in no longer.", "%d people sign in no longer.", done)
        self.message_user(request, told % done, messages.SUCCESS)

    @admin.action(description=_("Enable"), permissions=["change"])
    def enable(self, request, queryset):
        done = self._each(request, queryset, User.enable)
        told = ngettext("%d person can sign in again.", "%d people can sign in again.", done)
        self.message_user(request, told % done, messages.SUCCESS)

    def _each(self, request, queryset, verb) -> int:
        done, by, at = 0, Actor.of(request.user), timezone.now()
        for user in queryset:
            if not self.has_change_permission(request, user) or user == request.user:
                self.message_user(request, _("Not %s: yourself, or a superuser.") % user, messages.WARNING)
                continue
            verb(user, by=by, at=at)
            done += 1
        return done


@admin.register(Team)
class TeamAdmin(TrackedAdmin):
    list_display = ["name", "member_names"]
    search_fields = ["name"]
    autocomplete_fields = ["members"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("members")

    def change_reason(self, form):
        if "members" not in form.changed_data:
            return None
        return f"Members: {', '.join(user.name for user in form.cleaned_data['members']) or 'none'}"[:100]

    @admin.display(description=_("members"))
    def member_names(self, team):
        return ", ".join(user.name for user in team.members.all())


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(ViewOnly):
    """Roles come from support/roles.py; here one sees who holds them."""

    list_display = ["name", "people"]
    fields = readonly_fields = ["name", "people"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("user_set")

    @admin.display(description=_("people"))
    def people(self, group):
        return ", ".join(user.name for user in group.user_set.all() if user.is_active)
