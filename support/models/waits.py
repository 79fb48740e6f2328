"""Waits: a ticket stands still for somebody, for a reason, perhaps until an instant."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from support import timeline
from support.actors import Actor
from support.clocks.terms import WaitReason
from support.models.our_time import instants_in_our_time
from support.models.tickets import OPEN, WAITING, Ticket
from support.refusal import Refused

LONGEST = timedelta(days=731)  # until somebody looks again
REASONS = [
    (WaitReason.CUSTOMER, _("the customer")),
    (WaitReason.VENDOR, _("the vendor")),
    (WaitReason.APPROVAL, _("a written approval")),
    (WaitReason.GDAP, _("GDAP access")),
    (WaitReason.SITE_ACCESS, _("site access")),
    (WaitReason.MAINTENANCE, _("announced maintenance")),
    (WaitReason.OTHER, _("something else")),
]


class Wait(models.Model):
    """Who is awaited and why. Which clocks it stops is for the service to say."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="waits")
    reason = models.CharField(max_length=12, choices=REASONS)
    awaited = models.CharField(
        max_length=200, blank=True, help_text=_("Whom or what, in words for the customer.")
    )
    started_at = models.DateTimeField()
    wake_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(
        null=True, blank=True, help_text=_("Over then at the latest, whenever that is noticed.")
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            instants_in_our_time("wait_in_our_time", "started_at", "wake_at", "until", "ended_at"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="wait_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("started_at")), name="wait_lasts_until_later"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(ended_at=None) | Q(ended_at__lte=F("until")),
                name="wait_ends_by_its_until",
            ),
            models.UniqueConstraint(
                fields=["ticket", "reason"], condition=Q(ended_at=None), name="one_open_wait_per_reason"
            ),
        ]

    def __str__(self):
        return f"{self.ticket_id}: {self.get_reason_display()}"

    @classmethod
    @transaction.atomic
    def begin(
        cls,
        ticket: Ticket,
        *,
        reason: WaitReason,
        awaited: str = "",
        wake_at: datetime | None = None,
        until: datetime | None = None,
        subject: tuple[str, int] | None = None,
        announced_in_time: bool = False,
        by: Actor,
        at: datetime,
    ) -> "Wait":
        """The ticket waits. A second wait for the same reason is refused; for another it is added.

        With a `subject` other than the ticket, an engagement say, it stops the clocks of that and of the ticket alone.
        Maintenance stops clocks only where it was `announced_in_time`: where a window says so. After `until` it stops
        nothing, whenever it is ended.
        """
        ticket.lock()
        if not ticket.undone:
            raise Refused(
                _("Ticket %(number)s is done; reopen it before it waits.") % {"number": ticket.number}
            )
        if cls.objects.filter(ticket=ticket, reason=reason, ended_at=None).exists():
            raise Refused(
                _("It waits for %(reason)s already.") % {"reason": dict(REASONS)[WaitReason(reason)]},
                "reason",
            )
        if wake_at is not None and wake_at <= at:
            raise Refused(_("Write an instant that is still to come."), "wake_at")
        if wake_at is not None and wake_at - at > LONGEST:
            raise Refused(_("Look at it again within two years."), "wake_at")
        wait = cls.objects.create(
            ticket=ticket, reason=reason, awaited=awaited, started_at=at, wake_at=wake_at, until=until
        )
        timeline.record(
            ticket,
            "wait.started",
            by=by,
            at=at,
            subject=subject,
            id=wait.pk,
            reason=reason,
            wake_at=wake_at,
            announced_in_time=announced_in_time or None,
            until=until,
        )
        ticket.become(WAITING)
        return wait

    @transaction.atomic
    def end(self, *, by: Actor, at: datetime) -> None:
        """Over, since its `until` where that has passed. The ticket is open again when nothing else is awaited."""
        self.ticket.lock()
        self.refresh_from_db(fields=["ended_at"])
        if self.ended_at is not None:
            raise Refused(_("This wait is over already."))
        ended = min(at, self.until or at)
        earlier = ended if ended < at else None
        facts = {"id": self.pk, "reason": self.reason, "happened_at": earlier}
        timeline.record(self.ticket, "wait.ended", by=by, at=at, **facts)
        self.over(at=ended)

    def over(self, *, at: datetime) -> None:
        """Write down the end that an event has told, and open the ticket when nothing else is awaited."""
        self.ended_at = at
        self.save(update_fields=["ended_at"])
        if not Wait.objects.filter(ticket=self.ticket, ended_at=None).exists():
            self.ticket.become(OPEN)
