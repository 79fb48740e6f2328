"""The customer reads on his own pages which access is awaited, from whom, and what he does."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from billing import engaging, gdap
from support.actors import Actor
from support.models import File, Visibility
from tests.billing.gdap_cases import EXCHANGE, READER, kept
from tests.billing.page_cases import engagement_for

pytestmark = pytest.mark.django_db
HEADING = "Access to your Microsoft tenant"


@pytest.fixture
def engagement(cast):
    return engagement_for(cast, gdap_roles=(EXCHANGE, READER))


def seen(cast, engagement, status, **fields):
    now, by = timezone.now(), Actor.of(cast.max)
    upload = SimpleUploadedFile("seen.png", b"picture")
    customer = engagement.ticket.customer
    evidence = File.objects.take(upload, customer=customer, visibility=Visibility.INTERNAL, by=by, at=now)
    gdap.confirm(customer, status=status, reason="Seen.", evidence=evidence, by=by, at=now, **fields)


def pages(client, cast, engagement):
    client.force_login(cast.robin)
    own = reverse("support:own-page", args=[engagement.ticket.number])
    at = [own, reverse("billing:own-engagement-page", args=[engagement.reference])]
    return [client.get(address).text for address in at]


def test_before_anything_was_read_both_pages_say_what_is_awaited_from_us(client, cast, engagement):
    for page in pages(client, cast, engagement):
        for words in (HEADING, "Awaited from us", "We prepare a request", "Exchange Administrator"):
            assert words in page


def test_while_his_own_administrator_has_to_approve_it_names_him_and_the_link(client, cast, engagement):
    row = kept(customer=cast.northwind, status="approvalPending", assigned=False, ends_at=None)
    seen(cast, engagement, "approvalPending")
    for page in pages(client, cast, engagement):
        assert f"Awaited from {cast.northwind.name}" in page
        assert row.invitation in page


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("activating", "Awaited from Microsoft"),
        ("active", "You have approved access"),
        ("terminated", "We prepare a request"),
    ],
)
def test_each_state_says_whose_turn_it_is(client, cast, engagement, status, words):
    seen(cast, engagement, status)
    for page in pages(client, cast, engagement):
        assert words in page
        assert ("Our deadlines stand still until then." in page) is (status == "activating")
        assert "partners/invitation" not in page


def test_once_it_lets_work_start_nothing_is_awaited(client, cast, engagement):
    ends = timezone.now() + timedelta(days=30)
    seen(cast, engagement, "active", assigned=True, ends_at=ends, roles=[EXCHANGE, READER])
    for page in pages(client, cast, engagement):
        assert HEADING not in page


def test_nor_where_the_work_has_ended(client, cast, engagement):
    engaging.withdraw(engagement, reason="x", by=Actor.of(cast.ana), at=timezone.now())
    for page in pages(client, cast, engagement):
        assert HEADING not in page


def test_nor_where_the_work_needs_none(client, cast):
    for page in pages(client, cast, engagement_for(cast)):
        assert HEADING not in page
