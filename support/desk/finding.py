"""Finding tickets by what somebody has in hand: a number, words, a company, a phone number, a mail domain."""

import re

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet

from support.models import Contact, Customer, Message, User
from support.models.words import plain

LOOKED_AT = 1000  # of the tickets and messages that hold the words, the newest
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
    contacts, companies = contacts_by(words), Customer.objects.filter(name__icontains=words)
    companies = companies.order_by("-pk").values_list("pk")[:NAMED]
    leads = _among("pk", _holding(tickets, words))
    if number := number_in(words):
        leads |= Q(number=number)
    if contacts is not None:
        newest = contacts.order_by("-pk")
        leads |= _among("raised_by", newest.values_list("pk")[:NAMED])
        companies = companies.union(newest.values_list("customer")[:NAMED], all=True)
    return tickets.filter(leads | _among("customer", companies))


def _holding(tickets: QuerySet, words: str) -> QuerySet:
    """Keys of those with the words in them or in a message, the newest of each."""
    query = SearchQuery(_sober(words), config="simple", search_type="websearch")
    held = tickets.filter(words=query).order_by("-pk").values_list("pk")
    said = Message.objects.filter(words=query, ticket__in=tickets).order_by("-pk").values_list("ticket")
    return held[:LOOKED_AT].union(said[:LOOKED_AT], all=True)


def _among(column: str, keys: QuerySet) -> Q:
    """As an array, whose index can be read together with others; a subquery of IN would be joined, each for itself."""
    one_of = {"template": "%(expressions)s)", "arg_joiner": " = ANY (", "output_field": BooleanField()}
    return Q(Func(F(column), ArraySubquery(keys), **one_of))


def _sober(words: str) -> str:
    """Without what makes an endless question of a few letters: a row of minus signs, more words than anybody means."""
    kept = [word for word in re.sub(r"-+", "-", plain(words)).split() if word != "-"]
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
