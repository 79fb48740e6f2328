"""Where a request came from, as seen behind the proxies that we trust."""

from ipaddress import ip_address

from django.conf import settings


def address_of(request) -> str | None:
    """The client's address. Of X-Forwarded-For only what our own proxies wrote is believed: counted from the right."""
    found = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        said = [
            part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()
        ]
        if len(said) >= settings.TRUSTED_PROXIES:
            found = said[-settings.TRUSTED_PROXIES]
    return _plain(found)


def _plain(found: str) -> str | None:
    """Without the port that some proxies write; an IPv4 address in the clothes of IPv6 is itself."""
    if found.startswith("["):
        found = found[1:].partition("]")[0]
    elif found.count(":") == 1:
        found = found.partition(":")[0]
    try:
        address = ip_address(found)
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)
