"""Setting up an empty database: one row, with the hash of the code that makes the first manager."""

from django.db import models
from django.db.models import Q

from support.models.our_time import instants_in_our_time


class FirstDay(models.Model):
    """Begins when a code is asked for on the server, and is over when a manager says so. The code goes when it is used."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    code_sha256 = models.CharField(max_length=64, blank=True, default="")
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            instants_in_our_time("first_day_in_our_time", "begun_at", "finished_at"),
            models.CheckConstraint(condition=Q(id=1), name="first_day_comes_once"),
            models.CheckConstraint(
                condition=Q(code_sha256__regex="^([0-9a-f]{64})?$"), name="first_day_keeps_a_hash"
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(code_sha256=""), name="first_day_over_has_no_code"
            ),
        ]

    def __str__(self):
        return "first day"
