"""The desk's own people, for managers: who there is, inviting, a new link, resetting access."""

from functools import partial

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from support import saying, staff
from support.forms.staff import StaffInviteForm, StaffResetForm
from support.models import User, UserKind
from support.once import once
from support.refusal import Refused

PER_PAGE = 50
SHOWN = 20  # changes of one person, the newest
STATES = {
    "disabled": (gettext_lazy("disabled"), ""),
    "invited": (gettext_lazy("has no password yet"), "warn"),
    "bare": (gettext_lazy("no second factor yet"), "warn"),
    "ready": (gettext_lazy("signs in"), "good"),
}


@require_safe
def staff_list(request):
    return _list(request, _form(request))


@require_POST
@once
def staff_invite(request):
    form = _form(request)
    if form.is_valid():
        try:
            user = staff.invite(**form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(refused.field or "email", refused.sentence)
        else:
            transaction.on_commit(partial(_mail, request, user))
            return redirect("support:staff-page", user.pk)
    return _list(request, form, status=422)


@require_safe
def staff_page(request, person):
    return _show(request, _found(person), StaffResetForm())


@require_POST
@once
def staff_link(request, person):
    user = _found(person)
    staff.must_want_a_link(user, by=request.user)
    transaction.on_commit(partial(_mail, request, user))
    return redirect("support:staff-page", person)


@require_POST
@once
def staff_reset(request, person):
    user, form = _found(person), StaffResetForm(request.POST)
    staff.must_be_free_to_reset(user, by=request.user)
    if not form.is_valid():
        return _show(request, user, form, status=422)
    staff.reset_access(user, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
    messages.success(request, _("%(name)s is out, and comes in by a new link alone.") % {"name": user})
    return redirect("support:staff-page", person)


def _mail(request, user) -> None:
    """Once the account is there. What the mail server says is told: whoever sends a link waits for its effect."""
    try:
        get_adapter(request).mail_link(user)
    except OSError as error:
        told = _("The mail to %(address)s did not leave (%(why)s): send the link again.")
        messages.error(request, told % {"address": user.email, "why": error})
    else:
        messages.success(request, _("The link is on its way to %(address)s.") % {"address": user.email})


def _people():
    has_factor = Exists(Authenticator.objects.filter(user=OuterRef("pk")))
    return User.objects.filter(kind=UserKind.STAFF).annotate(has_factor=has_factor)


def _found(person) -> User:
    return get_object_or_404(_people(), pk=person)


def _state(user) -> tuple:
    if not user.is_active:
        return STATES["disabled"]
    if user.has_factor:  # a passkey needs no password
        return STATES["ready"]
    return STATES["bare" if user.has_usable_password() else "invited"]


def _form(request) -> StaffInviteForm:
    return StaffInviteForm(request.POST or None, zone=request.user.time_zone)


def _list(request, form, status=200):
    people = _people().prefetch_related("groups", "teams").order_by("-is_active", "name", "pk")
    page, now = Paginator(people, PER_PAGE).get_page(request.GET.get("page")), timezone.now()
    rows = [(user, _state(user), _last_seen(user, now)) for user in page]
    return render(
        request, "support/staff_list.html", {"form": form, "page": page, "rows": rows}, status=status
    )


def _last_seen(user, now) -> str:
    return saying.here(user.last_login, now) if user.last_login else ""


def _show(request, user, form, status=200):
    now = timezone.now()
    changes = user.history.order_by("-history_date", "-history_id")[:SHOWN]
    facts = {
        "person": user,
        "state": _state(user),
        "seen": _last_seen(user, now),
        "form": form,
        "wants_link": _allowed(staff.must_want_a_link, user, request.user),
        "may_reset": _allowed(staff.must_be_free_to_reset, user, request.user),
        "changes": [(row, saying.here(row.history_date, now)) for row in changes],
    }
    return render(request, "support/staff_page.html", facts, status=status)


def _allowed(rule, user, by) -> bool:
    try:
        rule(user, by=by)
    except Refused:
        return False
    return True
