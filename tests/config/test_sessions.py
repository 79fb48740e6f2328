"""A session's row is read as Django reads it: until it expires, and by its own key alone."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from config.sessions import SessionStore

pytestmark = pytest.mark.django_db


def kept():
    store = SessionStore()
    store["said"] = "hello"
    store.save()
    return store.session_key


def test_what_was_kept_is_read_by_one_query(django_assert_num_queries):
    key = kept()
    with django_assert_num_queries(1):
        assert SessionStore(key)["said"] == "hello"


def test_one_that_has_expired_or_was_never_made_is_empty_and_gets_a_key_of_its_own():
    key = kept()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    for asked in (key, "x" * 32, None):
        store = SessionStore(asked)
        assert (store.get("said"), store.session_key) == (None, None)
