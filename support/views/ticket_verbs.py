"""What an agent does on a ticket: each a POST that calls one verb. A form with errors comes back with the page."""

from functools import wraps

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from support.actors import Actor
from support.desk import attaching, effort, priority, promising, working
from support.forms import priority as levels
from support.forms import tickets as forms
from support.models import Message, Visibility, Wait
from support.once import once
from support.refusal import Refused
from support.views.tickets import seen, show


def verb(name: str, form_class):
    """Make a view of `act(ticket, said, by, at)`: POST only, once per form, errors beside their field with status 422."""

    def decorate(act):
        @require_POST
        @once
        @wraps(act)
        def view(request, number):
            ticket = seen(request, number)
            facts = form_class.facts(ticket) if hasattr(form_class, "facts") else {}
            form = form_class(request.POST, request.FILES, auto_id=f"{name}_%s", **facts)
            if form.is_valid():
                try:
                    with transaction.atomic():  # a refusal half way leaves nothing behind
                        act(ticket, form.cleaned_data, Actor.of(request.user), timezone.now())
                except Refused as refused:
                    form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
                else:
                    return redirect(ticket)
            ticket.refresh_from_db()
            return show(request, ticket, status=422, **{name: form})

        return view

    return decorate


@verb("reply", forms.TicketReplyForm)
def ticket_reply(ticket, said, by, at):
    files = attaching.take(ticket, said["files"], visibility=Visibility.CUSTOMER, by=by, at=at)
    Message.reply(ticket, said["text"], files=files, by=by, at=at)


@verb("note", forms.TicketNoteForm)
def ticket_note(ticket, said, by, at):
    files = attaching.take(ticket, said["files"], visibility=Visibility.INTERNAL, by=by, at=at)
    Message.note(ticket, said["text"], files=files, by=by, at=at)


@verb("receive", forms.TicketReceiveForm)
def ticket_receive(ticket, said, by, at):
    Message.receive(ticket, said["text"], contact=ticket.raised_by, by=by, at=at)


@verb("call", forms.TicketCallForm)
def ticket_call(ticket, said, by, at):
    Message.call(
        ticket,
        said["text"],
        made=said["made"] == "yes",
        connected=said["connected"] == "yes",
        minutes=said["minutes"],
        contact=ticket.raised_by,
        visibility=said["visibility"],
        by=by,
        at=at,
    )


@verb("attach", forms.TicketAttachForm)
def ticket_attach(ticket, said, by, at):
    attaching.attach(ticket, said["files"], visibility=said["visibility"], by=by, at=at)


@verb("wait", forms.TicketWaitForm)
def ticket_wait(ticket, said, by, at):
    Wait.begin(ticket, reason=said["reason"], awaited=said["awaited"], wake_at=said["wake_at"], by=by, at=at)


@verb("promise", forms.TicketPromiseForm)
def ticket_promise(ticket, said, by, at):
    promising.promise(ticket, said["promised_at"], said["text"], by=by, at=at)


@verb("unpromise", forms.TicketUnpromiseForm)
def ticket_unpromise(ticket, said, by, at):
    promising.take_back(ticket, said["text"], by=by, at=at)


@verb("work", forms.TicketWorkForm)
def ticket_work(ticket, said, by, at):
    working.record(ticket, said["done"], said["text"], by=by, at=at)


@verb("effort", levels.TicketEffortForm)
def ticket_effort(ticket, said, by, at):
    effort.switch(ticket, said["effort"], reason=said["reason"], by=by, at=at)


@verb("priority", levels.TicketPriorityForm)
def ticket_priority(ticket, said, by, at):
    priority.assess(ticket, said["priority"], agreed=said["agreed"], by=by, at=at)


@verb("claim", levels.TicketClaimForm)
def ticket_claim(ticket, said, by, at):
    priority.claim(ticket, **said, contact=ticket.raised_by, by=by, at=at)


@verb("resolve", forms.TicketResolveForm)
def ticket_resolve(ticket, said, by, at):
    if said["text"]:
        Message.reply(ticket, said["text"], by=by, at=at)
    ticket.resolve(outcome=said["outcome"], by=by, at=at)


@verb("reopen", forms.TicketReopenForm)
def ticket_reopen(ticket, said, by, at):
    ticket.reopen(by=by, at=at)
    Message.note(ticket, said["text"], by=by, at=at)


@verb("owner", forms.TicketOwnerForm)
def ticket_owner(ticket, said, by, at):
    ticket.hand_to(said["owner"], by=by, at=at)


@require_POST
@once
def wait_end(request, number, wait):
    ticket = seen(request, number)
    found = get_object_or_404(Wait, ticket=ticket, pk=wait)
    found.end(by=Actor.of(request.user), at=timezone.now())
    messages.success(request, _("The wait is over; the clocks that it stopped run again."))
    return redirect(ticket)
