from django.urls import path

from escalations.views import above, ladder, levels, lists, objectives, own, reviews, vendors

app_name = "escalations"
CASE = "tickets/<str:number>/vendor-cases/<int:position>/"

urlpatterns = [
    path("tickets/<str:number>/escalate/", ladder.ticket_escalate, name="ticket-escalate"),
    path(
        "tickets/<str:number>/escalation/acknowledge/",
        ladder.escalation_acknowledge,
        name="escalation-acknowledge",
    ),
    path("tickets/<str:number>/escalation/accept/", ladder.escalation_accept, name="escalation-accept"),
    path("tickets/<str:number>/escalation/decline/", ladder.escalation_decline, name="escalation-decline"),
    path("tickets/<str:number>/escalation/act/", ladder.escalation_act, name="escalation-act"),
    path(
        "tickets/<str:number>/escalation/step-down/", ladder.escalation_step_down, name="escalation-step-down"
    ),
    path("tickets/<str:number>/escalation/close/", ladder.escalation_close, name="escalation-close"),
    path("vendor-cases/", vendors.vendor_list, name="vendor-list"),
    path("tickets/<str:number>/vendor-cases/new/", vendors.vendor_open, name="vendor-open"),
    path(CASE, vendors.vendor_page, name="vendor-page"),
    path(f"{CASE}answer/", vendors.vendor_answer, name="vendor-answer"),
    path(f"{CASE}severity/", vendors.vendor_severity, name="vendor-severity"),
    path(f"{CASE}question/", vendors.vendor_ask, name="vendor-ask"),
    path(f"{CASE}dispatch/", vendors.vendor_dispatch, name="vendor-dispatch"),
    path(f"{CASE}note/", vendors.vendor_note, name="vendor-note"),
    path(f"{CASE}contact/", vendors.vendor_contact, name="vendor-contact"),
    path(f"{CASE}escalate/", vendors.vendor_escalate, name="vendor-escalate"),
    path(f"{CASE}close/", vendors.vendor_close, name="vendor-close"),
    path("my/tickets/<str:number>/escalate/", own.own_escalate, name="own-escalate"),
    path("tickets/<str:number>/level/", levels.level_page, name="level-page"),
    path("tickets/<str:number>/level/up/", levels.level_raise, name="level-raise"),
    path("tickets/<str:number>/level/down/", levels.level_lower, name="level-lower"),
    path("tickets/<str:number>/level/group/", levels.level_assign, name="level-assign"),
    path("tickets/<str:number>/level/sheet/", levels.level_sheet, name="level-sheet"),
    path("engineering/", above.engineering_list, name="engineering-list"),
    path("tickets/<str:number>/engineering/review/", above.engineering_review, name="engineering-review"),
    path("management/", above.management_list, name="management-list"),
    path("tickets/<str:number>/management/take/", above.management_take, name="management-take"),
    path("tickets/<str:number>/management/update/", above.management_update, name="management-update"),
    path("tickets/<str:number>/management/close/", above.management_close, name="management-close"),
    path("escalations/", lists.escalation_list, name="escalation-list"),
    path("objectives/", objectives.objective_list, name="objective-list"),
    path("reviews/", reviews.review_list, name="review-list"),
    path("reviews/<slug:code>/<str:month>/", reviews.review_page, name="review-page"),
]
