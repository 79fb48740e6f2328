"""A yes that came on paper or by mail: recorded by one of the desk with its original, checked by another one."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.now import NOW
from billing.models.offers import Offer
from support.models import ActorFields, Contact, File
from support.models.our_time import days_in_our_time


class WrittenYes(ActorFields):
    """What a contact wrote, as one person of the desk recorded it. In force is nothing before another one has confirmed it."""

    class Way(models.TextChoices):
        MAIL = "mail", _("Mail")
        DOCUMENT = "document", _("Signed document")
        ORDER = "order", _("Purchase order")

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="written")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    contact_name = models.CharField(max_length=200)
    contact_email = models.EmailField(max_length=254)
    way = models.CharField(max_length=8, choices=Way)
    signed_name = models.CharField(max_length=200, help_text=_("The name that stands under it."))
    reference = models.CharField(
        max_length=100, blank=True, help_text=_("Its own number, such as a purchase order's.")
    )
    says = models.TextField(help_text=_("The words that are the yes, as they stand there."))
    dated_on = models.DateField(help_text=_("The letter's own date; the yes counts from its confirmation."))
    original = models.ForeignKey(File, models.PROTECT, related_name="+")
    original_sha256 = models.CharField(max_length=64)
    sha256 = models.BinaryField(max_length=32, help_text=_("Of the offer that it answers."))
    recorded_at = models.DateTimeField(db_default=NOW)

    class Meta:
        ordering = ["offer", "id"]
        constraints = [
            days_in_our_time("written_in_our_time", "dated_on"),
            models.CheckConstraint(
                condition=~Q(signed_name="") & ~Q(says=""), name="a_written_yes_says_who_and_what"
            ),
            models.CheckConstraint(
                condition=~Q(way="order") | ~Q(reference=""), name="a_purchase_order_has_its_number"
            ),
        ]

    def __str__(self):
        return f"{self.offer}: {self.get_way_display()}, {self.contact_name}"


class WrittenCheck(ActorFields):
    """What the second person said after a look at the original."""

    written = models.OneToOneField(WrittenYes, models.PROTECT, related_name="check_made")
    confirmed = models.BooleanField()
    reason = models.TextField(blank=True)
    sha256 = models.BinaryField(max_length=32, help_text=_("Of the offer that was shown."))
    original_sha256 = models.CharField(max_length=64, help_text=_("Of the original that was shown."))
    checked_at = models.DateTimeField(db_default=NOW)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed=True) | ~Q(reason=""), name="a_written_yes_is_refused_with_a_reason"
            )
        ]

    def __str__(self):
        return f"{self.written}: {'confirmed' if self.confirmed else 'refused'}"
