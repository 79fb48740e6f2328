"""A form's key: sent twice it acts once (invariant 20)."""

from django.db import models

from support.models.our_time import instants_in_our_time
from support.models.people import User


class Submission(models.Model):
    """Written in the transaction of what the form did: there is one exactly when it was done."""

    key = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    path = models.CharField(max_length=300)
    body_sha256 = models.CharField(max_length=64)
    location = models.CharField(max_length=300)
    at = models.DateTimeField(
        db_default=models.Func(function="countersign_now", output_field=models.DateTimeField())
    )

    class Meta:
        constraints = [instants_in_our_time("submission_in_our_time", "at")]

    def __str__(self):
        return f"{self.path} {self.key}"
