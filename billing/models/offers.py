"""Offers, who was asked, and how an offer ended without a yes: evidence, only ever added."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.engagements import Engagement
from billing.models.now import NOW
from support.models import ActorFields, CalendarVersion, Contact, Mail
from support.models.customers import CurrencyField
from support.models.our_time import instants_in_our_time


def _added(help_text) -> models.DecimalField:
    return models.DecimalField(
        max_digits=12, decimal_places=2, default=Decimal(0), db_default=Decimal(0), help_text=help_text
    )


class OfferQuerySet(models.QuerySet):
    def undecided(self):
        return self.filter(approval=None, end=None)


class Offer(ActorFields):
    """One numbered version of an engagement's terms, byte for byte as sent. Its number, instant and roles are the guard's."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="offers")
    number = models.PositiveSmallIntegerField(db_default=0)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    statement = models.ForeignKey(
        "StatementOfWork",
        models.PROTECT,
        null=True,
        related_name="offers",
        help_text=_("Its hash stands in the document."),
    )
    document = models.BinaryField()
    sha256 = models.BinaryField(max_length=32)
    sentence = models.TextField(help_text=_("What the customer says yes to."))
    currency = CurrencyField()
    amount = models.DecimalField(
        max_digits=12, decimal_places=2, help_text=_("The money it means at most, before tax.")
    )
    cap = models.PositiveIntegerField(help_text=_("Billed minutes at most."))
    rate = models.DecimalField(max_digits=12, decimal_places=2)
    increment = models.PositiveSmallIntegerField()
    minimum = models.PositiveSmallIntegerField(default=0)
    out_of_hours_rate = _added(_("Added to an hour outside the calendar; 0: none."))
    in_hours = models.ForeignKey(CalendarVersion, models.PROTECT, null=True, related_name="+")
    on_site_rate = _added(_("Added to an hour on site."))
    visit_price = _added(_("Added for a piece of work on site."))
    visits = models.PositiveSmallIntegerField(
        db_default=0, default=0, help_text=_("Pieces of work on site at most; 0: none.")
    )
    fixed_price = _added(
        _("Of the statement of work, billed once as it is delivered; then nothing is by the hour.")
    )
    minimum_charge = _added(_("What the engagement comes to at least, once any of it was worked; 0: none."))
    fixed_for = models.CharField(max_length=300, blank=True, default="", db_default="")
    tax_code = models.CharField(max_length=40, blank=True)
    tax_rate = models.DecimalField(max_digits=6, decimal_places=3, default=0)
    account_code = models.CharField(max_length=20, blank=True)
    gdap_roles = models.JSONField(db_default=models.Value([], models.JSONField()))
    answer_by = models.DateTimeField()
    work_until = models.DateTimeField()
    sent_at = models.DateTimeField(db_default=NOW)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "number"]
        constraints = [
            instants_in_our_time("offer_in_our_time", "answer_by", "work_until"),
            models.UniqueConstraint(fields=["engagement", "number"], name="offer_numbered_once"),
            models.CheckConstraint(
                condition=Q(minimum_charge__gte=0), name="offered_minimum_is_nothing_or_more"
            ),
            models.CheckConstraint(
                condition=Q(rate__gt=0, amount__gt=0, increment__gt=0)
                & (
                    Q(cap__gt=0, fixed_price=0, fixed_for="")
                    | Q(
                        cap=0,
                        fixed_price__gt=0,
                        minimum_charge=0,
                        statement__isnull=False,
                        in_hours=None,
                        visits=0,
                    )
                    & ~Q(fixed_for="")
                ),
                name="offer_means_something",
            ),
            models.CheckConstraint(
                condition=Q(out_of_hours_rate=0, in_hours=None)
                | Q(out_of_hours_rate__gt=0, in_hours__isnull=False),
                name="out_of_hours_is_by_a_calendar",
            ),
            models.CheckConstraint(
                condition=Q(visits=0, on_site_rate=0, visit_price=0)
                | Q(visits__gt=0, on_site_rate__gte=0, visit_price__gte=0),
                name="on_site_is_offered_with_its_visits",
            ),
            models.CheckConstraint(
                condition=Q(answer_by__lte=F("work_until")), name="answered_before_work_ends"
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def reference(self) -> str:
        """ENG-0001-2: the engagement's and the offer's number; an approval is called the same."""
        return f"{self.engagement.reference}-{self.number}"

    @property
    def undecided(self) -> bool:
        return Offer.objects.undecided().filter(pk=self.pk).exists()


class Invitation(ActorFields):
    """One contact is asked for one offer by a link of his own. The link's token is nowhere stored, only its hash."""

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="invitations")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="invitations")
    nonce = models.CharField(
        max_length=64, unique=True, help_text=_("Makes the token, together with the site's secret.")
    )
    token_sha256 = models.BinaryField(max_length=32, unique=True)
    mail = models.OneToOneField(Mail, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(db_default=NOW)

    class Meta:
        ordering = ["sent_at", "id"]

    def __str__(self):
        return f"{self.offer}, {self.contact}"


class OfferCode(models.Model):
    """Six figures mailed to the address on file. The figures themselves are nowhere stored."""

    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="codes")
    nonce = models.CharField(max_length=64, unique=True)
    mail = models.OneToOneField(Mail, models.PROTECT, related_name="+")
    network = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField(
        null=True, help_text=_("When the page was first shown to whoever asked for the code.")
    )
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(db_default=NOW)
    proved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            instants_in_our_time("code_in_our_time", "opened_at"),
            models.CheckConstraint(condition=Q(tries__lte=5), name="code_tried_five_times_at_most"),
        ]
        indexes = [models.Index("network", "made_at", name="codes_of_network")]

    def __str__(self):
        return f"{self.invitation} code {self.pk}"


class OfferEnd(ActorFields):
    """Why an offer can no longer be answered with yes."""

    class Why(models.TextChoices):
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn by us")
        EXPIRED = "expired", _("Expired")
        REPLACED = "replaced", _("Replaced by a newer offer")

    offer = models.OneToOneField(Offer, models.PROTECT, related_name="end")
    why = models.CharField(max_length=10, choices=Why)
    reason = models.TextField(blank=True)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    code = models.OneToOneField(OfferCode, models.PROTECT, null=True, related_name="+")
    typed_name = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(_("user agent"), max_length=300, blank=True)
    ended_at = models.DateTimeField(db_default=NOW)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(why="declined") | Q(contact__isnull=False, code__isnull=False),
                name="only_a_contact_declines",
            )
        ]

    def __str__(self):
        return f"{self.offer}: {self.get_why_display()}"
