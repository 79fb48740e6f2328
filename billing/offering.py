"""Offers: written once as bytes, sent by a link to whoever may say yes, withdrawn or replaced while undecided."""

import hashlib
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from billing import document, letters, links, stating, surcharges
from billing.document import Terms
from billing.engaging import end_offer, settle
from billing.models import (
    ContractRate,
    Engagement,
    EngagementState,
    Invitation,
    Offer,
    OfferEnd,
    StatementOfWork,
)
from billing.models.engagements import UNDONE
from billing.rules import verb
from billing.telling import await_answer, await_no_longer, tell_of_offer
from support.actors import Actor
from support.mail.outbox import one_line
from support.models import Contact
from support.naming import is_said
from support.refusal import Refused

LONGEST = timedelta(days=731)  # from the offer to the end of the work


@verb
def send(
    engagement: Engagement,
    *,
    contact: Contact,
    cap: int,
    answer_by: datetime,
    work_until: datetime,
    replaces: Offer | None = None,
    statement: int | None = None,
    visits: int = 0,
    fixed_price: Decimal | None = None,
    fixed_for: str = "",
    by: Actor,
    at: datetime,
) -> Offer:
    """Offer the work to a contact: `cap` billed minutes and `visits` on site at most, at the contract's rate card. Or
    the newest statement of work at a `fixed_price`, with a cap of 0: it is charged once, `fixed_for` says for what.

    `statement` is the version of the statement of work that the sender has read, 0 where there was none: Refused when
    there is a newer one by now.

    An undecided offer of this engagement ends, replaced by this one. One that `replaces` an approved offer supersedes
    its approval when it is approved itself; otherwise a further approval adds to those in force. Raises Refused.
    """
    engagement.lock()
    rate = _rate(engagement)
    _check(engagement, contact, answer_by, work_until, at)
    newest = stating.newest(engagement)
    _must_have_been_read(newest, statement)
    _check_price(engagement, cap, visits, fixed_price, fixed_for)
    stating.must_be_there(engagement, rate.card, cap, replaces)
    for older in engagement.offers.undecided():
        older.engagement = engagement
        end_offer(older, OfferEnd.Why.REPLACED, by=by)
        tell_of_offer(older, "offer.withdrawn", by=by, at=at)
    number = engagement.offers.count() + 1
    terms = Terms(
        engagement,
        number,
        contact,
        rate,
        cap,
        answer_by,
        work_until,
        statement=newest,
        replaces=replaces.number if replaces else None,
        surcharges=surcharges.Surcharges() if fixed_price else surcharges.of_card(rate, visits),
        fixed_price=fixed_price or Decimal(0),
        fixed_for=one_line(fixed_for),
    )
    offer = _write(terms, replaces, by, at)
    invite(offer, contact, by=by, at=at)
    engagement.move(EngagementState.OFFERED, by=by, at=at)
    tell_of_offer(offer, "offer.sent", by=by, at=at)
    await_answer(offer, awaited=contact.name, by=by, at=at)
    return offer


@verb
def invite(offer: Offer, contact: Contact, *, by: Actor, at: datetime) -> Invitation:
    """Mail a contact a link of his own to the offer: the one who is asked, or one more who has to sign."""
    if contact.approves_up_to <= 0:
        raise Refused(
            _("%(name)s may not approve money; set the limit on the contact first.") % {"name": contact.name},
            "contact",
        )
    nonce = links.new_nonce()
    invitation = Invitation(
        offer=offer,
        contact=contact,
        nonce=nonce,
        token_sha256=links.digest(links.token_of(nonce)),
        mail=letters.ask(offer, contact, nonce, at=at),
    )
    invitation.actor = by
    invitation.save(force_insert=True)
    return invitation


@verb
def withdraw_offer(offer: Offer, *, reason: str, by: Actor, at: datetime) -> None:
    """We take an undecided offer back; whoever was asked is told."""
    if not is_said(reason):
        raise Refused(_("Write down why."), "reason")
    offer.engagement.lock()
    end_offer(offer, OfferEnd.Why.WITHDRAWN, reason=reason, by=by)
    tell_of_offer(offer, "offer.withdrawn", by=by, at=at)
    await_no_longer(offer.engagement, by=by, at=at)
    settle(offer.engagement, EngagementState.REQUESTED, by=by, at=at)
    letters.tell_of_withdrawal(offer, at=at)


def _write(terms: Terms, replaces: Offer | None, by: Actor, at: datetime) -> Offer:
    card = terms.rate.card
    written = document.render(terms, sent_by=by.name, at=at)
    offer = Offer(
        engagement=terms.engagement,
        replaces=replaces,
        statement=terms.statement,
        document=written,
        sha256=hashlib.sha256(written).digest(),
        sentence=document.sentence(terms),
        currency=card.currency,
        amount=terms.amount,
        cap=terms.cap,
        rate=card.hourly_rate,
        increment=card.increment,
        minimum=card.minimum,
        out_of_hours_rate=terms.surcharges.out_of_hours_rate,
        in_hours=terms.surcharges.in_hours,
        on_site_rate=terms.surcharges.on_site_rate,
        visit_price=terms.surcharges.visit_price,
        visits=terms.surcharges.visits,
        fixed_price=terms.fixed_price,
        fixed_for=terms.fixed_for,
        minimum_charge=terms.minimum_charge,
        tax_code=terms.rate.tax_code,
        tax_rate=terms.rate.tax_rate,
        account_code=card.account_code,
        answer_by=terms.answer_by,
        work_until=terms.work_until,
    )
    offer.actor = by
    offer.save(force_insert=True)
    assert offer.number == terms.number, "the engagement is held, so the document's number is the guard's"
    return offer


def _rate(engagement: Engagement) -> ContractRate:
    rate = (
        ContractRate.objects.filter(contract=engagement.contract_id)
        .select_related("card", "contract")
        .first()
    )
    contract = engagement.contract
    if rate is None:
        raise Refused(
            _("Contract %(number)s has no rate card: choose one first.") % {"number": contract.number}
        )
    if rate.card.currency != contract.currency:
        raise Refused(
            _("The rate card is in %(card)s, the contract in %(contract)s.")
            % {"card": rate.card.currency, "contract": contract.currency}
        )
    return rate


def _must_have_been_read(newest: StatementOfWork | None, version: int | None) -> None:
    if newest is not None and version is not None and newest.version != version:
        raise Refused(
            _("%(who)s wrote version %(n)d of the statement of work meanwhile: read it, then send the offer.")
            % {"who": newest.actor_name, "n": newest.version}
        )


def _check_price(
    engagement: Engagement, cap: int, visits: int, fixed_price: Decimal | None, fixed_for: str
) -> None:
    if not fixed_price:
        if cap <= 0:
            raise Refused(_("Say how many minutes may be billed at most."), "cap")
        return
    if cap or visits:
        raise Refused(_("A fixed price has no cap and no visits: leave them empty."), "fixed_price")
    if not is_said(fixed_for):
        raise Refused(_("Say what the fixed price is for."), "fixed_for")
    if stating.newest(engagement) is None:
        raise Refused(_("Write the statement of work first: a fixed price is for what it says."))


def _check(
    engagement: Engagement,
    contact: Contact,
    answer_by: datetime,
    work_until: datetime,
    at: datetime,
) -> None:
    if engagement.state not in UNDONE:
        raise Refused(_("%(reference)s has ended.") % {"reference": engagement.reference})
    if contact.customer_id != engagement.ticket.customer_id or not contact.present:
        raise Refused(_("Ask an active contact of %(name)s.") % {"name": engagement.customer}, "contact")
    if answer_by <= at:
        raise Refused(_("Leave time to answer."), "answer_by")
    if work_until - at > LONGEST:
        raise Refused(_("An approval lasts two years at most: ask again after that."), "work_until")
    if work_until < answer_by:
        raise Refused(_("The work may not end before the answer is due."), "work_until")
