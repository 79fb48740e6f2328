"""Mail that found no ticket by itself: read here, and put on a ticket, raised as one, or set aside."""

from functools import wraps

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from support import saying
from support.actors import Actor
from support.desk import inbound
from support.downloads import as_download
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
    return as_download(response, f"message-{mail.pk}.eml")


def dealing(name, form_for):
    """Make a view of `act(mail, said, by, at)`, which answers the ticket that the message is on now, or None."""

    def decorate(act):
        @require_POST
        @once
        @wraps(act)
        def view(request, number):
            mail, form = get_object_or_404(InboundMail, pk=number), form_for(request)
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

        return view

    return decorate


@dealing("join", lambda request: _join_form(request.POST, Ticket.objects.visible_to(request.user)))
def inbound_join(mail, said, by, at):
    inbound.put_on(mail, said["number"], by=by, at=at)
    return said["number"]


@dealing("raise", lambda request: forms.InboundRaiseForm(request.POST, auto_id="raise_%s"))
def inbound_raise(mail, said, by, at):
    return inbound.raise_from(mail, **said, by=by, at=at)


@dealing("aside", lambda request: forms.InboundAsideForm(request.POST, auto_id="aside_%s"))
def inbound_aside(mail, said, by, at):
    inbound.set_aside(mail, **said, by=by, at=at)


def _join_form(said=None, seen=None) -> forms.InboundJoinForm:
    return forms.InboundJoinForm(said, seen=seen, auto_id="join_%s")


def _show(request, mail, status=200, **bound):
    said = inbound.readable(mail)
    context = {
        "mail": mail,
        "said": said,
        "received": saying.here(mail.received_at, timezone.now()),
        "waits": mail.state == InboundState.STUB,
        "forms": {
            "join": _join_form(),
            "raise": forms.InboundRaiseForm(auto_id="raise_%s"),
            "aside": forms.InboundAsideForm(auto_id="aside_%s"),
            **bound,
        },
        "bound": dict.fromkeys(bound, True),
    }
    return render(request, "support/inbound_page.html", context, status=status)
