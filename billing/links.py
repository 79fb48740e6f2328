"""The links and codes that prove who answers: made of a stored nonce and the site's secret, themselves stored nowhere."""

import hashlib
import secrets
from base64 import urlsafe_b64encode

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from billing.models import Invitation, OfferCode
from support.models import Mail

LINK, CODE = "offer-link", "offer-code"  # kinds of placeholders in mail


def new_nonce() -> str:
    return secrets.token_urlsafe(24)


def token_of(nonce: str) -> str:
    """256 bits that only this site can make of the nonce."""
    made = salted_hmac("billing.offer-link", f"offer:{nonce}", algorithm="sha256").digest()
    return urlsafe_b64encode(made).decode().rstrip("=")


def digest(token: str) -> bytes:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).digest()


def path(token: str) -> str:
    """Of the page that shows the offer, `billing:offer-answer`."""
    return f"/offers/{token}/"


def find(token: str) -> Invitation | None:
    """The invitation that this link belongs to."""
    found = Invitation.objects.filter(token_sha256=digest(token))
    return found.select_related("contact", "offer__engagement__ticket__customer").first()


def figures_of(nonce: str) -> str:
    """The six figures of a code."""
    made = salted_hmac("billing.offer-code", f"code:{nonce}", algorithm="sha256").digest()
    return f"{int.from_bytes(made[:8]) % 1_000_000:06}"


def is_right(code: OfferCode, figures: str) -> bool:
    typed = "".join(letter for letter in figures if not letter.isspace())
    return constant_time_compare(figures_of(code.nonce), typed)


def link_in(mail: Mail, nonce: str) -> str | None:
    """The link for the mail of its own invitation, and for no other."""
    own = Invitation.objects.filter(nonce=nonce, mail=mail).exists()
    return f"{settings.BASE_URL}{path(token_of(nonce))}" if own else None


def figures_in(mail: Mail, nonce: str) -> str | None:
    """The figures for the mail that the code was made for, and for no other."""
    return figures_of(nonce) if OfferCode.objects.filter(nonce=nonce, mail=mail).exists() else None
