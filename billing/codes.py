"""The six figures that go to the address on file: made on request, a few at a time, entered within fifteen minutes."""

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db import transaction
from django.utils.translation import gettext as _

from billing import letters, links
from billing.models import Invitation, OfferCode
from billing.rules import SENTENCES, ask, verb
from support.refusal import Refused, refusing

TRIES = 5
GOOD_FOR = timedelta(minutes=15)
HOUR = timedelta(hours=1)
AN_HOUR_PER_LINK, AN_HOUR_PER_NETWORK = 5, 20


@verb
def send_code(
    invitation: Invitation, *, address: str = "", opened_at: datetime | None = None, at: datetime
) -> OfferCode:
    """Mail a new code; older ones of this link are worthless from then on. Refused when too many were asked for."""
    offer, contact, network = invitation.offer, invitation.contact, network_of(address)
    [stands] = ask("SELECT hold_offer(%s)", offer.pk)
    [now] = ask("SELECT countersign_now() FROM pg_advisory_xact_lock(hashtext(%s))", f"codes of {network}")
    if stands != "undecided" or now >= offer.answer_by:
        raise Refused(_("This offer can no longer be answered."))
    if not contact.may_answer:
        raise Refused(_("You no longer answer for %(name)s.") % {"name": contact.customer})
    recent = OfferCode.objects.filter(made_at__gt=now - HOUR)
    if recent.filter(invitation=invitation).count() >= AN_HOUR_PER_LINK:
        raise Refused(_("Several codes were asked for in the last hour: look into your mail, or try later."))
    if network and recent.filter(network=network).count() >= AN_HOUR_PER_NETWORK:
        raise Refused(_("Too many codes were asked for from your network: try again in an hour."))
    nonce = links.new_nonce()
    code = OfferCode(
        invitation=invitation,
        nonce=nonce,
        mail=letters.send_code(offer, contact, nonce, at=at),
        network=network,
        opened_at=opened_at,
    )
    code.save(force_insert=True)
    return code


def prove(invitation: Invitation, figures: str) -> OfferCode:
    """The newest code of this link, when these are its figures. Refused otherwise, and the try counts.

    In a transaction of its own, committed before it answers: never call it inside another one (Django says so), where
    the refusal would undo the count and with it the limit of five.
    """
    with refusing(SENTENCES), transaction.atomic(durable=True):
        sentence = _tried(invitation, figures)
    if isinstance(sentence, OfferCode):
        return sentence
    raise Refused(sentence, "code")


def _tried(invitation: Invitation, figures: str) -> OfferCode | str:
    codes = OfferCode.objects.filter(invitation=invitation)
    code = codes.select_for_update(no_key=True).order_by("-id").first()
    if code is None:
        return _("Ask for a code first.")
    [now] = ask("SELECT countersign_now()")
    if now >= (code.made_at + GOOD_FOR if code.proved_at is None else code.proved_at + HOUR):
        return _("This code is too old: ask for another one.")
    if code.tries >= TRIES:
        return _("This code was tried too often: ask for another one.")
    right = links.is_right(code, figures)
    if not (right and code.proved_at):
        code.tries += 1
        code.proved_at = code.proved_at or (now if right else None)
        code.save(update_fields=["tries", "proved_at"])
    if right:
        return code
    left = TRIES - code.tries
    return _("That is not the code that we sent. Tries left: %(left)d.") % {"left": left}


def is_live(invitation: Invitation) -> bool:
    """Whether a code of this link can still be entered."""
    code = invitation.codes.order_by("-id").first()
    [now] = ask("SELECT countersign_now()")
    return code is not None and code.tries < TRIES and now < code.made_at + GOOD_FOR


def network_of(address: str) -> str:
    """The network that a limit is for: 24 bits of IPv4, 64 of IPv6; empty for no address."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network(f"{found}/{24 if found.version == 4 else 64}", strict=False))
