"""Hand-offs: what was offered to whom, what became of it, and each time that managers were told of one that nobody took."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Func, Q, When
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from escalations.models.regions import Region
from escalations.models.steps import NOW
from support.models import ActorFields, Ticket, User
from support.models.our_time import instants_in_our_time

SOMETHING = r"\S"


class HandOffKind(models.TextChoices):
    REGION = "region", _("To a region")
    PERSON = "person", _("To a person")


class HandOffState(models.TextChoices):
    OFFERED = "offered", _("Offered")
    ASKED = "asked", _("Asked back")
    ACCEPTED = "accepted", _("Accepted")
    WITHDRAWN = "withdrawn", _("Taken back")


OPEN = (HandOffState.OFFERED, HandOffState.ASKED)


class HandOffQuerySet(models.QuerySet):
    def unanswered(self):
        """Neither accepted nor taken back."""
        return self.filter(state__in=OPEN)

    def told_apart(self):
        """Each with `stands`: whether it is accepted and whoever has the ticket is still there to work on it."""
        stands = Func(F("id"), function="handoff_stands", output_field=models.BooleanField())
        return self.annotate(stands=stands)

    def with_closings(self):
        """Each with `closes`: false for an open one to a region that does not close at its instant any more."""
        region = Func(F("from_region"), F("closes_at"), function="region_closes")
        closes = Case(
            When(kind=HandOffKind.REGION, state__in=OPEN, then=region),
            default=True,
            output_field=models.BooleanField(),
        )
        return self.annotate(closes=closes)

    def standing(self):
        """Accepted hand-offs to a region, by somebody who still has the ticket and is on duty when that region takes over."""
        return (
            self.filter(kind=HandOffKind.REGION, state=HandOffState.ACCEPTED).told_apart().filter(stands=True)
        )


class HandOff(ActorFields):
    """What the next one has to know. Never changed; its state follows from its steps, and the database alone sets it.

    `closes_at` is when the gap opens: the region closes, or the person goes off.
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="handoffs")
    position = models.PositiveIntegerField(editable=False, help_text=_("Counts from 1 per ticket."))
    kind = models.CharField(max_length=6, choices=HandOffKind)
    from_region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    to_region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="handoffs")
    from_person = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Who owned the ticket then."),
    )
    to_person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="offered_handoffs"
    )
    closes_at = models.DateTimeField(help_text=_("When the gap opens."))
    alarm_at = models.DateTimeField(
        editable=False, help_text=_("When managers are told, if nobody has accepted.")
    )
    standing = models.TextField(_("state"))
    tried = models.TextField()
    next_action = models.TextField()
    expected = models.TextField(help_text=_("Whom the customer expects to hear from, and how."))
    next_update_at = models.DateTimeField(
        null=True, editable=False, help_text=_("The next word owed to the customer, as its clock said.")
    )
    cases = ArrayField(
        models.BigIntegerField(), editable=False, help_text=_("Vendor cases that were open then.")
    )
    state = models.CharField(max_length=9, choices=HandOffState, default=HandOffState.OFFERED)
    offered_at = models.DateTimeField(db_default=NOW, editable=False)

    objects = HandOffQuerySet.as_manager()

    class Meta:
        verbose_name = "hand-off"
        ordering = ["ticket", "position"]
        constraints = [
            instants_in_our_time("handoff_in_our_time", "closes_at"),
            models.UniqueConstraint(fields=["ticket", "position"], name="handoff_once_in_its_place"),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(state__in=OPEN), name="one_open_handoff_per_ticket"
            ),
            models.CheckConstraint(
                condition=Q(kind="region", from_region__isnull=False, to_region__isnull=False, to_person=None)
                | Q(
                    kind="person",
                    from_region=None,
                    to_region=None,
                    from_person__isnull=False,
                    to_person__isnull=False,
                ),
                name="handoff_to_a_region_or_a_person",
            ),
            models.CheckConstraint(
                condition=Q(
                    standing__regex=SOMETHING,
                    tried__regex=SOMETHING,
                    next_action__regex=SOMETHING,
                    expected__regex=SOMETHING,
                ),
                name="handoff_says_what_the_next_one_needs",
            ),
            models.CheckConstraint(condition=Q(actor_kind="staff"), name="the_desk_hands_over"),
            models.CheckConstraint(
                condition=Q(Func(F("closes_at"), function="isfinite", output_field=models.BooleanField())),
                name="handoff_is_for_an_instant",
            ),
            models.CheckConstraint(
                condition=Q(state__in=HandOffState.values), name="handoff_in_a_known_state"
            ),
        ]
        indexes = [models.Index("closes_at", name="handoff_by_crossing")]

    def __str__(self):
        return f"{self.ticket_id}, {self.position}"

    def get_absolute_url(self):
        return reverse("escalations:handoff-write", args=[self.ticket.number])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_lost(self) -> bool:
        """Of one `told_apart`: accepted to a region, by somebody who has the ticket no longer."""
        return self.state == HandOffState.ACCEPTED and self.kind == HandOffKind.REGION and not self.stands

    @property
    def void(self) -> str:
        """Why an open one, found `with_closings`, can only be taken back; empty where it stands."""
        ticket, facts = self.ticket, {"number": self.ticket.number}
        if not ticket.undone:
            return gettext("Ticket %(number)s is done: there is nothing to hand over.") % facts
        if self.to_person and not self.to_person.is_active:
            facts["name"] = self.to_person.name
            return gettext("%(name)s has left the desk: take this hand-off back.") % facts
        if self.to_person_id and ticket.owner_id not in (self.from_person_id, self.to_person_id):
            facts["name"] = ticket.owner.name if ticket.owner else gettext("nobody")
            return gettext("%(number)s was given to %(name)s since: take this hand-off back.") % facts
        if not self.closes:
            return gettext(
                "Its region closes at another time by now: take this hand-off back and write another one."
            )
        return ""

    @property
    def receiver(self) -> str:
        """Who is to take it, by name."""
        return f"{self.to_region or self.to_person}"

    @property
    def taken_by(self) -> str:
        """Who accepted it, by name; empty where nobody has."""
        return next((step.actor_name for step in self.steps.filter(kind="accepted")), "")


class HandOffStep(ActorFields):
    """What became of it: a question back, its answer, the end."""

    class Kind(models.TextChoices):
        ASKED = "asked", _("Asked back")
        ANSWERED = "answered", _("Answered")
        ACCEPTED = "accepted", _("Accepted")
        WITHDRAWN = "withdrawn", _("Taken back")

    handoff = models.ForeignKey(HandOff, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=9, choices=Kind)
    text = models.TextField(blank=True)
    at = models.DateTimeField(db_default=NOW, editable=False)

    class Meta:
        verbose_name = "hand-off step"
        ordering = ["handoff", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["handoff"],
                condition=Q(kind__in=["accepted", "withdrawn"]),
                name="handoff_ends_once",
            ),
            models.CheckConstraint(condition=Q(actor_kind="staff"), name="the_desk_answers_handoffs"),
            models.CheckConstraint(
                condition=Q(kind="accepted") | Q(text__regex=SOMETHING), name="handoff_step_says_what"
            ),
        ]

    def __str__(self):
        return f"{self.handoff_id}: {self.get_kind_display()}"


class HandOffAlarm(models.Model):
    """Managers were told, once, that nobody has this ticket before the gap: nobody accepted it, or who did no longer has it."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="handoff_alarms")
    kind = models.CharField(max_length=6, choices=HandOffKind)
    closes_at = models.DateTimeField()
    from_region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    handoff = models.ForeignKey(
        HandOff,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="alarms",
        help_text=_("The open one; empty where none was written."),
    )
    lost = models.OneToOneField(
        HandOff,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="loss",
        help_text=_("The accepted one, where whoever accepted has it no longer, or is not there."),
    )
    fired_at = models.DateTimeField(db_default=NOW, editable=False)

    class Meta:
        verbose_name = "hand-off alarm"
        ordering = ["-fired_at", "-id"]
        constraints = [
            instants_in_our_time("handoff_alarm_in_our_time", "closes_at"),
            models.UniqueConstraint(
                fields=["ticket", "closes_at"],
                condition=Q(kind="region", lost=None),
                name="handoff_alarms_once",
            ),
            models.UniqueConstraint(
                fields=["handoff"], condition=Q(kind="person"), name="person_handoff_alarms_once"
            ),
        ]

    def __str__(self):
        return f"{self.ticket_id}, {self.closes_at:%Y-%m-%d %H:%M}"
