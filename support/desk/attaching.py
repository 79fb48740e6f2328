"""Files on a ticket: stored with their rows, told on the timeline."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from support import timeline
from support.actors import Actor
from support.models import File, Ticket


def take(ticket: Ticket, uploads: Iterable, *, visibility: str, by: Actor, at: datetime) -> list[File]:
    """Store uploads for a ticket's customer; to be named by the message or event that brings them."""
    return [
        File.objects.take(upload, customer=ticket.customer, visibility=visibility, by=by, at=at)
        for upload in uploads
    ]


@transaction.atomic
def attach(ticket: Ticket, uploads: Iterable, *, visibility: str, by: Actor, at: datetime) -> list[File]:
    """Add files without words. Meets no clock."""
    files = take(ticket, uploads, visibility=visibility, by=by, at=at)
    timeline.record(
        ticket, "file.added", by=by, at=at, visibility=visibility, ids=[file.pk for file in files]
    )
    return files
