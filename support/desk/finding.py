"""Finding tickets by what somebody has in hand: a number, words, a company, a phone number, a mail domain."""

import re
from functools import cache

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField

from support.models import Contact, Customer, Message, Ticket, User
from support.models.words import plain
from support.prepared import Given, Keys, Prepared, is_among

LOOKED_AT = 300  # of the tickets and messages that hold the words, the newest: six pages
NAMED = 200  # of the companies and contacts that the words name, the newest
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
    """Those of the tickets that the words lead to. Each way has its own index; one reading of what all of them name is the rest."""
    holding = _holding(tickets) if tickets.query.has_filters() else _holding_anywhere()
    leads = Q(is_among("pk", Keys(holding, words=_sober(words))))
    leads |= Q(is_among("customer", Keys(_companies(), words=words)))
    if number := number_in(words):
        leads |= Q(number=number)
    if told := _contact_told(words):
        way, value = told
        for column, key in (("raised_by", "pk"), ("customer", "customer")):
            leads |= Q(is_among(column, Keys(_contacts(way, key), told=value)))
    return tickets.filter(leads)


def _holding(tickets: QuerySet) -> Prepared:
    """Keys of those with the words in them or in a message, the newest of each."""
    query = SearchQuery(Given("words", TextField()), config="simple", search_type="websearch")
    held = tickets.filter(words=query).order_by("-pk").values_list("pk")
    said = Message.objects.filter(words=query).order_by("-pk").values_list("ticket")
    if tickets.query.has_filters():
        said = said.filter(ticket__in=tickets)
    return Prepared(held[:LOOKED_AT].union(said[:LOOKED_AT], all=True))


@cache
def _holding_anywhere() -> Prepared:
    return _holding(Ticket.objects.all())


@cache
def _companies() -> Prepared:
    named = Customer.objects.filter(name__icontains=Given("words", TextField()))
    return Prepared(named.order_by("-pk").values_list("pk")[:NAMED])


@cache
def _contacts(way: str, key: str) -> Prepared:
    found = WAYS[way](Given("told", TextField()))
    return Prepared(found.order_by("-pk").values_list(key)[:NAMED])


def _sober(words: str) -> str:
    """Without what makes an endless question of a few letters: a row of minus signs, more words than anybody means."""
    kept = [word for word in re.sub(r"-+", "-", plain(words)).split() if word != "-"]
    return " ".join(kept[:20])


def callers(user: User, words: str) -> list[Contact]:
    """The first contacts whose phone number, address or domain was typed, where this person sees their company."""
    told = _contact_told(words)
    if told is None:
        return []
    way, value = told
    seen = Customer.objects.visible_to(user).filter(pk=OuterRef("customer"))
    found = WAYS[way](value).filter(Exists(seen), active=True)
    return list(found.select_related("customer").order_by("name", "pk")[:SHOWN])


WAYS = {
    "phone": Contact.objects.by_phone,
    "email": lambda email: Contact.objects.filter(email__iexact=email),
    "domain": Contact.objects.of_domain,
}


def _contact_told(words: str) -> tuple[str, str] | None:
    """Which of WAYS a phone number, an address or a mail domain leads, and what it is asked; None for words that are none of these."""
    if phone := phone_in(words):
        return "phone", phone[::-1]
    if re.fullmatch(r"[^@\s]+@[^@\s]+", words):
        return "email", words
    if re.fullmatch(r"@?[a-z0-9-]+(\.[a-z0-9-]+)+", words, re.IGNORECASE | re.ASCII):
        return "domain", words.removeprefix("@").lower()
    return None


def phone_in(words: str) -> str:
    """The last figures of what reads as a phone number: "+44 20 7946-0123" is "79460123"; "" for what is none."""
    if not re.fullmatch(r"\+?[0-9 ()./-]+", words, re.ASCII):
        return ""
    figures = re.sub(r"[^0-9]", "", words)
    return figures[-TAIL:] if len(figures) >= FEWEST else ""
