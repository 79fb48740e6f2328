"""Finding tickets by what somebody has in hand: a number, words, a company, a phone number, a mail domain."""

import re
from collections.abc import Iterator

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, QuerySet

from support.models import Contact, Customer, Message, Ticket, User

LOOKED_AT = 1000  # of the tickets and messages that hold the words, the newest
FEWEST, TAIL = (
    6,
    8,
)  # figures that tell a phone number from others; the last ones say it, however its country is written
SHOWN = 5  # contacts beside the tickets


def number_in(words: str) -> str:
    """ "482", "100482", "sr100482" and "SR-100482" may be a ticket's number; "" for what is none."""
    figures = words.upper().removeprefix("SR").removeprefix("-")
    return f"SR-{figures:0>6}" if re.fullmatch(r"[0-9]{1,8}", figures, re.ASCII) else ""


def search(tickets: QuerySet, words: str) -> QuerySet:
    """Those of the tickets that the words lead to. Each way has its own index, so that none reads all tickets."""
    first, *others = _ways(words)
    return tickets.filter(pk__in=first.union(*others, all=True))


def _ways(words: str) -> Iterator[QuerySet]:
    """Keys of tickets, the newest of each way."""
    query = SearchQuery(_sober(words), config="simple", search_type="websearch")
    tickets = Ticket.objects.order_by("-pk").values_list("pk")
    yield tickets.filter(words=query)[:LOOKED_AT]
    yield Message.objects.filter(words=query).order_by("-pk").values_list("ticket")[:LOOKED_AT]
    yield tickets.filter(customer__in=Customer.objects.filter(name__icontains=words))[:LOOKED_AT]
    if number := number_in(words):
        yield tickets.filter(number=number)
    contacts = contacts_by(words)
    if contacts is not None:
        yield tickets.filter(raised_by__in=contacts)[:LOOKED_AT]
        yield tickets.filter(customer__in=contacts.values("customer"))[:LOOKED_AT]


def _sober(words: str) -> str:
    """Without what makes an endless question of a few letters: a row of minus signs, more words than anybody means."""
    kept = [word for word in re.sub(r"-+", "-", words).split() if word != "-"]
    return " ".join(kept[:20])


def callers(user: User, words: str) -> list[Contact]:
    """The first contacts whose phone number, address or domain was typed, where this person sees their company."""
    contacts = contacts_by(words)
    if contacts is None:
        return []
    seen = Customer.objects.visible_to(user).filter(pk=OuterRef("customer"))
    return list(
        contacts.filter(Exists(seen), active=True).select_related("customer").order_by("name", "pk")[:SHOWN]
    )


def contacts_by(words: str) -> QuerySet | None:
    """Contacts with this phone number, address or mail domain; None for words that are none of these."""
    if phone := phone_in(words):
        return Contact.objects.by_phone(phone)
    if re.fullmatch(r"[^@\s]+@[^@\s]+", words):
        return Contact.objects.filter(email__iexact=words)
    if re.fullmatch(r"@?[a-z0-9-]+(\.[a-z0-9-]+)+", words, re.IGNORECASE | re.ASCII):
        return Contact.objects.of_domain(words.removeprefix("@"))
    return None


def phone_in(words: str) -> str:
    """The last figures of what reads as a phone number: "+44 20 7946-0123" is "79460123"; "" for what is none."""
    if not re.fullmatch(r"\+?[0-9 ()./-]+", words, re.ASCII):
        return ""
    figures = re.sub(r"[^0-9]", "", words)
    return figures[-TAIL:] if len(figures) >= FEWEST else ""
