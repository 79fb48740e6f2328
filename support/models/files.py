"""Files: a row with a random key, a hash and an owner; the bytes lie under the key and are asked for by permission."""

import hashlib
import re
import secrets
import unicodedata
from datetime import datetime

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from support.actors import Actor
from support.models.customers import Customer
from support.models.our_time import instants_in_our_time
from support.models.tracked import ActorFields
from support.refusal import Refused


def clean_name(name: str) -> str:
    """A file's name as it may stand in a header: no path, no control characters, at most 150 letters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter for letter in last if not unicodedata.category(letter).startswith("C")).strip()
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[: 149 - len(ending)]}{dot}{ending}"[:150] or "file"


def clean_type(said: str | None) -> str:
    """What a browser says of a file's type where it is one, "text/plain"; else bytes of an unknown kind."""
    kind = (said or "").partition(";")[0].strip().lower()
    return kind if re.fullmatch(r"[a-z]+/[a-z0-9!#$&^_.+-]{1,80}", kind) else "application/octet-stream"


class FileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see every file; a customer's person those meant for a customer he sees."""
        if user.is_staff:
            return self
        return self.filter(
            visibility=Visibility.CUSTOMER, customer__in=Customer.objects.visible_to(user).values("id")
        )

    def take(self, upload, *, customer: Customer | None, visibility: str, by: Actor, at: datetime) -> "File":
        """Store an upload's bytes under a new random key and add its row. Refuses what is empty or too large."""
        name = clean_name(upload.name)
        if upload.size > settings.UPLOAD_MAX_BYTES:
            limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
            raise Refused(
                _("%(name)s is larger than %(limit)s: share it another way.")
                % {"name": name, "limit": limit},
                "files",
            )
        if not upload.size:
            raise Refused(_("%(name)s is empty: choose the file again.") % {"name": name}, "files")
        digest = hashlib.sha256()
        for chunk in upload.chunks():
            digest.update(chunk)
        upload.seek(0)
        file = self.model(
            key=secrets.token_urlsafe(24),
            name=name,
            content_type=clean_type(upload.content_type),
            size=upload.size,
            sha256=digest.hexdigest(),
            customer=customer,
            visibility=visibility,
            added_at=at,
        )
        file.actor = by
        default_storage.save(file.path, upload)  # before the row: a row always has its bytes
        file.save(force_insert=True)
        return file


class Visibility(models.TextChoices):
    INTERNAL = "internal", _("Only the desk")
    CUSTOMER = "customer", _("The desk and the customer")


class File(ActorFields):
    key = models.CharField(max_length=40, unique=True, editable=False)
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text=_("In bytes."))
    sha256 = models.CharField(max_length=64)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="files")
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.INTERNAL)
    added_at = models.DateTimeField()

    objects = FileQuerySet.as_manager()

    class Meta:
        ordering = ["-added_at", "-id"]
        constraints = [
            instants_in_our_time("file_in_our_time", "added_at"),
            models.CheckConstraint(
                condition=~models.Q(visibility="customer") | models.Q(customer__isnull=False),
                name="file_for_a_customer_names_him",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def path(self) -> str:
        """Where its bytes lie in the storage; spread over folders by the key's first letters."""
        return f"{self.key[:2]}/{self.key}"

    def open(self):
        return default_storage.open(self.path)
