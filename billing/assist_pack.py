"""What a pack for a customer's own case with Microsoft holds: a document, the files that were chosen, and the hashes of all."""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from billing import assist_severity, wording
from billing.models import Engagement
from support import pdf
from support.clocks.terms import WaitReason
from support.desk import telling
from support.models import Event, File, Message, Ticket, Visibility
from support.portal.tickets import TOLD
from support.refusal import Refused

ENTRIES = 200  # of the timeline, the newest
FILES = 20
STORY = [kind for kind in TOLD if not kind.startswith(("offer.", "assist."))]
DOCUMENT = 2 * 1024 * 1024  # what is kept free for the document, the index and the ZIP's own lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What Microsoft asks whoever opens a case, in the desk's words. Severity as Microsoft codes it, or nothing."""

    summary: str
    product: str
    domains: str
    users_count: int
    reproduce: str
    steps_taken: str
    reached: str
    severity: str = ""
    subscription: str = ""
    users: str = ""
    errors: str = ""
    tools: str = ""
    with_messages: bool = True


def files_of(ticket: Ticket) -> QuerySet[File]:
    """What the customer reads on this ticket, the newest first: on messages for him, or attached for him."""
    seen = {"ticket": ticket, "visibility": Visibility.CUSTOMER}
    added = Event.objects.filter(kind="file.added", **seen).values_list("facts__ids", flat=True)
    on_messages = File.messages.through.objects.filter(message__in=Message.objects.filter(**seen))
    ids = [pk for some in added for pk in some]
    files = File.objects.filter(customer=ticket.customer_id, visibility=Visibility.CUSTOMER)
    return files.filter(Q(pk__in=ids) | Q(pk__in=on_messages.values("file"))).order_by("-added_at", "-pk")


def must_fit(files: Sequence[File]) -> None:
    """Refused where that is more than a pack takes."""
    most, size = settings.UPLOAD_MAX_BYTES - DOCUMENT, sum(file.size for file in files)
    if len(files) > FILES:
        raise Refused(
            _("A pack takes %(n)d files: leave some out, and put them into a second one.") % {"n": FILES},
            "files",
        )
    if size > most:
        said = {"size": filesizeformat(size), "most": filesizeformat(most)}
        raise Refused(
            _(
                "These files are %(size)s; a pack takes %(most)s. Leave some out, and put them into a second one."
            )
            % said,
            "files",
        )


def shown(engagement: Engagement, case: Case, files: Sequence[File], at: datetime) -> SafeString:
    """The document's words as HTML, in the customer's language and zone."""
    customer = engagement.customer
    with translation.override(customer.locale), timezone.override(ZoneInfo(customer.time_zone)):
        context = {
            "case": case,
            "severity": assist_severity.of(case.severity),
            "customer": customer,
            "engagement": engagement,
            "ticket": engagement.ticket,
            "zone": customer.time_zone,
            "files": files,
            **_story(engagement.ticket, case.with_messages, at),
        }
        return render_to_string("billing/_assist_document.html", context)


def packed(engagement: Engagement, number: int, case: Case, files: Sequence[File], at: datetime) -> bytes:
    """The ZIP. Refused where a stored file is gone, or is not what was stored."""
    held, stamp = io.BytesIO(), at.timetuple()[:6]
    parts = [_document(engagement, number, case, files, at)]
    parts += [(f"files/{place:02}-{file.name}", _bytes(file)) for place, file in enumerate(files, 1)]
    index = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in parts)
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [*parts, ("index.txt", index.encode())]:
            archive.writestr(zipfile.ZipInfo(name, stamp), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def name_of(engagement: Engagement, number: int) -> str:
    """Of the pack's files, without an ending."""
    return f"microsoft-case-{engagement.reference}-{number}"


def _document(engagement, number, case, files, at) -> tuple[str, bytes]:
    """As PDF; as HTML where this machine makes none."""
    customer = engagement.customer
    context = {
        "document": shown(engagement, case, files, at),
        "engagement": engagement,
        "number": number,
        "company": engagement.contract.legal_entity,
        "ticket": engagement.ticket,
        "made": wording.when(at, customer.time_zone),
        "dated": at,
    }
    with translation.override(customer.locale):
        name = name_of(engagement, number)
        if pdf.lacking():
            return f"{name}.html", render_to_string("billing/assist_paper.html", context).encode()
        return f"{name}.pdf", pdf.render("billing/assist_paper.html", context)


def _story(ticket: Ticket, with_messages: bool, now: datetime) -> dict:
    """What the customer reads on his own page, the oldest first; and whether something before it is left out.

    Without what was offered and approved, which is no business of Microsoft's.
    """
    waits = list(ticket.waits.all())
    ours = [wait.pk for wait in waits if wait.reason == WaitReason.APPROVAL]
    events = Event.objects.filter(ticket=ticket, kind__in=STORY, visibility=Visibility.CUSTOMER)
    newest = list(
        events.exclude(kind__startswith="wait.", facts__id__in=ours).order_by("-seq")[: ENTRIES + 1]
    )
    said = Message.objects.filter(visibility=Visibility.CUSTOMER)
    told, _earlier = telling.timeline(ticket, newest[:ENTRIES], waits, now, messages=said)
    days = [
        (day.title, [entry for entry in reversed(day.entries) if with_messages or not entry.message])
        for day in reversed(told)
    ]
    return {"days": [(title, entries) for title, entries in days if entries], "cut": len(newest) > ENTRIES}


def _bytes(file: File) -> bytes:
    try:
        with file.open() as stored:
            content = stored.read()
    except FileNotFoundError:
        content = b""
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise Refused(
            _("%(name)s is not what was stored: leave it out, and tell whoever runs this server.")
            % {"name": file.name},
            "files",
        )
    return content
