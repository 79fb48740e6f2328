"""System checks: what `manage.py check` says of this installation."""

from django.conf import settings
from django.core.checks import Tags, Warning, register

from support import pdf


@register(Tags.security, deploy=True)
def production_names_its_database(app_configs, **options):
    if settings.DATABASES["default"]["EMBEDDED"]:
        return [
            Warning(
                "Production runs on the embedded PostgreSQL, for which nobody plans updates and replicas.",
                hint="Name a PostgreSQL 15 or later in DATABASE_URL.",
                id="countersign.W001",
            )
        ]
    return []


@register()
def papers_can_be_made(app_configs, **options):
    """Without it everything goes on, in HTML alone."""
    why = pdf.lacking()
    return [Warning(why, hint="Then start site and worker anew.", id="countersign.W002")] if why else []
