"""What every page knows: whether the database is a simulation, and where mail goes."""

from django.conf import settings
from django.db import Error

from config import simulation


def site(request):
    return {
        "simulation": _why,  # asked only by a page that shows it
        "mail_folder": "" if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") else settings.MAIL_FOLDER,
    }


def _why() -> str:
    try:
        return simulation.why()
    except Error:  # a page that says what is wrong must not go wrong for want of a banner
        return ""
