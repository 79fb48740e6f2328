from django.urls import path

from escalations.views import ladder, objectives, reviews

app_name = "escalations"

urlpatterns = [
    path("tickets/<str:number>/escalate/", ladder.ticket_escalate, name="ticket-escalate"),
    path(
        "tickets/<str:number>/escalation/acknowledge/",
        ladder.escalation_acknowledge,
        name="escalation-acknowledge",
    ),
    path("tickets/<str:number>/escalation/close/", ladder.escalation_close, name="escalation-close"),
    path("objectives/", objectives.objective_list, name="objective-list"),
    path("reviews/", reviews.review_list, name="review-list"),
    path("reviews/<slug:code>/<str:month>/", reviews.review_page, name="review-page"),
]
