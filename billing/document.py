"""The document of an offer: rendered once, kept and shown as these very bytes."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing import gdap_roles, money, scope, wording
from billing.models import ContractRate, Engagement, Offer, StatementOfWork
from billing.money import Money
from billing.surcharges import Surcharges
from support.models import Contact
from support.refusal import Refused


@dataclass(frozen=True, slots=True)
class Terms:
    """What one offer says yes to: `cap` in billed minutes, `amount` the money it means at most."""

    engagement: Engagement
    number: int
    contact: Contact
    rate: ContractRate
    cap: int
    answer_by: datetime
    work_until: datetime
    statement: StatementOfWork | None = None
    replaces: int | None = None  # the number of the offer whose approval it replaces
    surcharges: Surcharges = field(default_factory=Surcharges)
    fixed_price: Decimal = Decimal(0)  # then nothing is by the hour, and the cap is 0
    fixed_for: str = ""

    @property
    def extra(self) -> Decimal:
        """What the surcharges come to at most."""
        return self.surcharges.at_most(self.cap)

    @property
    def minimum_charge(self) -> Decimal:
        """What the engagement comes to at least; a fixed price has none."""
        return Decimal(0) if self.fixed_price else self.rate.card.minimum_charge

    @property
    def amount(self) -> Decimal:
        hours = money.price(self.cap, self.rate.card.hourly_rate) + self.extra
        return max(hours, self.minimum_charge) + self.fixed_price

    def shown(self, amount: Decimal) -> str:
        return str(Money(amount, self.rate.card.currency))


def sentence(terms: Terms) -> str:
    """What the customer says yes to, word for word."""
    said = _sentence(terms)
    if terms.minimum_charge:
        said += " " + _("Once any of it was worked, the engagement comes to at least %(minimum)s.")
    return said % {
        "number": terms.number,
        "ticket": terms.engagement.ticket.number,
        "rate": terms.shown(terms.rate.card.hourly_rate),
        "cap": wording.span(terms.cap),
        "amount": terms.shown(terms.amount),
        "what": terms.fixed_for,
        "minimum": terms.shown(terms.minimum_charge),
        "customer": terms.engagement.customer.name,
    }


def _sentence(terms: Terms) -> str:
    if terms.fixed_price:
        return _(
            "I approve the work described in offer %(number)s on ticket %(ticket)s, at the fixed price of %(amount)s "
            "for %(what)s, charged once when it is delivered, on behalf of %(customer)s."
        )
    if terms.extra:
        return _(
            "I approve the work described in offer %(number)s on ticket %(ticket)s, at %(rate)s an hour and the "
            "surcharges that it names, up to %(cap)s and %(amount)s with all of them, on behalf of %(customer)s."
        )
    return _(
        "I approve the work described in offer %(number)s on ticket %(ticket)s, at %(rate)s an hour, "
        "up to %(cap)s and %(amount)s, on behalf of %(customer)s."
    )


def render(terms: Terms, *, sent_by: str, at: datetime) -> bytes:
    """An HTML fragment in the language and zone of the contact who is asked."""
    with translation.override(terms.contact.locale):
        return render_to_string("billing/_offer_document.html", _context(terms, sent_by, at)).encode()


def shown(offer: Offer) -> str:
    """The stored bytes, shown as they are: our own template wrote them, escaped, when the offer was sent."""
    document = bytes(offer.document)
    if hashlib.sha256(document).digest() != bytes(offer.sha256):
        raise Refused(_("This offer is not what was stored: do not answer it, and tell the desk."))
    return SafeString(document.decode())


def _context(terms: Terms, sent_by: str, at: datetime) -> dict:
    engagement, card, zone = terms.engagement, terms.rate.card, terms.contact.time_zone
    return {
        "engagement": engagement,
        "customer": engagement.customer,
        "number": terms.number,
        "replaces": terms.replaces,
        "statement": terms.statement,
        "statement_sha256": bytes(terms.statement.sha256).hex() if terms.statement else "",
        "sent_by": sent_by,
        "sent_at": wording.when(at, zone),
        "eligibility": _eligibility(engagement),
        "included": wording.lines(engagement.included),
        "excluded": wording.lines(engagement.excluded),
        "deliverables": wording.lines(engagement.deliverables),
        "rate": terms.shown(card.hourly_rate),
        "estimate": wording.span(engagement.estimate),
        "estimate_amount": terms.shown(money.price(engagement.estimate, card.hourly_rate)),
        "cap": wording.span(terms.cap),
        "amount": terms.shown(terms.amount),
        "rounding": rounding(card.increment, card.minimum),
        "fixed_for": terms.fixed_for,
        "minimum_charge": terms.shown(terms.minimum_charge) if terms.minimum_charge else "",
        "surcharges": terms.surcharges.said,
        "surcharges_amount": terms.shown(terms.extra),
        "terms": wording.lines(card.terms),
        "tax_rate": f"{terms.rate.tax_rate.normalize():f}" if terms.rate.tax_rate else "",
        "gdap_roles": [gdap_roles.named(role) for role in engagement.gdap_roles],
        "answer_by": wording.when(terms.answer_by, zone),
        "work_until": wording.when(terms.work_until, zone),
    }


def rounding(increment: int, minimum: int) -> str:
    """How time counts, as the customer reads it."""
    if increment == 1:
        counted = _("Every started minute counts")
    else:
        counted = _("Each entry is rounded up to the next %(count)d minutes") % {"count": increment}
    if not minimum:
        return counted
    least = ngettext("%(count)d minute", "%(count)d minutes", minimum) % {"count": minimum}
    return _("%(counted)s, at least %(least)s for a piece of work") % {"counted": counted, "least": least}


def _eligibility(engagement: Engagement) -> str:
    """The item of the service's list, in its words."""
    listed = [each.item for each in scope.items(engagement.contract)]
    return next((item.text for item in listed if item.code == engagement.decision.item), "")
