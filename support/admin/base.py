"""What every admin page of ours does: names the actor of a change, and deletes only where that is allowed."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import DateTimeField, UniqueConstraint
from django.forms.models import InlineForeignKeyField
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import errors
from simple_history.admin import SimpleHistoryAdmin

from support.actors import Actor
from support.forms.instants import InstantField, InstantInput
from support.forms.people import ZONE_CHOICES
from support.models.people import LocaleField, ZoneField
from support.refusal import Refused, refusing


class _Sturdy:
    """Of what was sent, an autocompletion looks up only what can be a key: the form says what is wrong with the rest."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(
            name, [each for each in value if f"{each}".isdecimal() and len(f"{each}") < 18], attr
        )


class _One(_Sturdy, AutocompleteSelect):
    pass


class _Many(_Sturdy, AutocompleteSelectMultiple):
    pass


class Completing:
    """For a page or an inline with `autocomplete_fields`."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        return super().formfield_for_foreignkey(
            db_field, request, **self._completing(db_field, _One), **kwargs
        )

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return super().formfield_for_manytomany(
            db_field, request, **self._completing(db_field, _Many), **kwargs
        )

    def _completing(self, db_field, widget) -> dict:
        if db_field.name not in self.autocomplete_fields:
            return {}
        return {"widget": widget(db_field, self.admin_site)}


class Sturdy(Completing, admin.ModelAdmin):
    """Addresses and selections that nobody's page makes are answered like others that lead nowhere, not with our mistake."""

    def changelist_view(self, request, extra_context=None):
        for pk in request.POST.getlist(ACTION_CHECKBOX_NAME):
            self._must_be_a_key(pk)
        try:
            return super().changelist_view(request, extra_context)
        except (IndexError, OverflowError, ValueError, DataError):
            if request.method != "GET" or not request.GET:
                raise
            messages.warning(request, _("That filter says nothing here: all rows are shown."))
            return redirect(request.path)

    def history_view(self, request, object_id, extra_context=None):
        self._must_be_a_key(unquote(object_id))
        return super().history_view(request, object_id, extra_context)

    def get_changeform_initial_data(self, request):
        """What an address fills in beforehand, without what the fields cannot hold."""
        return {
            name: value
            for name, value in super().get_changeform_initial_data(request).items()
            if self._holds(name, value)
        }

    def _holds(self, name: str, value) -> bool:
        try:
            field = self.model._meta.get_field(name)
            for each in value if isinstance(value, list) else [value]:
                (field.target_field if field.is_relation else field).to_python(each)
        except (FieldDoesNotExist, ValidationError, AttributeError, ValueError, OverflowError):
            return False
        return not (field.is_relation and len(str(value)) > 18)

    def _must_be_a_key(self, text: str) -> None:
        try:
            self.model._meta.pk.to_python(text)
        except ValidationError:
            raise Http404 from None
        if "\0" in text or len(text) > 18:
            raise Http404


class RowForm(forms.ModelForm):
    """A row inside its parent's form. Django asks there for no rule in which the parent takes part: what another tab has added since was
    an error of the database."""

    def full_clean(self):
        super().full_clean()
        if self._errors and self._meta.model._meta.pk.name in self._errors:  # which is hidden
            self.add_error(None, _("This row was deleted meanwhile: open the page again."))

    def validate_unique(self):
        super().validate_unique()
        if not self.has_changed():
            return
        exclude = self._get_validation_exclusions()
        parents = {name for name, field in self.fields.items() if isinstance(field, InlineForeignKeyField)}
        for model, constraints in self.instance.get_constraints():
            for one in constraints:
                if isinstance(one, UniqueConstraint) and parents & set(one.fields):
                    self._judge(one, model, exclude)

    def _judge(self, constraint: UniqueConstraint, model: type, exclude: set[str]) -> None:
        try:
            constraint.validate(model, self.instance, exclude=exclude)
        except ValidationError as error:
            self._update_errors(error)


class TrackedInline(admin.TabularInline):
    form = RowForm
    extra = 1


class TrackedAdmin(Sturdy, SimpleHistoryAdmin):
    """A row with history: each change says who and when. Its history is read here, never put back."""

    formfield_overrides = {
        DateTimeField: {"form_class": InstantField, "widget": InstantInput},
        ZoneField: {"widget": forms.Select(choices=ZONE_CHOICES)},
        LocaleField: {"widget": forms.Select(choices=settings.LANGUAGES)},
    }

    def get_urls(self):
        return super(SimpleHistoryAdmin, self).get_urls()  # without simple-history's page to revert a row

    def revert_disabled(self, request, obj=None):
        return True

    def save_model(self, request, obj, form, change):
        obj._change_reason = self.change_reason(form)
        with _refusing():
            named(obj, request).save()

    def change_reason(self, form) -> str | None:
        """What history should say of a change that lies in no column of the row."""
        return None

    @transaction.atomic
    def save_formset(self, request, form, formset, change):
        for row in formset.save(commit=False):
            with _refusing():
                named(row, request).save()
        for row in formset.deleted_objects:
            with _refusing():
                named(row, request).delete()
        formset.save_m2m()

    def delete_model(self, request, obj):
        named(obj, request).delete()

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        for row in queryset:  # one by one: a bulk delete leaves no history
            self.delete_model(request, row)


@contextmanager
def _refusing() -> Iterator[None]:
    """Around what no form has said before: a guard's sentence, or that somebody else was faster with the same row."""
    try:
        with refusing({}):
            yield
    except IntegrityError as error:
        if isinstance(error.__cause__, errors.UniqueViolation):
            raise Refused(_("Somebody else has saved the same just now: open the page again.")) from error
        raise


def named(row, request):
    """The row, told who is about to change it."""
    return row.by(Actor.of(request.user), timezone.now())


class Kept:
    """Disabled or ended, never deleted: the database refuses it too."""

    def has_delete_permission(self, request, obj=None):
        return False


class ViewOnly(Kept, Sturdy):
    """Rows that are written elsewhere, and grow: a search does not count them all."""

    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
