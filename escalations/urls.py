from django.urls import path

from escalations.views import ladder

app_name = "escalations"

urlpatterns = [
    path("tickets/<str:number>/escalate/", ladder.ticket_escalate, name="ticket-escalate"),
    path(
        "tickets/<str:number>/escalation/acknowledge/",
        ladder.escalation_acknowledge,
        name="escalation-acknowledge",
    ),
    path("tickets/<str:number>/escalation/close/", ladder.escalation_close, name="escalation-close"),
]
