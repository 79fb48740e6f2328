"""Tickets and what hangs on them: read here, worked on the ticket's own page. Verbs that managers run on many are actions."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from support.actors import Actor
from support.admin.base import ViewOnly
from support.models import Alarm, CallRecord, CallStriking, Clock, Event, InboundMail, Message, Ticket, Wait
from support.refusal import Refused


@admin.register(Ticket)
class TicketAdmin(ViewOnly):
    list_display = [
        "number",
        "title",
        "customer",
        "priority",
        "state",
        "outcome",
        "owner",
        "opened_at",
        "next_due_at",
    ]
    list_filter = ["state", "outcome", "channel", "covered", "service__code"]
    list_select_related = ["customer", "owner"]
    search_fields = ["number", "title", "customer__name"]
    date_hierarchy = "opened_at"
    ordering = ["-opened_at"]
    readonly_fields = ["page"]
    exclude = ["words"]
    actions = ["take", "close"]

    def get_actions(self, request):
        """The view permission opens the list; acting on tickets is for those who work on them."""
        actions = super().get_actions(request)
        return actions if request.user.has_perm("support.change_ticket") else {}

    @admin.display(description=_("page"))
    def page(self, ticket):
        return format_html('<a href="{}">{}</a>', ticket.get_absolute_url(), ticket.number)

    @admin.action(description=_("Take over the selected tickets"))
    def take(self, request, tickets):
        self._each(request, tickets, lambda ticket, by, at: ticket.hand_to(request.user, by=by, at=at))

    @admin.action(description=_("Close the selected resolved tickets"))
    def close(self, request, tickets):
        self._each(request, tickets, lambda ticket, by, at: ticket.close(by=by, at=at, reason="manager"))

    def _each(self, request, tickets, act):
        """One by one, each whole or not at all; what was refused is said with its number."""
        by, done = Actor.of(request.user), 0
        for ticket in tickets:
            try:
                act(ticket, by, timezone.now())
                done += 1
            except Refused as refused:
                self.message_user(request, refused.sentence, messages.WARNING)
        self.message_user(request, _("Done: %(count)s.") % {"count": done})


@admin.register(Event)
class EventAdmin(ViewOnly):
    list_display = ["ticket", "seq", "kind", "at", "recorded_at", "actor_name", "visibility"]
    list_filter = ["kind", "visibility", "source"]
    list_select_related = ["ticket"]
    search_fields = ["ticket__number", "actor_name"]
    date_hierarchy = "at"
    readonly_fields = ["actor_kind", "actor_id", "actor_name"]


@admin.register(Message)
class MessageAdmin(ViewOnly):
    list_display = ["ticket", "kind", "at", "actor_name", "visibility", "__str__"]
    list_filter = ["kind", "visibility"]
    list_select_related = ["ticket"]
    search_fields = ["ticket__number", "actor_name", "text"]
    date_hierarchy = "at"
    exclude = ["words"]


@admin.register(Wait)
class WaitAdmin(ViewOnly):
    list_display = ["ticket", "reason", "awaited", "started_at", "wake_at", "ended_at"]
    list_filter = ["reason", ("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["ticket"]
    search_fields = ["ticket__number", "awaited"]
    date_hierarchy = "started_at"


@admin.register(Alarm)
class AlarmAdmin(ViewOnly):
    list_display = ["ticket", "key", "threshold", "action", "due_at", "fired_at"]
    list_filter = ["action", "threshold", ("fired_at", admin.EmptyFieldListFilter)]
    list_select_related = ["ticket"]
    search_fields = ["ticket__number"]
    date_hierarchy = "due_at"


@admin.register(Clock)
class ClockAdmin(ViewOnly):
    list_display = [
        "ticket",
        "kind",
        "cycle",
        "priority",
        "state",
        "verdict",
        "started_at",
        "due_at",
        "stopped_at",
    ]
    list_filter = ["kind", "state", "verdict", "owed_by", "attributed_to"]
    list_select_related = ["ticket"]
    search_fields = ["ticket__number"]
    date_hierarchy = "started_at"


@admin.register(CallRecord)
class CallRecordAdmin(ViewOnly):
    list_display = [
        "offered_at",
        "contract",
        "channel",
        "answered_at",
        "abandoned_at",
        "source",
        "actor_name",
    ]
    list_filter = ["channel", "source", ("striking", admin.EmptyFieldListFilter)]
    list_select_related = ["contract__holder"]
    search_fields = ["contract__number", "contract__holder__name", "source_key"]
    date_hierarchy = "offered_at"


@admin.register(CallStriking)
class CallStrikingAdmin(ViewOnly):
    list_display = ["record", "reason", "actor_name", "at"]
    list_select_related = ["record"]
    search_fields = ["reason", "actor_name"]
    date_hierarchy = "at"


@admin.register(InboundMail)
class InboundMailAdmin(ViewOnly):
    list_display = ["subject", "sender", "received_at", "state", "ticket", "automatic", "why"]
    list_filter = ["state", "automatic", "mailbox"]
    list_select_related = ["ticket"]
    search_fields = ["subject", "sender", "ticket__number"]
    date_hierarchy = "received_at"
    exclude = ["raw", "sha256"]
