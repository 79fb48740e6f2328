"""Time: the timer that runs, the entries that were worked, what came too late for its month."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from billing.models.approvals import Approval
from billing.models.engagements import Engagement
from billing.models.now import NOW
from billing.models.offers import Offer
from billing.models.stops import StoppedTimer
from support.models import ActorFields, User
from support.models.our_time import instants_in_our_time


class Timer(models.Model):
    """One per person. It starts only under an approval in force; stopping always works."""

    person = models.OneToOneField(User, models.PROTECT, related_name="timer")
    approval = models.ForeignKey(Approval, models.PROTECT, related_name="timers")
    text = models.CharField(max_length=300, blank=True)
    on_site = models.BooleanField(default=False, db_default=False)
    started_at = models.DateTimeField(db_default=NOW)

    class Meta:
        constraints = [instants_in_our_time("timer_in_our_time", "started_at")]

    def __str__(self):
        return f"{self.person} since {self.started_at:%H:%M}"


class TimeEntryQuerySet(models.QuerySet):
    def live(self):
        return self.filter(superseded_by=None)

    def approved(self):
        return self.live().filter(approval__isnull=False)

    def with_who_stopped(self):
        """Each with `stopped_by` and `stopped_why`, where somebody else stopped its timer."""
        stopped = StoppedTimer.objects.filter(piece=OuterRef("piece"))
        by, why = (Subquery(stopped.values(name)[:1]) for name in ("actor_name", "reason"))
        return self.annotate(stopped_by=by, stopped_why=why)


class TimeEntry(ActorFields):
    """One part of a piece of work. Corrected by a new entry, never changed; without an approval it bills nothing."""

    person = models.ForeignKey(User, models.PROTECT, related_name="time_entries")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="time_entries")
    offer = models.ForeignKey(Offer, models.PROTECT, null=True, related_name="time_entries")
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="time_entries")
    piece = models.UUIDField(help_text=_("The parts of one piece of work share it."))
    text = models.CharField(max_length=300)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField()
    raw_minutes = models.PositiveIntegerField()
    billed_minutes = models.PositiveIntegerField()
    out_of_hours = models.BooleanField(
        default=False, db_default=False, help_text=_("By the calendar that the offer pins.")
    )
    on_site = models.BooleanField(default=False, db_default=False)
    visit = models.BooleanField(
        default=False, db_default=False, help_text=_("The part with which a visit begins.")
    )
    basis = models.CharField(max_length=200, help_text=_("How the billed minutes came about."))
    correction = models.CharField(
        max_length=300, blank=True, help_text=_("Why it stands in an older one's place.")
    )
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="supersedes")
    recorded_at = models.DateTimeField(db_default=NOW)

    objects = TimeEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "time entries"
        ordering = ["started_at", "id"]
        indexes = [
            models.Index("engagement", "started_at", name="time_of_engagement"),
            models.Index("piece", name="time_of_piece"),
            models.Index(
                "started_at", name="time_approved", condition=Q(approval__isnull=False, superseded_by=None)
            ),
        ]
        constraints = [
            instants_in_our_time("entry_in_our_time", "started_at", "stopped_at"),
            models.CheckConstraint(condition=Q(started_at__lt=F("stopped_at")), name="time_runs_forward"),
            models.CheckConstraint(
                condition=Q(approval=None, offer=None, billed_minutes=0)
                | Q(approval__isnull=False, offer__isnull=False),
                name="time_without_approval_bills_nothing",
            ),
            models.CheckConstraint(
                condition=Q(raw_minutes__gt=0) | Q(billed_minutes=0), name="no_minutes_bill_nothing"
            ),
            models.CheckConstraint(
                condition=Q(out_of_hours=False, visit=False) | Q(approval__isnull=False),
                name="surcharged_time_is_approved",
            ),
            models.CheckConstraint(condition=Q(visit=False) | Q(on_site=True), name="visits_are_on_site"),
            models.UniqueConstraint(
                fields=["piece", "approval"],
                condition=Q(visit=True, superseded_by=None),
                name="one_visit_for_a_piece_of_work",
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.started_at:%Y-%m-%d %H:%M}, {self.raw_minutes} min"


class LateWorkQuerySet(models.QuerySet):
    def waiting(self):
        """Work that still stands on no time sheet, and was not taken off the list either."""
        return self.filter(~Exists(TimeEntry.objects.filter(piece=OuterRef("piece"))), dismissal=None)


class LateWork(ActorFields):
    """Work that could not be booked when it was told, because its month was closed, say. Finance sees the list."""

    person = models.ForeignKey(User, models.PROTECT, related_name="late_work")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="late_work")
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="late_work")
    piece = models.UUIDField(unique=True)
    text = models.CharField(max_length=300)
    on_site = models.BooleanField(default=False, db_default=False)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField()
    why = models.CharField(max_length=300)
    told_at = models.DateTimeField(db_default=NOW)

    objects = LateWorkQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "late work"
        permissions = [("dismiss_latework", "Can take late work off its list")]
        ordering = ["started_at", "id"]
        constraints = [
            instants_in_our_time("late_work_in_our_time", "started_at", "stopped_at", "told_at"),
            models.CheckConstraint(
                condition=Q(started_at__lt=F("stopped_at")), name="late_work_runs_forward"
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.started_at:%Y-%m-%d %H:%M}: {self.why}"
