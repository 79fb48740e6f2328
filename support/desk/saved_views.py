"""Views of the queue that somebody keeps under a name: the filters as the address spells them, and nothing else."""

from functools import cache

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField
from django.http import QueryDict
from django.utils.translation import gettext as _

from support.models import SavedView, User
from support.prepared import Given, Prepared
from support.refusal import Refused

KEPT = ("view", "q", "service", "owner", "state")
MOST = 12  # beside the eight that everybody has


def of(user: User) -> list[SavedView]:
    """His own, by name."""
    return [SavedView(pk, user.pk, *said) for pk, *said in _of().rows(user=user.pk)]


@cache
def _of() -> Prepared:
    return Prepared(
        SavedView.objects.filter(user=Given("user", BigIntegerField())).values_list("pk", "name", "query")
    )


def canonical(asked: QueryDict) -> str:
    """The part of an address that makes a view, always spelled the same: "view=mine&service=enghouse-premium"."""
    kept = QueryDict(mutable=True)
    for name in KEPT:
        value = asked.get(name, "").strip()
        if value and (name, value) not in (("view", "due"), ("state", "open")):
            kept[name] = value
    return kept.urlencode()


def keep(user: User, name: str, asked: QueryDict) -> SavedView:
    """Keep what was asked under a name; a view of this name takes the new filters. Raises Refused."""
    query = canonical(asked)
    if not query:
        raise Refused(_("Choose a view or a filter first: this is the queue as everybody has it."))
    if len(query) > SavedView._meta.get_field("query").max_length:
        raise Refused(_("These words are too long to keep: shorten the search."))
    if not user.saved_views.filter(name=name).exists() and user.saved_views.count() >= MOST:
        raise Refused(_("You keep %(most)d views already: remove one first.") % {"most": MOST}, "name")
    try:
        with transaction.atomic():
            view, _made = SavedView.objects.update_or_create(user=user, name=name, defaults={"query": query})
    except IntegrityError:
        raise Refused(_("This name was taken at the same moment: send it again."), "name") from None
    return view
