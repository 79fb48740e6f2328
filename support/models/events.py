"""The timeline as rows: what happened on a ticket, in order, only ever added."""

from django.db import models

from support.models.files import Visibility
from support.models.our_time import instants_in_our_time
from support.models.tracked import ActorFields


class Event(ActorFields):
    """One entry. Facts are ids, codes and figures as the vocabulary says; text and files are rows of their own."""

    ticket = models.ForeignKey("support.Ticket", models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    subject_kind = models.CharField(max_length=12, default="ticket")
    subject_id = models.BigIntegerField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(
        db_default=models.Func(function="countersign_now", output_field=models.DateTimeField())
    )
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.CUSTOMER)
    facts = models.JSONField(default=dict)
    source = models.CharField(max_length=20, blank=True)
    source_key = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["ticket", "seq"]
        constraints = [
            instants_in_our_time("event_in_our_time", "at"),
            models.UniqueConstraint(fields=["ticket", "seq"], name="event_once_in_its_place"),
            models.UniqueConstraint(
                fields=["source", "source_key"],
                condition=~models.Q(source_key=""),
                name="event_once_per_source",
            ),
        ]

    def __str__(self):
        return f"{self.ticket_id}/{self.seq} {self.kind}"
