"""What the desk does with mail that found no ticket by itself."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from support.actors import Actor
from support.mail import ingesting
from support.mail.reading import NotAMessage, Read, read
from support.models import Contact, Contract, Customer, InboundMail, InboundState, Ticket
from support.naming import is_said
from support.refusal import Refused

log = logging.getLogger("countersign.mail")


def readable(mail: InboundMail) -> Read | None:
    """The message as far as it can be read; None for one that cannot."""
    try:
        return read(bytes(mail.raw), largest=settings.UPLOAD_MAX_BYTES)
    except NotAMessage:
        return None
    except Exception:  # a parser's own mistake must not close the page on which somebody deals with it
        log.exception("Message %s cannot be shown.", mail.pk)
        return None


@transaction.atomic
def put_on(mail: InboundMail, ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Its words are the customer's on this ticket, as somebody of the desk says."""
    held, said = _held(mail)
    ingesting.join(held, said, ticket, _contact(ticket.customer, said), by=by, at=at)


@transaction.atomic
def raise_from(
    mail: InboundMail,
    customer: Customer,
    *,
    contract: Contract | None = None,
    by: Actor,
    at: datetime,
) -> Ticket:
    """A new ticket of this customer with its words."""
    held, said = _held(mail)
    return ingesting.begin(held, said, customer, _contact(customer, said), contract=contract, by=by, at=at)


@transaction.atomic
def set_aside(mail: InboundMail, *, reason: str, by: Actor, at: datetime) -> None:
    """Nothing comes of it: a bounce, an advertisement. It stays to be read."""
    if not is_said(reason):
        raise Refused(_("Write why nothing comes of it."), "reason")
    held = _stub(mail)
    held.state, held.why = InboundState.ASIDE, reason.strip()[:300]
    held.dealt_by, held.dealt_at = by.name, at
    held.save(update_fields=["state", "why", "dealt_by", "dealt_at"])


def _contact(customer: Customer, said: Read) -> Contact | None:
    return customer.contacts.filter(email__iexact=said.sender, active=True).first()


def _held(mail: InboundMail) -> tuple[InboundMail, Read]:
    held = _stub(mail)
    said = readable(held)
    if said is None:
        raise Refused(_("Nobody in particular wrote it: raise a ticket by hand, or set it aside."))
    return held, said


def _stub(mail: InboundMail) -> InboundMail:
    held = InboundMail.objects.select_for_update().get(pk=mail.pk)
    if held.state != InboundState.STUB:
        raise Refused(
            _("Somebody has dealt with it already: %(state)s.") % {"state": held.get_state_display().lower()}
        )
    return held
