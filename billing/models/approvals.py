"""Signatures, approvals and how they end. The database decides what counts, and when."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.engagements import Engagement
from billing.models.now import NOW
from billing.models.offers import Offer, OfferCode
from billing.models.written import WrittenYes
from support.models import ActorFields, Contact, Mail
from support.models.our_time import instants_in_our_time


class Signature(models.Model):
    """One person's written yes to exactly these bytes. Authority and instant are the guard's."""

    class How(models.TextChoices):
        CODE = "code", _("One-time code to the address on file")
        MAIL = "mail", _("Mail, recorded and checked by two of the desk")
        DOCUMENT = "document", _("Signed document, recorded and checked by two of the desk")
        ORDER = "order", _("Purchase order, recorded and checked by two of the desk")

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="signatures")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="signatures")
    contact_name = models.CharField(max_length=200)
    contact_email = models.EmailField(max_length=254)
    typed_name = models.CharField(max_length=200)
    sentence = models.TextField()
    sha256 = models.BinaryField(max_length=32, help_text=_("Of what was shown."))
    authority = models.DecimalField(max_digits=12, decimal_places=2, db_default=0)
    how = models.CharField(_("how authenticated"), max_length=12, choices=How, default=How.CODE)
    code = models.OneToOneField(OfferCode, models.PROTECT, null=True, related_name="signature")
    written = models.OneToOneField(WrittenYes, models.PROTECT, null=True, related_name="signature")
    opened_at = models.DateTimeField(null=True)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(_("user agent"), max_length=300, blank=True)
    signed_at = models.DateTimeField(db_default=NOW)

    class Meta:
        ordering = ["offer", "id"]
        constraints = [
            instants_in_our_time("signature_in_our_time", "opened_at"),
            models.CheckConstraint(condition=~Q(typed_name=""), name="signed_with_a_name"),
            models.CheckConstraint(
                condition=Q(how="code", code__isnull=False, written=None)
                | (Q(how__in=["mail", "document", "order"], code=None, written__isnull=False)),
                name="signed_with_a_code_or_on_paper",
            ),
        ]

    def __str__(self):
        return f"{self.offer}: {self.typed_name}"


class ApprovalQuerySet(models.QuerySet):
    def in_force(self, at):
        return self.filter(end=None, decided_at__lte=at, offer__work_until__gt=at)


class Approval(models.Model):
    """The customer's recorded yes to one offer, in force from `decided_at`."""

    offer = models.OneToOneField(Offer, models.PROTECT, related_name="approval")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="approvals")
    receipt = models.OneToOneField(Mail, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(db_default=NOW)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["decided_at", "id"]

    def __str__(self):
        return self.reference

    @property
    def reference(self) -> str:
        return self.offer.reference


class ApprovalEnd(ActorFields):
    class Why(models.TextChoices):
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXPIRED = "expired", _("Expired")
        SUPERSEDED = "superseded", _("Superseded")

    approval = models.OneToOneField(Approval, models.PROTECT, related_name="end")
    why = models.CharField(max_length=10, choices=Why)
    reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(db_default=NOW)

    def __str__(self):
        return f"{self.approval}: {self.get_why_display()}"


class ApprovalBalance(models.Model):
    """What is used of an approval, in billed minutes. Written by the guards alone."""

    approval = models.OneToOneField(Approval, models.PROTECT, primary_key=True, related_name="balance")
    cap = models.PositiveIntegerField()
    used = models.IntegerField(default=0)
    work_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(used__gte=0, used__lte=F("cap")), name="used_within_cap")
        ]

    def __str__(self):
        return f"{self.used} of {self.cap} min"

    @property
    def until(self) -> datetime:
        """When it ended, or will at the latest."""
        return min(self.work_until, self.ended_at or self.work_until)

    @property
    def room(self) -> int:
        """Billed minutes that are left."""
        return self.cap - self.used
