"""A secret never stands in a stored mail, and only its own mail carries it (invariant 40)."""

import pytest
from django.core import mail as sent

from support.mail import outbox, secrets
from support.models import Mail
from tests.cases import NOON

pytestmark = pytest.mark.django_db
PLACE = secrets.placeholder("test-code", "abcdefgh")


@pytest.fixture
def resolver(monkeypatch):
    monkeypatch.setattr(secrets, "_resolvers", {})
    secrets.register("test-code", lambda mail, name: f"secret of {name}" if mail.key == "own" else None)


def sent_text(key, text):
    outbox.send(outbox.queue(key, to=["a@b.example"], subject="s", text=text, at=NOON).pk)
    return sent.outbox[-1].body


def test_the_secret_is_put_in_as_the_mail_leaves(resolver):
    assert sent_text("own", f"Your code: {PLACE}.") == "Your code: secret of abcdefgh."
    assert Mail.objects.get().text == f"Your code: {PLACE}."


def test_a_placeholder_that_somebody_typed_stays_one(resolver):
    assert sent_text("another", f"Please read {PLACE}") == f"Please read {PLACE}"
    assert sent_text("own", "{{secret:unknown:abcdefgh}}") == "{{secret:unknown:abcdefgh}}"
