"""Statements of work: written in versions, rendered once, read as HTML and PDF, and named by their hash in the offer."""

import hashlib
import re
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _

from billing import wording
from billing.models import Engagement, Offer, RateCard, StatementOfWork
from billing.models.engagements import UNDONE
from billing.rules import ask, verb
from support import pdf, saying
from support.actors import Actor
from support.naming import is_said
from support.refusal import Refused, Stale

LINES = 2000
TAG = re.compile(r"(<[^>]*>)")
LONG = re.compile(r"(?:&#?\w+;|[^ \t\r\n&]){32}(?=[^ \t\r\n])")  # of written HTML: a sign may be an entity


@verb
def write(
    engagement: Engagement, *, text: str, base: int | None = None, by: Actor, at: datetime
) -> StatementOfWork:
    """A further version. An offer that is undecided names the one before, and goes on as it was sent.

    `base` is the version that its writer had before him, 0 for none; Stale where somebody has written another since.
    """
    engagement.lock()
    if engagement.state not in UNDONE:
        raise Refused(_("%(reference)s has ended.") % {"reference": engagement.reference})
    if not is_said(text):
        raise Refused(_("Write what the work consists of."), "text")
    newest = engagement.statements.order_by("-version").first()
    text = normalize_newlines(text).strip()
    if text.count("\n") + 1 >= LINES:
        raise Refused(_("Write it in fewer than %(n)d lines.") % {"n": LINES}, "text")
    if newest and newest.text == text:
        raise Refused(_("Version %(n)d says this already.") % {"n": newest.version}, "text")
    if newest and base not in (None, newest.version):
        raise Stale(
            _(
                "%(who)s has written version %(n)d since you opened this page: read it, then write yours upon it."
            )
            % {"who": newest.actor_name, "n": newest.version}
        )
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


def above(engagement: Engagement) -> str:
    """Above which size the rate card asks for one, in words; nothing where it never does."""
    rate = getattr(engagement.contract, "rate", None)
    if rate is None or rate.card.statement_above is None:
        return ""
    return saying.duration(rate.card.statement_above)


def must_be_there(engagement: Engagement, card: RateCard, cap: int, replaces: Offer | None) -> None:
    """Before an offer of `cap` minutes: Refused where the card asks for a statement of work, and there is none. The guard asks again."""
    above = card.statement_above
    if above is None or newest(engagement) is not None:
        return
    [asked] = ask("SELECT work_asked_for(%s, %s, %s)", engagement.pk, cap, replaces and replaces.pk)
    if (size := max(engagement.estimate, asked)) > above:
        raise Refused(
            _(
                "Work of %(size)s needs a statement of work, as any above %(above)s: write it before it is offered."
            )
            % {"size": saying.duration(size), "above": saying.duration(above)}
        )


def shown(statement: StatementOfWork) -> SafeString:
    """The stored bytes: a template of ours wrote them, and escaped what was typed."""
    return mark_safe(bytes(statement.document).decode())  # noqa: S308  see above


def printed(statement: StatementOfWork) -> SafeString:
    """Likewise, for paper: long words may break. Every line of one that may not costs as much as all that follows it."""
    parts = TAG.split(shown(statement))
    broken = (part if place % 2 else LONG.sub("\\g<0>\u200b", part) for place, part in enumerate(parts))
    return mark_safe("".join(broken))  # noqa: S308  as above


def as_pdf(statement: StatementOfWork) -> bytes:
    """The same words on paper, the same bytes each time. Raises pdf.NotPossible."""
    engagement = statement.engagement
    with translation.override(engagement.customer.locale):
        context = {
            "statement": statement,
            "engagement": engagement,
            "company": engagement.contract.legal_entity,
            "document": printed(statement),
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
