"""Onsite assistance on a ticket: remote hands, or access to the site for a vendor or carrier. How it stands follows from its steps."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from escalations.models.steps import NOW
from support.models import ActorFields, Contact, Ticket, Wait
from support.models.our_time import instants_in_our_time
from support.models.people import ZoneField


class Help(models.TextChoices):
    HANDS = "hands", _("Remote hands")
    ACCESS = "access", _("Site access")


class OnsiteState(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    ACCEPTED = "accepted", _("Accepted")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    DONE = "done", _("Done")
    ARRIVED = "arrived", _("On site")
    LEFT = "left", _("Left")
    NO_SHOW = "no_show", _("Nobody came")
    CANCELLED = "cancelled", _("Cancelled")


S = OnsiteState
# How it stands → what may follow; the database holds the same.
MOVES = {
    Help.HANDS: {S.REQUESTED: (S.ACCEPTED, S.DECLINED, S.CANCELLED), S.ACCEPTED: (S.DONE, S.CANCELLED)},
    Help.ACCESS: {
        S.REQUESTED: (S.APPROVED, S.DECLINED, S.CANCELLED),
        S.APPROVED: (S.ARRIVED, S.NO_SHOW, S.CANCELLED),
        S.ARRIVED: (S.LEFT,),
    },
}
OPEN = (S.REQUESTED, S.ACCEPTED, S.APPROVED, S.ARRIVED)


class OnsiteQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those on tickets that this person may see."""
        return self.filter(ticket__in=Ticket.objects.visible_to(user).values("id"))

    def open(self):
        return self.filter(state__in=OPEN)


class OnsiteRequest(ActorFields):
    """What is asked for, and by which authorised contact. The database sets place, state and instant, nobody else does."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="onsite_requests")
    position = models.PositiveIntegerField(editable=False, help_text=_("Counts from 1 per ticket."))
    kind = models.CharField(max_length=6, choices=Help)
    contact = models.ForeignKey(
        Contact, models.PROTECT, related_name="onsite_requests", help_text=_("Who asks for it.")
    )
    equipment = models.CharField(max_length=300, help_text=_("Which, and where it stands."))
    task = models.CharField(max_length=200, blank=True, help_text=_("Of the service’s list."))
    company = models.CharField(max_length=200, blank=True, help_text=_("The vendor or carrier who comes."))
    visitors = models.TextField(blank=True, help_text=_("Their names, one a line."))
    zone = ZoneField(default="", blank=True, help_text=_("The site’s."))
    window_from = models.DateTimeField(null=True, blank=True)
    window_until = models.DateTimeField(null=True, blank=True)
    words = models.TextField(blank=True)
    wait = models.ForeignKey(
        Wait,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="onsite_requests",
        help_text=_("The ticket’s wait for it."),
    )
    state = models.CharField(max_length=10, choices=OnsiteState, default=OnsiteState.REQUESTED)
    at = models.DateTimeField(db_default=NOW, editable=False)

    objects = OnsiteQuerySet.as_manager()

    class Meta:
        ordering = ["ticket", "position"]
        constraints = [
            instants_in_our_time("onsite_window_in_our_time", "window_from", "window_until"),
            models.UniqueConstraint(fields=["ticket", "position"], name="onsite_once_in_its_place"),
            models.CheckConstraint(condition=Q(kind__in=Help.values), name="onsite_of_a_known_kind"),
            models.CheckConstraint(condition=~Q(equipment__regex=r"^\s*$"), name="onsite_names_equipment"),
            models.CheckConstraint(
                condition=Q(
                    kind="hands",
                    company="",
                    visitors="",
                    zone="",
                    window_from=None,
                    window_until=None,
                    wait=None,
                )
                & ~Q(task="")
                | Q(kind="access", task="", window_from__isnull=False, window_until__isnull=False)
                & ~Q(company__regex=r"^\s*$")
                & ~Q(visitors__regex=r"^\s*$")
                & ~Q(zone=""),
                name="onsite_says_what_its_kind_needs",
            ),
            models.CheckConstraint(
                condition=Q(window_from=None) | Q(window_until__gt=F("window_from")),
                name="site_window_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index("at", name="onsite_open", condition=Q(state__in=OPEN))]

    def __str__(self):
        return f"{self.ticket_id}, {self.position}: {self.get_kind_display()}"

    def get_absolute_url(self):
        return f"{reverse('escalations:onsite-page', args=[self.ticket.number])}#request-{self.position}"

    @property
    def named(self) -> list[str]:
        """Who was announced, in the order in which the database counts them."""
        return [name.strip() for name in self.visitors.split("\n") if name.strip()]

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def following(self) -> tuple[OnsiteState, ...]:
        return MOVES[Help(self.kind)].get(OnsiteState(self.state), ())


class Document(models.TextChoices):
    """What was shown at the door: its kind is kept, and nothing that stands on it."""

    PASSPORT = "passport", _("Passport")
    IDENTITY_CARD = "identity_card", _("National identity card")
    LICENCE = "licence", _("Driving licence")
    OTHER = "other", _("Another document of a government")


class OnsiteStep(ActorFields):
    """`happened_at` is when it was as told, `at` when it was written down. What an arrival's visitors showed stands with each of
    them; `document` is of arrivals from before that was so."""

    request = models.ForeignKey(OnsiteRequest, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=OnsiteState)
    words = models.TextField(blank=True)
    by_whom = models.CharField(max_length=200, blank=True, help_text=_("Who did the work."))
    document = models.CharField(max_length=13, choices=Document, blank=True)
    happened_at = models.DateTimeField()
    at = models.DateTimeField(db_default=NOW, editable=False)

    class Meta:
        ordering = ["request", "id"]
        constraints = [
            instants_in_our_time("onsite_step_in_our_time", "happened_at"),
            models.CheckConstraint(
                condition=~Q(actor_kind="contact") | Q(kind="cancelled"),
                name="contacts_only_cancel_onsite_help",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["declined", "done"]) | ~Q(words__regex=r"^\s*$"),
                name="onsite_step_says_what",
            ),
            models.CheckConstraint(
                condition=Q(kind="done") & ~Q(by_whom__regex=r"^\s*$")
                | ~Q(kind="done") & Q(by_whom="")
                | Q(kind="arrived"),
                name="onsite_step_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(kind="arrived", document__in=Document.values) | Q(document=""),
                name="a_document_is_seen_at_arrival",
            ),
        ]

    def __str__(self):
        return f"{self.request_id}: {self.get_kind_display()}"
