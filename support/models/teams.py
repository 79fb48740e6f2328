"""Who works together at the desk."""

from django.db import models

from support.models.people import User
from support.models.tracked import Tracked


class Team(Tracked):
    name = models.CharField(max_length=120, unique=True)
    members = models.ManyToManyField(User, blank=True, related_name="teams")

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name
