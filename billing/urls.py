from django.urls import path

from billing.views import (
    answers,
    book,
    engagements,
    exports,
    gdap,
    gdap_acts,
    invoices,
    offers,
    portal,
    time,
    tracing,
    weeks,
)

app_name = "billing"

urlpatterns = [
    path("tickets/<str:number>/scope/", engagements.scope_decide, name="scope-decide"),
    path("tickets/<str:number>/engagement/", engagements.engagement_request, name="engagement-request"),
    path("engagements/", engagements.engagement_list, name="engagement-list"),
    path("engagements/<str:reference>/", engagements.engagement_page, name="engagement-page"),
    path("engagements/<str:reference>/finish/", engagements.engagement_finish, name="engagement-finish"),
    path(
        "engagements/<str:reference>/withdraw/", engagements.engagement_withdraw, name="engagement-withdraw"
    ),
    path(
        "engagements/<str:reference>/priority/", engagements.engagement_priority, name="engagement-priority"
    ),
    path("engagements/<str:reference>/offer/", offers.offer_send, name="offer-send"),
    path(
        "engagements/<str:reference>/offer/<int:number>/withdraw/",
        offers.offer_withdraw,
        name="offer-withdraw",
    ),
    path(
        "engagements/<str:reference>/approval/<int:number>/withdraw/",
        offers.approval_withdraw,
        name="approval-withdraw",
    ),
    path(
        "engagements/<str:reference>/offer/<int:number>/invite/",
        offers.offer_invite,
        name="offer-invite",
    ),
    path("engagements/<str:reference>/time/<int:entry>/cancel/", time.time_cancel, name="time-cancel"),
    path("engagements/<str:reference>/timer/start/", time.timer_start, name="timer-start"),
    path("engagements/<str:reference>/timer/stop/", time.timer_stop, name="timer-stop"),
    path("engagements/<str:reference>/time/", time.time_book, name="time-book"),
    path("engagements/<str:reference>/gdap/", time.gdap_confirm, name="gdap-confirm"),
    path("my/engagements/", portal.own_engagement_list, name="own-engagement-list"),
    path("my/engagements/<str:reference>/", portal.own_engagement_page, name="own-engagement-page"),
    path(
        "my/engagements/<str:reference>/offers/<int:number>/",
        portal.own_offer_document,
        name="own-offer-document",
    ),
    path(
        "my/engagements/<str:reference>/offers/<int:number>/withdraw/",
        portal.own_approval_withdraw,
        name="own-approval-withdraw",
    ),
    path("book/", book.book_list, name="book-list"),
    path("book/look/", book.book_look, name="book-look"),
    path("book/templates/<slug:kind>/", book.book_template, name="book-template"),
    path("book/<int:run>/", book.book_page, name="book-page"),
    path("book/<int:run>/take/", book.book_take, name="book-take"),
    path("book/<int:run>/remove/", book.book_remove, name="book-remove"),
    path("book/<int:run>/rejects/", book.book_rejects, name="book-rejects"),
    path("time/", weeks.week_page, name="week-page"),
    path("time/review/", weeks.time_review, name="time-review"),
    path("gdap/", gdap.gdap_list, name="gdap-list"),
    path("gdap/upload/", gdap_acts.gdap_upload, name="gdap-upload"),
    path("gdap/create/", gdap_acts.gdap_create, name="gdap-create"),
    path("gdap/<int:number>/", gdap.gdap_page, name="gdap-page"),
    path("gdap/<int:number>/lock/", gdap_acts.gdap_lock, name="gdap-lock"),
    path("gdap/<int:number>/extend/", gdap_acts.gdap_extend, name="gdap-extend"),
    path("gdap/<int:number>/end/", gdap_acts.gdap_end, name="gdap-end"),
    path("gdap/<int:number>/delete/", gdap_acts.gdap_delete, name="gdap-delete"),
    path("invoices/", invoices.month_list, name="month-list"),
    path("invoices/<str:reference>/credit/", invoices.invoice_credit, name="invoice-credit"),
    path("invoices/<str:series>/<str:month>/", invoices.month_page, name="month-page"),
    path("invoices/<str:series>/<str:month>/draft/", invoices.month_draft, name="month-draft"),
    path("invoices/<str:series>/<str:month>/issue/", invoices.month_issue, name="month-issue"),
    path("invoices/<str:series>/<str:month>/close/", invoices.month_close, name="month-close"),
    path("invoices/<str:series>/<str:month>/reopen/", invoices.month_reopen, name="month-reopen"),
    path("invoices/<str:series>/<str:month>/late/<int:late>/", invoices.late_take, name="late-take"),
    path("invoices/<str:reference>/lines/<int:position>/", tracing.line_trace, name="line-trace"),
    path(
        "invoices/<str:reference>/lines/<int:position>/evidence/", tracing.line_evidence, name="line-evidence"
    ),
    path("invoices/<str:series>/<str:month>/export/", exports.month_export, name="month-export"),
    path("invoices/<str:reference>/", invoices.invoice_page, name="invoice-page"),
    path("exports/<int:number>/", exports.export_page, name="export-page"),
    path("exports/<int:number>/void/", exports.export_void, name="export-void"),
    path("exports/<int:number>/<int:place>/", exports.export_download, name="export-download"),
    path("offers/<str:token>/", answers.offer_answer, name="offer-answer"),
    path("offers/<str:token>/code/", answers.offer_code, name="offer-code"),
    path("offers/<str:token>/prove/", answers.offer_prove, name="offer-prove"),
    path("offers/<str:token>/approve/", answers.offer_approve, name="offer-approve"),
    path("offers/<str:token>/decline/", answers.offer_decline, name="offer-decline"),
]
