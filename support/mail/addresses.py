"""Reply addresses: `desk+sr-100482.k3j4…@desk.example` leads to one ticket, and nobody can make one for another."""

import base64
import re
from email.utils import parseaddr

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

FIGURES = 16  # of the signature, in base32: 80 bits


def reply_address(number: str) -> str:
    """Where answers to mail about a ticket go. Signed with the site's secret key; lower case, as some servers make it."""
    name, _at, domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")
    return f"{name}+{number.lower()}.{_signature(number)}@{domain}"


def ticket_number_in(address: str) -> str:
    """The number that a signed reply address is for; "" for any other address, and for one that was tampered with."""
    name, _at, domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower().rpartition("@")
    shape = rf"{re.escape(name)}\+(sr-[0-9]{{6,9}})\.([a-z2-7]{{{FIGURES}}})@{re.escape(domain)}"
    found = re.fullmatch(shape, address.strip().lower(), re.ASCII)
    if found is None or not constant_time_compare(found[2], _signature(found[1].upper())):
        return ""
    return found[1].upper()


def is_ours(address: str) -> bool:
    """The desk's own address, with whatever after the plus: mail from there is our own coming back."""
    name, _at, domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower().rpartition("@")
    local, _at, host = address.strip().lower().rpartition("@")
    return (local.partition("+")[0], host) == (name, domain)


def _signature(number: str) -> str:
    digest = salted_hmac("support.mail.addresses", number, algorithm="sha256").digest()
    return base64.b32encode(digest).decode().lower()[:FIGURES]
