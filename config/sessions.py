"""Sessions as rows, as Django keeps them; each page reads its own by a query whose SQL is written once."""

from functools import cache
from typing import Any

from django.contrib.sessions.backends import db
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from support.prepared import Given, Prepared


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        """What is kept under the key; empty, and the key forgotten, where it has expired or is unknown."""
        found = _kept().rows(key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
            return {}
        return self.decode(found[0][0])


@cache
def _kept() -> Prepared:
    asked = {"session_key": Given("key", CharField()), "expire_date__gt": Given("now", DateTimeField())}
    return Prepared(SessionStore.get_model_class().objects.filter(**asked).values_list("session_data"))
