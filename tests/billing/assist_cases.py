"""A case with Microsoft on the approved engagement of the world: a log that the customer reads, a pack, and rows past the verbs."""

import hashlib

from django.core.files.uploadedfile import SimpleUploadedFile

from billing import assisting
from billing.assist_pack import Case
from billing.models import AssistHandover, AssistNote, AssistPack
from support.actors import Actor
from support.desk import attaching
from support.models import File, Message
from tests.billing.billing_cases import at

LOG = b"2026-10-14 09:12 550 5.7.1 Service unavailable\n"
SAID = {
    "summary": "Mail from outside arrives hours late.",
    "product": "Exchange Online",
    "domains": "northwind.example",
    "users_count": 40,
    "reproduce": "Send a mail from outside.",
    "steps_taken": "Traced twenty messages.",
    "reached": "Robin Sample\nrobin@northwind.example",
    "with_messages": True,
}


def case(**fields) -> Case:
    return Case(**{**SAID, "severity": "B", **fields})


def log(w, name="trace.txt", content=LOG, *, ticket=None, visibility="customer") -> File:
    """A file on the ticket, attached by Ana."""
    upload = SimpleUploadedFile(name, content, "text/plain")
    [file] = attaching.attach(
        ticket or w.ticket, [upload], visibility=visibility, by=Actor.of(w.ana), at=at(18)
    )
    return file


def screenshot(w) -> File:
    """A file that came with the customer's own words."""
    file = stored(w, "screen.png", b"\x89PNG", visibility="customer")
    Message.receive(w.ticket, "See here.", contact=w.robin, files=[file], by=Actor.of(w.robin), at=at(18))
    return file


def stored(w, name="pack.zip", content=b"PK", *, visibility="internal", customer=None) -> File:
    """A file that stands on no ticket."""
    upload = SimpleUploadedFile(name, content, "application/zip")
    by = Actor.of(w.ana)
    return File.objects.take(
        upload, customer=customer or w.ticket.customer, visibility=visibility, by=by, at=at(18)
    )


def made(w, files=(), **fields) -> AssistPack:
    return assisting.make(w.engagement, case(**fields), files=list(files), by=Actor.of(w.ana), at=at(18))


def handed(w, pack=None, contact=None) -> AssistHandover:
    said = {"way": "person", "words": "On a stick, at the meeting."}
    return assisting.hand(pack or made(w), contact or w.robin, **said, by=Actor.of(w.ana), at=at(18))


def row(w, model=AssistPack, by=None, **fields):
    """As an attacker writes it: past all verbs."""
    if model is AssistPack:
        file = fields.pop("file", None) or stored(w)
        fields = {
            **SAID,
            "engagement": w.engagement,
            "file": file,
            "sha256": bytes.fromhex(file.sha256),
            **fields,
        }
    elif model is AssistNote:
        fields = {"engagement": w.engagement, **fields}
    made = model(**fields)
    if hasattr(made, "actor_kind"):
        made.actor = by or Actor.of(w.ana)
    made.save(force_insert=True)
    made.refresh_from_db()
    return made


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
