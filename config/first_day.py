"""The first page of an empty database: the first manager, then what he sets up. Gone when it is done, and in a simulation."""

import contextlib
from functools import partial

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from config import simulation
from support import roles, setting_up, versions
from support.actors import Actor
from support.forms.setting_up import CompanyForm, ManagerForm, TryMailForm
from support.mail import outbox
from support.models import ServiceVersion
from support.once import once
from support.refusal import Refused, refusing


def is_near(request) -> bool:
    """Whether the first page of this reader is that of the first day."""
    if request.user.is_authenticated:
        return roles.may_open(request.user, "first-day-company") and setting_up.is_open()
    return setting_up.nobody_yet() and not simulation.why()


@never_cache
@require_safe
def page(request):
    if is_near(request):
        return _show(request) if request.user.is_authenticated else _begin(request, ManagerForm())
    if not request.user.is_authenticated and setting_up.is_open():
        return redirect_to_login(request.path)
    raise Http404


@sensitive_post_parameters("code", "password", "again")
@never_cache
@require_POST
def manager(request):
    if request.user.is_authenticated or not is_near(request):
        raise Http404
    form = ManagerForm(request.POST)
    if form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if name != "again"}
        try:
            user = setting_up.make_manager(**said, at=timezone.now())
        except Refused as refused:
            form.add_error(refused.field or None, refused.sentence)
        else:
            record_authentication(request, user, method="password", email=user.email)
            return perform_login(request, Login(user=user, email=user.email, redirect_url="/first-day/"))
    return _begin(request, form, status=422)


def _while_open(view):
    """POSTs that act once, as long as the first day lasts; its managers are those of the table of roles."""

    @require_POST
    @once
    def guarded(request):
        if not setting_up.is_open():
            raise Http404
        return view(request)

    return guarded


@_while_open
def company(request):
    form = CompanyForm(request.POST, instance=setting_up.company())
    if not form.is_valid():
        return _show(request, status=422, company=form)
    form.instance.by(Actor.of(request.user), timezone.now())
    try:
        with refusing({}), transaction.atomic():
            form.save()
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return _show(request, status=422, company=form)
    messages.success(request, _("Saved."))
    return redirect("first-day")


@_while_open
def mail(request):
    form = TryMailForm(request.POST)
    if not form.is_valid():
        return _show(request, status=422, mail=form)
    row = setting_up.try_mail(form.cleaned_data["to"], at=timezone.now())
    transaction.on_commit(partial(_send, row.pk))
    return redirect("first-day")


def _send(number: int) -> None:
    """Now, so that the page can say what became of it, with or without a worker."""
    with contextlib.suppress(OSError):  # what the mail server said stands on the mail, and the page shows it
        outbox.send(number)


@_while_open
def definitions(request):
    loaded = versions.load(by=Actor.of(request.user), at=timezone.now())
    messages.success(request, _("Loaded: %(n)d services and calendars are new.") % {"n": len(loaded.added)})
    return redirect("first-day")


@_while_open
def finish(request):
    setting_up.finish(at=timezone.now())
    messages.success(request, _("The desk is open."))
    return redirect("home")


def _begin(request, form, status=200):
    return render(request, "first_day_manager.html", {"form": form}, status=status)


def _show(request, status=200, **forms):
    services = ServiceVersion.objects.order_by("name", "-version").distinct("name")
    facts = {
        "done": setting_up.done(),
        "company": forms.get("company") or CompanyForm(instance=setting_up.company()),
        "mail": forms.get("mail") or TryMailForm(initial={"to": request.user.email}),
        "sent": setting_up.last_mail(),
        "sender": settings.DEFAULT_FROM_EMAIL,
        "services": services.values_list("name", flat=True),
    }
    return render(request, "first_day.html", facts, status=status)
