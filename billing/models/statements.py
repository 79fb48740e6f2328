"""Statements of work: what complex work consists of, written out before it is offered. Evidence, only ever added."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.engagements import Engagement
from billing.models.now import NOW
from support.models import ActorFields


class StatementOfWork(ActorFields):
    """One version, byte for byte as it is offered. Its number and instant are the guard's; the newest one is offered."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="statements")
    version = models.PositiveSmallIntegerField(db_default=0)
    text = models.TextField(help_text=_("As it was typed: an empty line begins a paragraph."))
    document = models.BinaryField()
    sha256 = models.BinaryField(max_length=32)
    written_at = models.DateTimeField(db_default=NOW)

    class Meta:
        verbose_name_plural = "statements of work"
        ordering = ["engagement", "version"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "version"], name="statement_version_once"),
            models.CheckConstraint(condition=~Q(text=""), name="statements_say_something"),
        ]

    def __str__(self):
        return f"{self.engagement.reference}, {self.version}"
