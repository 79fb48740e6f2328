"""Reads the environment: typed, with `.env` beside manage.py filling what is unset, and one sentence for what is missing."""

import contextlib
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.checks.security import base
from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

ROOT = Path(__file__).resolve().parent.parent

env = environ.Env()
if (ROOT / ".env").exists():
    environ.Env.read_env(ROOT / ".env")

POSTGRESQL = ("postgresql://", "postgres://", "psql://", "pgsql://")
YES, NO = env.BOOLEAN_TRUE_STRINGS, ("false", "off", "n", "no", "0", "")


def switch(name: str) -> bool:
    """A variable that says yes or no; unset it says no. Raises ImproperlyConfigured for any other word."""
    word = env.str(name, default="").strip().lower()
    if word not in (*YES, *NO):
        raise ImproperlyConfigured(f"{name} is neither yes nor no: set it to on or off.")
    return word in YES


def whole_number(name: str, default: int) -> int:
    """A variable that is a whole number, 0 or more. Raises ImproperlyConfigured for anything else."""
    text = env.str(name, default=str(default)).strip()
    if not (text.isascii() and text.isdecimal()):
        raise ImproperlyConfigured(f"{name} is no whole number: write figures alone, like {default}.")
    return int(text)


PRODUCTION = switch("COUNTERSIGN_PRODUCTION")
VAR = Path(env.str("COUNTERSIGN_VAR", default=str(ROOT / "var"))).absolute()


def required(name: str, what: str, otherwise):
    """The text of a variable that production cannot do without; outside production, `otherwise`.

    Raises ImproperlyConfigured with the sentence that says which variable is missing and what it is.
    """
    text = env.str(name, default="")
    if text:
        return text
    if PRODUCTION:
        raise ImproperlyConfigured(f"Production does not start without {name}: set it to {what}.")
    return otherwise() if callable(otherwise) else otherwise


def hosts(name: str, otherwise: str) -> list[str]:
    """Host names with commas between. Raises ImproperlyConfigured where none is named, and in production for every host."""
    text = required(name, "the host names it answers to, with commas", otherwise)
    found = [host.strip() for host in text.split(",") if host.strip()]
    if not found:
        raise ImproperlyConfigured(f"{name} names no host: write those it answers to, with commas.")
    if PRODUCTION and "*" in found:
        raise ImproperlyConfigured(f"{name} names the hosts one by one in production: * would be anybody's.")
    return found


def base_url(name: str, allowed: list[str], otherwise: str) -> str:
    """What links begin with, without a slash at its end. Raises ImproperlyConfigured in production for one that is not https,
    and for a host that is not `allowed`: whoever followed the link would be refused."""
    url = required(name, "the address that links in mails begin with", otherwise).rstrip("/")
    if PRODUCTION and urlsplit(url).scheme != "https":
        raise ImproperlyConfigured(f"{name} begins with https:// in production.")
    if PRODUCTION and not validate_host(urlsplit(url).hostname or "", allowed):
        raise ImproperlyConfigured(
            f"{name} is of a host that COUNTERSIGN_ALLOWED_HOSTS does not name: its links would be refused."
        )
    return url


def smtp(name: str) -> dict:
    """Django's settings for a mail server. Raises ImproperlyConfigured for any other address, without repeating it."""
    try:
        return env.email_url(name)
    except Exception as error:  # the library's parser raises whatever it stumbled over
        raise ImproperlyConfigured(
            f"{name} is no mail server's address: write smtp+tls://user:password@mail.example:587."
        ) from error


def database(name: str) -> dict:
    """Django's settings for the address of a PostgreSQL; nothing where the variable is unset.

    Raises ImproperlyConfigured for any other address. It never repeats the address: there is a password in it.
    """
    if not (address := env.str(name, default="")):
        return {}
    said: dict = {}
    with contextlib.suppress(ValueError):  # a port that is no figure, or a sign in the password not escaped
        said = env.db_url_config(address) if address.lower().startswith(POSTGRESQL) else {}
    if said.get("NAME"):
        return said
    raise ImproperlyConfigured(
        f"{name} is no PostgreSQL address: write it as postgresql://user:password@host:5432/database."
    )


def all_or_none(**names: str) -> dict[str, str]:
    """The texts of variables that only make sense together; nothing where none is set.

    Raises ImproperlyConfigured with the sentence that says which are missing.
    """
    texts = {key: env.str(name, default="").strip() for key, name in names.items()}
    missing = [names[key] for key, text in texts.items() if not text]
    if missing and len(missing) < len(names):
        raise ImproperlyConfigured(
            f"Half of a configuration: {', '.join(names.values())} belong together, and {', '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} not set."
        )
    return {} if missing else texts


def is_weak(secret: str) -> bool:
    """As Django's security.W009 judges a key: short, of few letters, or one that it made for a new project."""
    return (
        len(secret) < base.SECRET_KEY_MIN_LENGTH
        or len(set(secret)) < base.SECRET_KEY_MIN_UNIQUE_CHARACTERS
        or secret.startswith(base.SECRET_KEY_INSECURE_PREFIX)
    )


def is_guid(text: str) -> bool:
    """As Microsoft writes a tenant's id."""
    return re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text) is not None


@contextlib.contextmanager
def writing_in_var() -> Iterator[None]:
    """Around what makes files in VAR: where that cannot be, ImproperlyConfigured says so in a sentence."""
    try:
        yield
    except OSError as error:
        raise ImproperlyConfigured(
            f"COUNTERSIGN_VAR cannot be used: {error.filename}: {error.strerror}."
        ) from error


@writing_in_var()
def made_secret(name: str) -> str:
    """A secret of this checkout's own, made at first use and kept in var/ for its owner alone."""
    file = VAR / name
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_name(f"{name}.{secrets.token_hex(4)}")
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(50))
        with contextlib.suppress(
            FileExistsError
        ):  # another process was first: then its secret is everybody's
            file.hardlink_to(new)
        new.unlink()
    return file.read_text()
