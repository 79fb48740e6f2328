"""What a customer needs for his own case with Microsoft: the packs that the desk makes, how he got them, and what came of the case."""

import hashlib

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from billing.models.engagements import Engagement
from billing.models.now import NOW
from support.models import ActorFields, Contact, File, Mail
from support.models.our_time import days_in_our_time, instants_in_our_time
from support.refusal import Refused


class AssistNote(ActorFields):
    """What became of the customer's case, told by him or written down by the desk. Both sides read it; only ever added."""

    class Kind(models.TextChoices):
        CASE = "case", _("Number of the case")
        REQUEST = "request", _("Microsoft asks for more")
        ANSWER = "answer", _("Answer")
        CALL = "call", _("Call with Microsoft")
        OUTCOME = "outcome", _("What came of the call")

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="assist_notes")
    number = models.PositiveSmallIntegerField(db_default=0)
    kind = models.CharField(max_length=8, choices=Kind)
    case_number = models.CharField(max_length=40, blank=True)
    severity = models.CharField(max_length=20, blank=True, help_text=_("As Microsoft names it."))
    on = models.DateField(null=True, blank=True, help_text=_("When it was opened, or asked for."))
    starts_at = models.DateTimeField(null=True, blank=True, help_text=_("Of a call."))
    bridge = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    about = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_by",
        help_text=_("What it answers."),
    )
    joined = ArrayField(
        models.BigIntegerField(), default=list, blank=True, help_text=_("Who of the desk did.")
    )
    noted_at = models.DateTimeField(db_default=NOW)

    class Meta:
        ordering = ["engagement", "number"]
        constraints = [
            instants_in_our_time("assist_call_in_our_time", "starts_at"),
            days_in_our_time("assist_case_in_our_time", "on"),
            models.UniqueConstraint(fields=["engagement", "number"], name="assist_note_number_once"),
            models.UniqueConstraint(fields=["about"], condition=Q(kind="outcome"), name="a_call_ends_once"),
            models.CheckConstraint(
                condition=Q(kind="case", on__isnull=False, about=None) & ~Q(case_number="")
                | Q(kind="request", on__isnull=False, about=None) & ~Q(text="")
                | Q(kind="call", starts_at__isnull=False, about=None)
                | Q(kind__in=["answer", "outcome"], about__isnull=False) & ~Q(text=""),
                name="assist_note_says_what_it_is",
            ),
            models.CheckConstraint(
                condition=Q(kind="outcome") | Q(joined=[]), name="whoever_joined_joined_a_call"
            ),
        ]

    def __str__(self):
        return f"{self.engagement.reference}, {self.get_kind_display()}"


class AssistPack(ActorFields):
    """One pack, as it was made: the words of the case, and the ZIP with them, the files and their hashes."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="assist_packs")
    number = models.PositiveSmallIntegerField(db_default=0)
    severity = models.CharField(max_length=20, blank=True)
    product = models.CharField(max_length=200)
    summary = models.TextField()
    tenant_id = models.UUIDField(null=True, blank=True)
    domains = models.CharField(max_length=300)
    subscription = models.CharField(max_length=100, blank=True)
    users_count = models.PositiveIntegerField()
    users = models.TextField(blank=True)
    errors = models.TextField(blank=True)
    reproduce = models.TextField()
    steps_taken = models.TextField()
    tools = models.CharField(max_length=300, blank=True)
    reached = models.TextField(help_text=_("Who opens the case, and how Microsoft reaches him."))
    with_messages = models.BooleanField(
        default=True, help_text=_("Whether it tells what was said on the ticket, or only what was done.")
    )
    enclosed = ArrayField(models.BigIntegerField(), default=list, blank=True, help_text=_("Files, by id."))
    answers = models.ForeignKey(
        AssistNote,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answered_by",
        help_text=_("A request."),
    )
    file = models.OneToOneField(File, models.PROTECT, related_name="+")
    sha256 = models.BinaryField(max_length=32)
    made_at = models.DateTimeField(db_default=NOW)

    class Meta:
        ordering = ["engagement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="assist_pack_number_once"),
            models.CheckConstraint(
                condition=~Q(summary="")
                & ~Q(domains="")
                & ~Q(reproduce="")
                & ~Q(steps_taken="")
                & ~Q(reached=""),
                name="a_pack_says_what_microsoft_asks",
            ),
        ]

    def __str__(self):
        return f"{self.engagement.reference}/{self.number}"

    def content(self) -> bytes:
        """Its bytes; Refused where the storage gives back others than were made."""
        try:
            with self.file.open() as stored:
                content = stored.read()
        except FileNotFoundError:
            content = b""
        if hashlib.sha256(content).digest() != bytes(self.sha256):
            raise Refused(
                _now("This file is not what was stored: do not use it, and tell whoever runs this server.")
            )
        return content


class AssistHandover(ActorFields):
    """A pack was handed to somebody of the customer: by mail with the way to its page, or otherwise, in words."""

    class Way(models.TextChoices):
        MAIL = "mail", _("By mail")
        PERSON = "person", _("In person")
        OTHER = "other", _("Otherwise")

    pack = models.ForeignKey(AssistPack, models.PROTECT, related_name="handovers")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    contact_name = models.CharField(max_length=200)
    contact_email = models.EmailField(max_length=254)
    way = models.CharField(max_length=8, choices=Way)
    words = models.TextField(blank=True)
    mail = models.OneToOneField(Mail, models.PROTECT, null=True, blank=True, related_name="+")
    handed_at = models.DateTimeField(db_default=NOW)

    class Meta:
        ordering = ["pack", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(way="mail", mail__isnull=False) | ~Q(way="mail") & Q(mail=None) & ~Q(words=""),
                name="handed_over_by_mail_or_in_words",
            )
        ]

    def __str__(self):
        return f"{self.pack}: {self.contact_name}"


class AssistTaking(models.Model):
    """The first time that somebody of the customer's took a pack from its page: the proof that it arrived."""

    pack = models.ForeignKey(AssistPack, models.PROTECT, related_name="takings")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    contact_name = models.CharField(max_length=200)
    contact_email = models.EmailField(max_length=254)
    taken_at = models.DateTimeField(db_default=NOW)

    class Meta:
        ordering = ["pack", "id"]
        constraints = [models.UniqueConstraint(fields=["pack", "contact"], name="first_taken_once")]

    def __str__(self):
        return f"{self.pack}: {self.contact_name}"
