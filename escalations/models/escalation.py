"""Escalations: one row for each level of a ladder that was raised on a ticket."""

from datetime import datetime
from typing import Self

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from escalations import ladder, telling
from escalations.models.asking import AS_IT_CAME, RECORDED, Way, askers
from escalations.models.standing import EscalationQuerySet, live_of
from escalations.models.steps import NOW
from escalations.models.taking import Taking
from support import timeline
from support.actors import Actor, ActorKind
from support.catalogue.upward import Asks
from support.models import ActorFields, Contact, Ticket, User, Visibility
from support.naming import is_said
from support.refusal import Refused
from support.roles import Role

TOO_EARLY = "ladder_not_before_its_time"  # escalations/guards/ladder.sql


class Escalation(Taking, ActorFields):
    """A level of the ladder, raised. What the service says of it is copied by the database, and never changes."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="escalations")
    position = models.PositiveIntegerField(
        editable=False, help_text=gettext_lazy("Counts from 1 per ticket.")
    )
    level = models.PositiveSmallIntegerField()
    follows = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="followed_by",
        help_text=gettext_lazy("On which the ticket stood before; the database says so."),
    )
    levels = models.PositiveSmallIntegerField(editable=False, help_text=gettext_lazy("How many there were."))
    name = models.CharField(max_length=200, editable=False)
    ground = models.CharField(max_length=60)
    ground_text = models.CharField(max_length=300, editable=False)
    missed = models.CharField(
        max_length=80,
        blank=True,
        help_text=gettext_lazy("The clock that was missed, where the ground is one."),
    )
    reason = models.TextField(blank=True)
    contact = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="escalations",
        help_text=gettext_lazy("Who asked for it."),
    )
    channel = models.CharField(
        max_length=6,
        choices=Way,
        blank=True,
        help_text=gettext_lazy("How it came; empty where nobody wrote that down."),
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
            models.UniqueConstraint(fields=["ticket", "position"], name="escalation_once_in_its_place"),
            models.CheckConstraint(condition=AS_IT_CAME, name="escalation_came_as_it_says"),
        ]
        indexes = [models.Index("raised_at", name="escalation_by_month")]

    def __str__(self):
        return f"{self.ticket_id}: level {self.level}, {self.name}"

    @property
    def asked_by(self) -> str:
        """ "Robin Sample (phone)"; of the desk and of an alarm the name alone."""
        if self.contact is None:
            return self.actor_name
        if not self.channel:
            return self.contact.name
        return _("%(name)s (%(channel)s)") % {
            "name": self.contact.name,
            "channel": self.get_channel_display().lower(),
        }

    @classmethod
    @transaction.atomic
    def escalate(
        cls,
        ticket: Ticket,
        *,
        ground: str,
        by: Actor,
        at: datetime,
        missed: str = "",
        reason: str = "",
        contact: Contact | None = None,
        channel: str = "",
        level: int | None = None,
        override_reason: str = "",
    ) -> Self:
        """Raise the next level of the ticket's ladder, not before its time unless a manager writes why.

        `channel` is how a `contact` reached whoever writes it down; where nobody is written down it follows from `by`.
        `level` is the one that the person means: Refused when it is not the next, since somebody else was faster.
        """
        ticket.lock()
        standing = cls._standing(ticket, level)
        row = cls(
            ticket=ticket,
            level=standing.following.level,
            ground=ground,
            missed=missed,
            reason=reason,
            contact=contact,
        )
        row.actor = by
        row._must_be_grounded(standing.ladder, at)
        row._must_be_asked_for_by_one_of_theirs(by)
        row.channel = _way(by, contact, channel)
        if standing.is_early(at):
            row._override(standing, override_reason, by=by, at=at)
        row._place(standing, at)
        if row.override_reason:
            row._tell("overridden", standing.last.not_before, at=at, visibility=Visibility.INTERNAL)
        row._tell("raised", row.not_before, at=at)
        telling.raised(row, at)
        return row

    @classmethod
    def current(cls, ticket: Ticket) -> Self | None:
        """The level that the ticket stands on; None when nothing was raised, or it was closed."""
        return cls.objects.of(ticket).live().last()

    @classmethod
    def standing_of(cls, ticket: Ticket) -> ladder.Standing:
        """Where the ticket stands on its ladder; Refused where its service has none."""
        return ladder.Standing(ladder.need_ladder(ticket), raised_of(list(cls.objects.of(ticket))))

    @classmethod
    def _standing(cls, ticket: Ticket, level: int | None) -> ladder.Standing:
        if not ticket.undone:
            raise Refused(_("Ticket %(number)s is done: reopen it first.") % {"number": ticket.number})
        standing = cls.standing_of(ticket)
        if level not in (None, standing.following.level):
            raise Refused(
                _("Level %(next)d comes next, not level %(level)d: open the ticket again.")
                % {"next": standing.following.level, "level": level}
            )
        return standing

    def _must_be_grounded(self, rules: ladder.Ladder, at: datetime) -> None:
        ground = next((each for each in rules.grounds if each.code == self.ground), None)
        if ground is None:
            raise Refused(_("Choose one of the grounds that the service names."), "ground")
        if ground.asks is Asks.CLOCK:
            self._must_name_a_missed_clock(at)
        if not is_said(self.reason) and (rules.reason_required or ground.asks is Asks.WORDS):
            raise Refused(_("Write why: this service wants it in words."), "reason")

    def _must_name_a_missed_clock(self, at: datetime) -> None:
        missed = {clock.key for clock in ladder.missed_clocks(self.ticket, at)}
        if not missed:
            raise Refused(_("No target of this ticket has been missed so far."), "ground")
        if self.missed not in missed:
            raise Refused(_("Say which target was missed."), "missed")

    def _must_be_asked_for_by_one_of_theirs(self, by: Actor) -> None:
        if by.kind == ActorKind.CONTACT:
            self.contact = Contact.objects.get(pk=by.id)
        if self.contact and not askers(self.ticket.customer_id).filter(pk=self.contact.pk).exists():
            raise Refused(
                _("%(name)s is nobody of this customer’s.") % {"name": self.contact.name}, "contact"
            )

    def _override(self, standing: ladder.Standing, reason: str, *, by: Actor, at: datetime) -> None:
        if not is_said(reason):
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
        facts["clock"] = self.missed or None
        if what == "raised":
            facts |= {"channel": self.channel, "contact": self.contact_id}
        timeline.record(self.ticket, f"escalation.{what}", by=self.actor, at=at, **facts, **options)


def _way(by: Actor, contact: Contact | None, said: str) -> str:
    """How it came: what nobody has to say follows from whoever raises it."""
    if by.kind == ActorKind.CONTACT:
        return Way.PORTAL
    if contact is None:
        return Way.ALARM if by.kind == ActorKind.SYSTEM else Way.DESK
    if said not in RECORDED:
        raise Refused(_("Say how %(name)s asked for it.") % {"name": contact.name}, "channel")
    return said


def raised_of(escalations: list[Escalation]) -> ladder.Raised | None:
    """What all escalations of one ticket come to: the level that it stands on, since when, and when it may go on."""
    live = live_of(escalations)
    if not live:
        return None
    last = live[-1]
    following = min(last.level + 1, last.levels)
    above = [row for row in escalations if row.position > last.position and row.level == following]
    downs = [row.descent for row in above if hasattr(row, "descent")]  # those that led to it
    if not downs or last.not_before is None:
        return ladder.Raised(last.level, last.raised_at, last.not_before)
    latest = max(downs, key=lambda down: down.not_before)
    return ladder.Raised(last.level, latest.at, max(last.not_before, latest.not_before))
