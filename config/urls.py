"""Every address of the site. Each name has its entry in support/roles.py."""

from django.contrib import admin
from django.urls import include, path

from config import codes, first_day, pages

handler500 = "config.pages.server_error"

urlpatterns = [
    path("", pages.home, name="home"),
    path("healthz", pages.healthz, name="healthz"),
    path("first-day/", first_day.page, name="first-day"),
    path("first-day/manager/", first_day.manager, name="first-day-manager"),
    path("first-day/company/", first_day.company, name="first-day-company"),
    path("first-day/mail/", first_day.mail, name="first-day-mail"),
    path("first-day/definitions/", first_day.definitions, name="first-day-definitions"),
    path("first-day/finish/", first_day.finish, name="first-day-finish"),
    path("accounts/login/code/", codes.ask, name="account_request_login_code"),  # ours come first
    path("accounts/login/code/confirm/", codes.confirm, name="account_confirm_login_code"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("billing.urls")),
    path("", include("support.urls")),
    path("", include("escalations.urls")),
]
