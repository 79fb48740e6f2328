"""Service definitions and calendars as versioned rows: only ever added, pinned by contracts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from support.models.our_time import instants_in_our_time
from support.models.tracked import ActorFields


class ServiceKind(models.TextChoices):
    SUPPORT = "support", _("Support service")
    ENGAGEMENT = "engagement", _("Engagement service")
    VENDOR = "vendor", _("Vendor's clocks")


class CalendarVersion(ActorFields):
    """Working hours and holidays as they were at one time; holidays are copied in, so no verdict changes with a package."""

    name = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    data = models.JSONField(
        help_text=_("Zone, hours a week, holidays with their names, first and last known year.")
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "-version"]
        constraints = [
            instants_in_our_time("calendar_version_in_our_time", "added_at"),
            models.UniqueConstraint(fields=["name", "version"], name="calendar_version_once"),
            models.UniqueConstraint(fields=["name", "sha256"], name="calendar_hash_once"),
        ]

    def __str__(self):
        return f"{self.name} v{self.version}"


class ServiceVersion(ActorFields):
    """One version of a published service. Whatever hangs on it keeps it: pins never move by themselves."""

    code = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=ServiceKind)
    sha256 = models.CharField(max_length=64)
    data = models.JSONField()
    source = models.TextField(help_text=_("The definition as it was written."))
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            instants_in_our_time("service_version_in_our_time", "added_at"),
            models.UniqueConstraint(fields=["code", "version"], name="service_version_once"),
            models.UniqueConstraint(fields=["code", "sha256"], name="service_hash_once"),
        ]

    def __str__(self):
        return f"{self.name} v{self.version}"
