"""What somebody looks for again and again in the queue, under a name of his own."""

from django.db import models
from django.db.models import Q

from support.models.people import User


class SavedView(models.Model):
    """A view of the queue with its filters, as the address spells them. Nobody else sees it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_view_named_once"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_a_name"),
        ]

    def __str__(self):
        return self.name
