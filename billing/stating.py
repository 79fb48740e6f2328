"""Statements of work: written in versions, rendered once, read as HTML and PDF, and named by their hash in the offer."""

import hashlib
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from billing import wording
from billing.models import Engagement, StatementOfWork
from billing.models.engagements import UNDONE
from billing.rules import verb
from support import pdf
from support.actors import Actor
from support.naming import is_said
from support.refusal import Refused


@verb
def write(engagement: Engagement, *, text: str, by: Actor, at: datetime) -> StatementOfWork:
    """A further version. An offer that is undecided names the one before, and goes on as it was sent."""
    engagement.lock()
    if engagement.state not in UNDONE:
        raise Refused(_("%(reference)s has ended.") % {"reference": engagement.reference})
    if not is_said(text):
        raise Refused(_("Write what the work consists of."), "text")
    newest = engagement.statements.order_by("-version").first()
    text = text.replace("\r\n", "\n").strip()
    if newest and newest.text == text:
        raise Refused(_("Version %(n)d says this already.") % {"n": newest.version}, "text")
    version = newest.version + 1 if newest else 1
    document = _render(engagement, version, text, by, at)
    made = StatementOfWork(
        engagement=engagement, text=text, document=document, sha256=hashlib.sha256(document).digest()
    )
    made.actor = by
    made.save(force_insert=True)
    made.refresh_from_db()
    assert made.version == version, "the engagement is held, so the document's number is the guard's"
    return made


def newest(engagement: Engagement) -> StatementOfWork | None:
    return engagement.statements.order_by("-version").first()


def shown(statement: StatementOfWork) -> SafeString:
    """The stored bytes: a template of ours wrote them, and escaped what was typed."""
    return mark_safe(bytes(statement.document).decode())  # noqa: S308  see above


def as_pdf(statement: StatementOfWork) -> bytes:
    """The same words on paper, the same bytes each time. Raises pdf.NotPossible."""
    engagement = statement.engagement
    with translation.override(engagement.customer.locale):
        context = {
            "statement": statement,
            "engagement": engagement,
            "company": engagement.contract.legal_entity,
            "document": shown(statement),
            "sha256": bytes(statement.sha256).hex(),
            "dated": statement.written_at,
        }
        return pdf.render("billing/statement_paper.html", context)


def _render(engagement: Engagement, version: int, text: str, by: Actor, at: datetime) -> bytes:
    """An HTML fragment in the customer's language and zone."""
    customer = engagement.customer
    with translation.override(customer.locale):
        context = {
            "engagement": engagement,
            "customer": customer,
            "version": version,
            "text": text,
            "by": by.name,
            "at": wording.when(at, customer.time_zone),
        }
        return render_to_string("billing/_statement.html", context).encode()
