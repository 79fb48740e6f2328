"""Help in a customer's own case with Microsoft: packs, how they are handed over, and when he took them.

The desk neither opens nor escalates such a case: `why_not_ours` says so in the words of the engagement's own service.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from billing import assist_pack
from billing.assist_pack import Case
from billing.models import AssistHandover, AssistNote, AssistPack, AssistTaking, Engagement
from billing.models.engagements import UNDONE
from billing.rules import verb
from billing.telling import instant, tell
from support import versions
from support.actors import Actor
from support.catalogue.scope import Verdict
from support.models import Contact, File, Mail, Message, Outcome, Visibility
from support.naming import is_said
from support.refusal import Refused


@dataclass(frozen=True, slots=True)
class NotOurs:
    """Why the desk opens no case with the vendor: the service's sentence, and what its list of not-eligible work says of it."""

    service: str
    sentence: str
    items: tuple[str, ...]


def why_not_ours(engagement: Engagement) -> NotOurs | None:
    """None where the service of the engagement says nothing of a vendor."""
    service = versions.definition(engagement.service)
    if service.vendor is None:
        return None
    scope = service.scope
    elsewhere = {way.code for way in scope.outcomes if way.closes == Outcome.REDIRECTED} if scope else set()
    items = tuple(
        item.text
        for item in (scope.items if scope else ())
        if item.verdict is Verdict.NOT_ELIGIBLE and item.outcome in elsewhere
    )
    return NotOurs(service.name, service.vendor.opened_by, items)


@verb
def make(
    engagement: Engagement,
    case: Case,
    *,
    files: Sequence[File],
    answers: AssistNote | None = None,
    by: Actor,
    at: datetime,
) -> AssistPack:
    """Put a pack together and keep it; nobody outside sees it before it is handed over. Raises Refused.

    It is written before anything is held, since that takes seconds: of two who do so at once, one is told.
    """
    _must_be_open(engagement, at)
    if not is_said(case.summary):
        raise Refused(_("Write what is wrong."), "summary")
    assist_pack.must_fit(files)
    number = engagement.assist_packs.count() + 1
    content = assist_pack.packed(engagement, number, case, files, at)
    engagement.lock()
    _must_be_open(engagement, at)
    if engagement.assist_packs.count() + 1 != number:
        raise Refused(_("Somebody else has just made a pack here: open the page again."))
    name = f"{assist_pack.name_of(engagement, number)}.zip"
    upload = SimpleUploadedFile(name, content, "application/zip")
    pack = AssistPack(
        engagement=engagement,
        enclosed=[file.pk for file in files],
        answers=answers,
        file=File.objects.take(
            upload, customer=engagement.customer, visibility=Visibility.INTERNAL, by=by, at=at
        ),
        sha256=hashlib.sha256(content).digest(),
        **asdict(case),
    )
    add(pack, by)
    tell(engagement, "assist.made", by=by, at=at, visibility=Visibility.INTERNAL, id=pack.pk, number=number)
    return pack


@verb
def send(pack: AssistPack, contact: Contact, *, text: str, by: Actor, at: datetime) -> AssistHandover:
    """Hand it over by mail: a reply on the ticket to this contact, with the way to the pack's page. Raises Refused."""
    engagement = pack.engagement
    engagement.lock()
    _must_be_of(contact, engagement)
    if not is_said(text):
        raise Refused(_("Write to the customer what this is."), "text")
    with translation.override(contact.locale):
        way = _("The pack is here; you sign in with a code that is mailed to you:")
    link = f"{settings.BASE_URL}{reverse('billing:own-assist-page', args=[engagement.reference])}"
    words = f"{text.strip()}\n\n{way}\n{link}"
    message = Message.reply(engagement.ticket, words, to=contact, by=by, at=instant(engagement, at))
    mail = Mail.objects.get(key=f"message:{message.pk}")
    return _handed(pack, contact, AssistHandover.Way.MAIL, text.strip(), mail, by=by, at=at)


@verb
def hand(
    pack: AssistPack, contact: Contact, *, way: str, words: str, by: Actor, at: datetime
) -> AssistHandover:
    """Write down that it was given otherwise than by mail, and how. From then on its page shows it. Raises Refused."""
    pack.engagement.lock()
    _must_be_of(contact, pack.engagement)
    if not is_said(words):
        raise Refused(_("Write down how it was handed over."), "words")
    return _handed(pack, contact, way, words.strip(), None, by=by, at=at)


@verb
def take(pack: AssistPack, contact: Contact, *, at: datetime) -> AssistTaking:
    """Somebody takes a pack from its page. The first time is written down, for each of them; later ones are not."""
    pack.engagement.lock()
    if taken := AssistTaking.objects.filter(pack=pack, contact=contact).first():
        return taken
    taken = AssistTaking(pack=pack, contact=contact)
    taken.save(force_insert=True)
    facts = {"id": taken.pk, "number": pack.number}
    tell(pack.engagement, "assist.taken", by=Actor.of(contact), at=at, **facts)
    return taken


def _handed(pack, contact, way, words, mail, *, by, at) -> AssistHandover:
    handed = AssistHandover(pack=pack, contact=contact, way=way, words=words, mail=mail)
    add(handed, by)
    tell(pack.engagement, "assist.handed", by=by, at=at, id=handed.pk, number=pack.number)
    return handed


def add(row, by: Actor) -> None:
    """A row that is only ever added, with what the database made of it."""
    row.actor = by
    row.save(force_insert=True)
    row.refresh_from_db()


def _must_be_open(engagement: Engagement, at: datetime) -> None:
    """In words, before the document is made; the guard asks again."""
    if not engagement.approvals.exists():
        raise Refused(
            _("The customer has not said yes to this work yet: nothing is put together before that.")
        )
    if engagement.state not in UNDONE:
        raise Refused(_("This engagement has ended: a further pack is work of a further one."))
    if not engagement.approvals.in_force(at).exists():
        raise Refused(_("No yes of the customer is in force: a pack is work, and needs one."))


def _must_be_of(contact: Contact, engagement: Engagement) -> None:
    if not contact.present or contact.customer_id != engagement.ticket.customer_id:
        raise Refused(_("A pack is handed to an active contact of the customer."), "contact")
