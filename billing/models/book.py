"""Files of the book that a manager looks at before they are taken: what one holds, how far it is, what became of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from support.models import User
from support.models.our_time import instants_in_our_time


class BookImport(models.Model):
    """A file as it was uploaded, looked at by a dry run and then taken once, or removed. Its bytes go when it is taken."""

    class Kind(models.TextChoices):
        CUSTOMERS = "customers", _("Customers")
        CONTACTS = "contacts", _("Contacts")
        RATE_CARDS = "rate-cards", _("Rate cards")
        CONTRACTS = "contracts", _("Contracts")

    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=200)
    data = models.BinaryField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    total = models.PositiveIntegerField(default=0, help_text=_("Rows that can be read."))
    done = models.PositiveIntegerField(default=0, help_text=_("Of them in this run."))
    foreseen = models.JSONField(null=True, help_text=_("What the dry run found."))
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True, help_text=_("What the import did."))
    rejects = models.BinaryField(default=b"")
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            instants_in_our_time("import_in_our_time", "asked_at", "confirmed_at"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False, foreseen__isnull=False),
                name="book_taken_only_after_a_look",
            ),
            models.CheckConstraint(
                condition=Q(result__isnull=True) | Q(confirmed_at__isnull=False),
                name="book_result_of_a_confirmed_one",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_at_work(self) -> bool:
        return not self.error and (self.foreseen is None or (self.confirmed_at and self.result is None))

    @property
    def can_be_taken(self) -> bool:
        return not self.error and self.foreseen is not None and self.confirmed_at is None

    @property
    def told(self) -> dict | None:
        """What is known of it: what the import did, before that what it would do."""
        return self.result or self.foreseen

    @property
    def share(self) -> int:
        """Of its rows that are done, in whole percent."""
        return min(100, 100 * self.done // self.total) if self.total else 0
