"""Escalations: one row for each level of a ladder that was raised on a ticket."""

from datetime import datetime
from typing import Self

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from escalations import ladder
from escalations.models.steps import NOW, EscalationAcknowledgement, EscalationClosing
from support import timeline
from support.actors import Actor, ActorKind
from support.models import ActorFields, Contact, Ticket, User, Visibility
from support.refusal import Refused
from support.roles import Role

TOO_EARLY = "ladder_not_before_its_time"  # escalations/guards/ladder.sql


class EscalationQuerySet(models.QuerySet):
    def of(self, ticket: Ticket):
        """In the order in which they were raised, with how each was taken and ended."""
        rows = self.filter(ticket=ticket).select_related("acknowledgement", "closing", "contact")
        return rows.order_by("position")


class Escalation(ActorFields):
    """A level of the ladder, raised. What the service says of it is copied by the database, and never changes."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="escalations")
    position = models.PositiveIntegerField(
        editable=False, help_text=gettext_lazy("Counts from 1 per ticket.")
    )
    level = models.PositiveSmallIntegerField()
    levels = models.PositiveSmallIntegerField(editable=False, help_text=gettext_lazy("How many there were."))
    name = models.CharField(max_length=200, editable=False)
    ground = models.CharField(max_length=60)
    ground_text = models.CharField(max_length=300, editable=False)
    reason = models.TextField(blank=True)
    contact = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="escalations",
        help_text=gettext_lazy("Who asked for it."),
    )
    fallback = models.CharField(
        max_length=300,
        blank=True,
        help_text=gettext_lazy(
            "Who took it because the named contacts were not there; empty when they were."
        ),
    )
    raised_at = models.DateTimeField(db_default=NOW, editable=False)
    not_before = models.DateTimeField(
        null=True, help_text=gettext_lazy("When the next level may be raised; empty where no time is named.")
    )
    override_reason = models.TextField(
        blank=True, help_text=gettext_lazy("Why a manager raised it before its time.")
    )

    objects = EscalationQuerySet.as_manager()

    class Meta:
        ordering = ["ticket", "position"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "position"], name="escalation_once_in_its_place")
        ]
        indexes = [models.Index("raised_at", name="escalation_by_month")]

    def __str__(self):
        return f"{self.ticket_id}: level {self.level}, {self.name}"

    @classmethod
    @transaction.atomic
    def escalate(
        cls,
        ticket: Ticket,
        *,
        ground: str,
        by: Actor,
        at: datetime,
        reason: str = "",
        contact: Contact | None = None,
        level: int | None = None,
        override_reason: str = "",
    ) -> Self:
        """Raise the next level of the ticket's ladder, not before its time unless a manager writes why.

        `level` is the one that the person means: Refused when it is not the next, since somebody else was faster.
        """
        ticket.lock()
        standing = cls._standing(ticket, level)
        row = cls(
            ticket=ticket, level=standing.following.level, ground=ground, reason=reason, contact=contact
        )
        row.actor = by
        row._must_be_grounded(standing.ladder)
        row._must_be_asked_for_by_one_of_theirs(by)
        if standing.is_early(at):
            row._override(standing, override_reason, by=by, at=at)
        row._place(standing, at)
        if row.override_reason:
            row._tell("overridden", standing.last.not_before, at=at, visibility=Visibility.INTERNAL)
        row._tell("raised", row.not_before, at=at)
        return row

    @transaction.atomic
    def acknowledge(self, *, by: Actor, at: datetime) -> "EscalationAcknowledgement":
        """Somebody of the level has taken it."""
        self._must_be_current(by)
        if hasattr(self, "acknowledgement"):
            raise Refused(
                _("%(name)s has acknowledged it already.") % {"name": self.acknowledgement.actor_name}
            )
        row = EscalationAcknowledgement(escalation=self)
        row.actor = by
        row.save(force_insert=True)
        timeline.record(self.ticket, "escalation.acknowledged", by=by, at=at, level=self.level)
        return row

    @transaction.atomic
    def close(self, *, reason: str, by: Actor, at: datetime) -> "EscalationClosing":
        """The ticket steps down from its ladder; a further escalation begins at level 1 again."""
        self._must_be_current(by)
        row = EscalationClosing(escalation=self, reason=reason)
        row.actor = by
        row.save(force_insert=True)
        timeline.record(self.ticket, "escalation.closed", by=by, at=at, level=self.level)
        return row

    @classmethod
    def current(cls, ticket: Ticket) -> Self | None:
        """The level that the ticket stands on; None when nothing was raised, or it was closed."""
        last = cls.objects.of(ticket).last()
        return last if last and not hasattr(last, "closing") else None

    def standing(self) -> ladder.Raised:
        return ladder.Raised(self.level, self.raised_at, self.not_before)

    @classmethod
    def _standing(cls, ticket: Ticket, level: int | None) -> ladder.Standing:
        if not ticket.undone:
            raise Refused(_("Ticket %(number)s is done: reopen it first.") % {"number": ticket.number})
        last = cls.current(ticket)
        standing = ladder.Standing(ladder.need_ladder(ticket), last.standing() if last else None)
        if level not in (None, standing.following.level):
            raise Refused(
                _("Level %(next)d comes next, not level %(level)d: open the ticket again.")
                % {"next": standing.following.level, "level": level}
            )
        return standing

    def _must_be_grounded(self, rules: ladder.Ladder) -> None:
        if self.ground not in {item.code for item in rules.grounds}:
            raise Refused(_("Choose one of the grounds that the service names."), "ground")
        if rules.reason_required and not self.reason:
            raise Refused(_("Write why: this service wants a reason for each escalation."), "reason")

    def _must_be_asked_for_by_one_of_theirs(self, by: Actor) -> None:
        if by.kind == ActorKind.CONTACT:
            self.contact = Contact.objects.get(pk=by.id)
        theirs = Q(customer=self.ticket.customer_id) | Q(grants__customer=self.ticket.customer_id)
        if self.contact and not Contact.objects.filter(theirs, pk=self.contact.pk, active=True).exists():
            raise Refused(
                _("%(name)s is nobody of this customer’s.") % {"name": self.contact.name}, "contact"
            )

    def _override(self, standing: ladder.Standing, reason: str, *, by: Actor, at: datetime) -> None:
        if not reason:
            raise Refused(f"{standing.why_not(at, timezone.get_current_timezone())}.")
        managers = User.objects.filter(Q(groups__name=Role.MANAGER) | Q(is_superuser=True), is_active=True)
        if by.kind != ActorKind.STAFF or not managers.filter(pk=by.id).exists():
            raise Refused(_("Only a support manager may raise a level before its time."), "override_reason")
        self.override_reason = reason

    def _place(self, standing: ladder.Standing, at: datetime) -> None:
        """Write the row; its place, its texts and its instants are the database's."""
        rules, rung = standing.ladder, standing.following
        calendars = ladder.calendars_of(self.ticket, {rules.contact_hours, rung.calendar} - {""})
        self.not_before = ladder.next_from(rung, at, calendars)
        self.fallback = ladder.fallback_at(rules, at, calendars)
        self.position = self.levels = 0
        try:
            with transaction.atomic():
                self.save(force_insert=True)
        except IntegrityError as error:
            if error.__cause__.diag.constraint_name != TOO_EARLY:
                raise
            # By our clock it was time; the database's is behind, and its word counts.
            began = standing.last.raised_at
            raise Refused(f"{standing.why_not(began, timezone.get_current_timezone())}.") from None
        self.refresh_from_db()

    def _tell(self, what: str, not_before: datetime | None, *, at: datetime, **options) -> None:
        facts = {"level": self.level, "ground": self.ground, "not_before": not_before}
        timeline.record(self.ticket, f"escalation.{what}", by=self.actor, at=at, **facts, **options)

    def _must_be_current(self, by: Actor) -> None:
        self.ticket.lock()
        if by.kind == ActorKind.CONTACT:
            raise Refused(_("The desk acknowledges and closes escalations."))
        self.refresh_from_db()
        if Escalation.current(self.ticket) != self:
            raise Refused(_("Level %(level)d is over: open the ticket again.") % {"level": self.level})
