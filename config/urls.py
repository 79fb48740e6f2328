"""Every address of the site. Each name has its entry in support/roles.py."""

from django.contrib import admin
from django.urls import include, path

from config import pages

handler500 = "config.pages.server_error"

urlpatterns = [
    path("", pages.home, name="home"),
    path("healthz", pages.healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("billing.urls")),
    path("", include("support.urls")),
    path("", include("escalations.urls")),
]
