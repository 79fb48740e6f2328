"""Mail that found no ticket by itself: read here, and put on a ticket, raised as one, or set aside."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from support import saying
from support.actors import Actor
from support.desk import inbound
from support.forms import inbound as forms
from support.models import InboundMail, InboundState, Ticket
from support.once import once
from support.refusal import Refused

PER_PAGE = 50


@require_safe
def inbound_list(request):
    """What somebody has to look at; with ?state=all everything that came in."""
    everything = request.GET.get("state") == "all"
    rows = InboundMail.objects.defer("raw").select_related("ticket")
    page = Paginator(rows if everything else rows.filter(state=InboundState.STUB), PER_PAGE).get_page(
        request.GET.get("page")
    )
    now = timezone.now()
    shown = [(row, saying.here(row.received_at, now)) for row in page]
    return render(
        request, "support/inbound_list.html", {"page": page, "rows": shown, "everything": everything}
    )


@require_safe
def inbound_page(request, number):
    return _show(request, get_object_or_404(InboundMail, pk=number))


@require_safe
def inbound_raw(request, number):
    """The bytes as they came in: always an attachment, never anything that a browser runs."""
    mail = get_object_or_404(InboundMail, pk=number)
    response = HttpResponse(bytes(mail.raw), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="message-{mail.pk}.eml"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@once
def inbound_join(request, number):
    form = forms.InboundJoinForm(
        request.POST, seen=Ticket.objects.visible_to(request.user), auto_id="join_%s"
    )
    return _act(
        request,
        number,
        "join",
        form,
        lambda mail, said, by, at: inbound.put_on(mail, said["number"], by=by, at=at) or said["number"],
    )


@require_POST
@once
def inbound_raise(request, number):
    form = forms.InboundRaiseForm(request.POST, auto_id="raise_%s")
    return _act(
        request,
        number,
        "raise",
        form,
        lambda mail, said, by, at: inbound.raise_from(mail, **said, by=by, at=at),
    )


@require_POST
@once
def inbound_aside(request, number):
    form = forms.InboundAsideForm(request.POST, auto_id="aside_%s")
    return _act(
        request,
        number,
        "aside",
        form,
        lambda mail, said, by, at: inbound.set_aside(mail, **said, by=by, at=at),
    )


def _act(request, number, name, form, act):
    """`act` answers the ticket that it is on now, or None."""
    mail = get_object_or_404(InboundMail, pk=number)
    if form.is_valid():
        try:
            ticket = act(mail, form.cleaned_data, Actor.of(request.user), timezone.now())
        except Refused as refused:
            mail.refresh_from_db(fields=["state"])
            if mail.state != InboundState.STUB:
                raise  # the page has no form any more that could say it
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            return redirect(ticket or "support:inbound-list")
    return _show(request, InboundMail.objects.get(pk=number), status=422, **{name: form})


def _show(request, mail, status=200, **bound):
    said = inbound.readable(mail)
    context = {
        "mail": mail,
        "said": said,
        "received": saying.here(mail.received_at, timezone.now()),
        "waits": mail.state == InboundState.STUB,
        "forms": {
            "join": forms.InboundJoinForm(seen=None, auto_id="join_%s"),
            "raise": forms.InboundRaiseForm(auto_id="raise_%s"),
            "aside": forms.InboundAsideForm(auto_id="aside_%s"),
            **bound,
        },
        "bound": dict.fromkeys(bound, True),
    }
    return render(request, "support/inbound_page.html", context, status=status)
