"""Regions that pass work on to one another as their hours end, who is on duty in them, and who is away."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from support.models import CalendarVersion, Tracked, User
from support.models.our_time import instants_in_our_time
from support.models.people import ZoneField


class Region(Tracked):
    """A service definition names it by its code. Its hours are the desk's own staffing, and no customer's promise; changes of them
    count later (region_hours)."""

    code = models.SlugField(max_length=20, unique=True, help_text=_("As service definitions name it."))
    name = models.CharField(max_length=80)
    time_zone = ZoneField(help_text=_("Where its people are; its hours are in its calendar’s zone."))
    calendar = models.SlugField(
        max_length=60,
        help_text=_(
            "Its hours, by the calendar’s name. Another one counts from the second midnight on, in UTC."
        ),
    )
    covers = models.CharField(
        max_length=300, blank=True, help_text=_("What it takes besides, in words: whose tickets, and when.")
    )
    phone = models.CharField(
        max_length=300, blank=True, help_text=_("The phone route to it: which line, which option.")
    )
    alarm_minutes = models.PositiveSmallIntegerField(
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text=_("So long before it closes, managers are told of tickets that nobody has accepted."),
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(alarm_minutes__gte=1, alarm_minutes__lte=600), name="regions_alarm_in_time"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="regions_have_a_name"),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.calendar and not CalendarVersion.objects.filter(name=self.calendar).exists():
            raise ValidationError({"calendar": _("There is no calendar of this name.")})


class Interval(Tracked):
    """Somebody of the desk, from one instant up to another."""

    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"))

    class Meta:
        abstract = True

    def clean(self):
        if not (self.from_at and self.until_at and self.person_id):
            return
        if self.from_at >= self.until_at:
            raise ValidationError({"until_at": _("This is not after its beginning.")})
        others = type(self).objects.filter(person=self.person_id).exclude(pk=self.pk)
        if others.filter(from_at__lt=self.until_at, until_at__gt=self.from_at).exists():
            raise ValidationError({"from_at": _("There is a row of this person in that time already.")})


class DutyQuerySet(models.QuerySet):
    def at(self, at: datetime):
        """Who is on duty at this instant: on the rota, not away, and still of the desk. The longest on duty first."""
        away = Absence.objects.filter(
            person=models.OuterRef("person"), from_at__lte=at, until_at__gt=at
        ).values("id")
        here = self.filter(from_at__lte=at, until_at__gt=at, person__is_active=True)
        return here.exclude(models.Exists(away)).select_related("person").order_by("from_at", "id")


class Duty(Interval):
    """One line of the rota."""

    person = models.ForeignKey(
        User, models.PROTECT, related_name="duties", limit_choices_to={"kind": "staff"}
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="duties")

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "duties"
        ordering = ["-from_at", "id"]
        constraints = [
            instants_in_our_time("duty_in_our_time", "from_at", "until_at"),
            models.CheckConstraint(condition=Q(from_at__lt=F("until_at")), name="duty_begins_before_it_ends"),
        ]
        indexes = [models.Index("region", "until_at", name="duty_of_region")]

    def __str__(self):
        return f"{self.person}, {self.region}"


class Absence(Interval):
    """Away, whatever the rota says. Why is nobody's business, so no column asks for it."""

    person = models.ForeignKey(
        User, models.PROTECT, related_name="absences", limit_choices_to={"kind": "staff"}
    )

    class Meta:
        ordering = ["-from_at", "id"]
        constraints = [
            instants_in_our_time("absence_in_our_time", "from_at", "until_at"),
            models.CheckConstraint(
                condition=Q(from_at__lt=F("until_at")), name="absence_begins_before_it_ends"
            ),
        ]

    def __str__(self):
        return f"{self.person}"
