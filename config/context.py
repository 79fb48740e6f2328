"""What every page knows: whether the database is a simulation, and where mail goes."""

from django.conf import settings

from config import simulation


def site(request):
    return {
        "simulation": simulation.why(),
        "mail_folder": "" if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") else settings.MAIL_FOLDER,
    }
