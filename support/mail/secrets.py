"""Secrets in mail: a stored text holds a placeholder, which becomes the secret only in the message that leaves."""

import re
from collections.abc import Callable

from support.models.mail import Mail

PLACE = re.compile(r"\{\{secret:([a-z-]+):([A-Za-z0-9_-]{8,64})\}\}")

# Answers the secret for a name, or None when this very mail may not carry it: a text is typed by people too.
Resolver = Callable[[Mail, str], str | None]
_resolvers: dict[str, Resolver] = {}


def register(kind: str, resolver: Resolver) -> None:
    """Called by the app that knows the secrets of this kind, when it is ready."""
    _resolvers[kind] = resolver


def placeholder(kind: str, name: str) -> str:
    """What stands in the stored text in the secret's place."""
    return f"{{{{secret:{kind}:{name}}}}}"


def reveal(mail: Mail) -> str:
    """The mail's text as it leaves; a placeholder that is not this mail's own stays as it is."""

    def secret(found: re.Match) -> str:
        resolver = _resolvers.get(found[1])
        return (resolver(mail, found[2]) if resolver else None) or found[0]

    return PLACE.sub(secret, mail.text)
