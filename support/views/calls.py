"""The log of calls and chats: what came in, telling what came in, striking out what was told wrongly."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from support.actors import Actor
from support.desk import calling
from support.desk.answers import shown
from support.forms.calls import CallStrikeForm, CallTellForm
from support.models import CallRecord
from support.once import once
from support.refusal import Refused

PER_PAGE = 50


@require_safe
def call_list(request):
    return _show(request, _form(request))


@require_POST
@once
def call_tell(request):
    form, at = _form(request), timezone.now()
    if form.is_valid():
        said = form.cleaned_data
        try:
            calling.tell(
                said["contract"],
                channel=said["channel"],
                offered_at=said["offered_at"],
                waited=form.waited,
                answered=said["ended"] == "answered",
                by=Actor.of(request.user),
                at=at,
            )
        except Refused as refused:
            form.add_error(refused.field or None, refused.sentence)
        else:
            return redirect("support:call-list")
    return _show(request, form, status=422)


@require_POST
@once
def call_strike(request, record):
    row, form = get_object_or_404(CallRecord, pk=record), CallStrikeForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Write why it is struck out, in at most 300 letters."))
    calling.strike(row, reason=form.cleaned_data["reason"], by=Actor.of(request.user), at=timezone.now())
    messages.success(request, _("Struck out: it counts no more."))
    return redirect("support:call-list")


def _form(request) -> CallTellForm:
    return CallTellForm(request.POST or None, on=timezone.localdate())


def _show(request, form, status=200):
    rows = CallRecord.objects.select_related("contract__holder", "contract__support_service", "striking")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    facts = {"form": form, "page": page, "rows": [shown(row, now) for row in page]}
    return render(request, "support/call_list.html", facts, status=status)
