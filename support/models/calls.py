"""The log of calls and chats: what customers offered and how each ended, as a phone system or an agent told it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from support.models.contracts import Contract
from support.models.our_time import instants_in_our_time
from support.models.tracked import ActorFields


class CallChannel(models.TextChoices):
    PHONE = "phone", _("Phone")
    CHAT = "chat", _("Chat")


class CallRecordQuerySet(models.QuerySet):
    def standing(self):
        """Without those that were struck out."""
        return self.filter(striking=None)


class CallRecord(ActorFields):
    """One call or chat that was offered and then answered or abandoned. A mistake is struck out and told anew."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="call_records")
    channel = models.CharField(max_length=8, choices=CallChannel)
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    abandoned_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    source = models.CharField(
        max_length=60, blank=True, help_text=_("The system that told it; empty: typed.")
    )
    source_key = models.CharField(max_length=100, blank=True, help_text=_("Its number there."))

    objects = CallRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("call or chat")
        verbose_name_plural = _("calls and chats")
        ordering = ["-offered_at", "-id"]
        constraints = [
            instants_in_our_time(
                "call_in_our_time", "offered_at", "answered_at", "abandoned_at", "recorded_at"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, abandoned_at__isnull=False, abandoned_at__gte=F("offered_at"))
                | Q(abandoned_at=None, answered_at__isnull=False, answered_at__gte=F("offered_at")),
                name="calls_end_once",
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__gte=F("offered_at"))
                & (Q(answered_at=None) | Q(recorded_at__gte=F("answered_at")))
                & (Q(abandoned_at=None) | Q(recorded_at__gte=F("abandoned_at"))),
                name="calls_are_recorded_afterwards",
            ),
            models.UniqueConstraint(
                fields=["source", "source_key"], name="call_once_per_source", condition=~Q(source="")
            ),
        ]
        indexes = [models.Index("contract", "offered_at", name="call_of_contract_by_month")]

    def __str__(self):
        return f"{self.get_channel_display()} {self.offered_at:%Y-%m-%d %H:%M:%S}"

    @property
    def ended_at(self):
        return self.answered_at or self.abandoned_at


class CallStriking(ActorFields):
    """A record that was told wrongly counts no more; it stays to be read."""

    record = models.OneToOneField(CallRecord, models.PROTECT, related_name="striking")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("struck-out call")
        constraints = [
            instants_in_our_time("call_striking_in_our_time", "at"),
            models.CheckConstraint(condition=~Q(reason=""), name="striking_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.record_id}: {self.reason[:60]}"
