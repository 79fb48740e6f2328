from django.urls import path

from support.views import calls, deadlines, files, foresight, inbound, people, queue, ticket_verbs, tickets

app_name = "support"

urlpatterns = [
    path("tickets/", queue.ticket_list, name="ticket-list"),
    path("views/keep/", queue.view_keep, name="view-keep"),
    path("views/<int:view>/forget/", queue.view_forget, name="view-forget"),
    path("tickets/new/", tickets.ticket_raise, name="ticket-raise"),
    path("tickets/<str:number>/", tickets.ticket_page, name="ticket-page"),
    path("tickets/<str:number>/reply/", ticket_verbs.ticket_reply, name="ticket-reply"),
    path("tickets/<str:number>/note/", ticket_verbs.ticket_note, name="ticket-note"),
    path("tickets/<str:number>/receive/", ticket_verbs.ticket_receive, name="ticket-receive"),
    path("tickets/<str:number>/call/", ticket_verbs.ticket_call, name="ticket-call"),
    path("tickets/<str:number>/attach/", ticket_verbs.ticket_attach, name="ticket-attach"),
    path("tickets/<str:number>/wait/", ticket_verbs.ticket_wait, name="ticket-wait"),
    path("tickets/<str:number>/wait/<int:wait>/end/", ticket_verbs.wait_end, name="wait-end"),
    path("tickets/<str:number>/promise/", ticket_verbs.ticket_promise, name="ticket-promise"),
    path("tickets/<str:number>/unpromise/", ticket_verbs.ticket_unpromise, name="ticket-unpromise"),
    path("tickets/<str:number>/work/", ticket_verbs.ticket_work, name="ticket-work"),
    path("tickets/<str:number>/priority/", ticket_verbs.ticket_priority, name="ticket-priority"),
    path("tickets/<str:number>/priority/preview/", foresight.priority_foresee, name="ticket-foresee"),
    path("tickets/<str:number>/effort/", ticket_verbs.ticket_effort, name="ticket-effort"),
    path("tickets/<str:number>/effort/preview/", foresight.effort_foresee, name="ticket-effort-foresee"),
    path("tickets/<str:number>/claim/", ticket_verbs.ticket_claim, name="ticket-claim"),
    path("tickets/<str:number>/resolve/", ticket_verbs.ticket_resolve, name="ticket-resolve"),
    path("tickets/<str:number>/reopen/", ticket_verbs.ticket_reopen, name="ticket-reopen"),
    path("tickets/<str:number>/owner/", ticket_verbs.ticket_owner, name="ticket-owner"),
    path("calls/", calls.call_list, name="call-list"),
    path("calls/tell/", calls.call_tell, name="call-tell"),
    path("calls/<int:record>/strike/", calls.call_strike, name="call-strike"),
    path("inbound/", inbound.inbound_list, name="inbound-list"),
    path("inbound/<int:number>/", inbound.inbound_page, name="inbound-page"),
    path("inbound/<int:number>/raw/", inbound.inbound_raw, name="inbound-raw"),
    path("inbound/<int:number>/join/", inbound.inbound_join, name="inbound-join"),
    path("inbound/<int:number>/raise/", inbound.inbound_raise, name="inbound-raise"),
    path("inbound/<int:number>/aside/", inbound.inbound_aside, name="inbound-aside"),
    path("deadlines/", deadlines.deadline_list, name="deadline-list"),
    path("files/<slug:key>/", files.file_download, name="file-download"),
    path("profile/", people.profile, name="profile"),
]
