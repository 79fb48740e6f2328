from django.urls import path

from billing.views import answers, engagements, time

app_name = "billing"

urlpatterns = [
    path("tickets/<str:number>/scope/", engagements.scope_decide, name="scope-decide"),
    path("tickets/<str:number>/engagement/", engagements.engagement_request, name="engagement-request"),
    path("engagements/", engagements.engagement_list, name="engagement-list"),
    path("engagements/<str:reference>/", engagements.engagement_page, name="engagement-page"),
    path("engagements/<str:reference>/finish/", engagements.engagement_finish, name="engagement-finish"),
    path("engagements/<str:reference>/offer/", engagements.offer_send, name="offer-send"),
    path(
        "engagements/<str:reference>/offer/<int:number>/withdraw/",
        engagements.offer_withdraw,
        name="offer-withdraw",
    ),
    path(
        "engagements/<str:reference>/approval/<int:number>/withdraw/",
        engagements.approval_withdraw,
        name="approval-withdraw",
    ),
    path("engagements/<str:reference>/timer/start/", time.timer_start, name="timer-start"),
    path("engagements/<str:reference>/timer/stop/", time.timer_stop, name="timer-stop"),
    path("engagements/<str:reference>/time/", time.time_book, name="time-book"),
    path("engagements/<str:reference>/gdap/", time.gdap_confirm, name="gdap-confirm"),
    path("offers/<str:token>/", answers.offer_answer, name="offer-answer"),
    path("offers/<str:token>/code/", answers.offer_code, name="offer-code"),
    path("offers/<str:token>/prove/", answers.offer_prove, name="offer-prove"),
    path("offers/<str:token>/approve/", answers.offer_approve, name="offer-approve"),
    path("offers/<str:token>/decline/", answers.offer_decline, name="offer-decline"),
]
