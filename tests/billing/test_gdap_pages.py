"""The managers' pages of GDAP: every relationship, the work that waits for one, and the way to the next."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from billing import gdap_shown, gdap_words
from billing.models import GdapReading
from tests.billing.billing_cases import requested
from tests.billing.gdap_cases import EXCHANGE, READER, TENANT, kept
from tests.billing.page_cases import engagement_for
from tests.cases import NOON
from tests.support.page_cases import post

LIST = "/gdap/"


@pytest.fixture
def max(client, cast, time_machine):
    time_machine.move_to(NOON, tick=False)
    client.force_login(cast.max)
    return client


def test_a_manager_sees_every_relationship_with_what_it_needs(max, cast):
    row = kept(customer=cast.northwind, ends_at=NOON.replace(day=20))
    kept(2, status="approvalPending", assigned=False, pending_since=NOON, ends_at=None, tenant_id=TENANT)
    over = kept(3, status="terminated", display_name="Long over")
    page = max.get(LIST).text
    assert "6 days left" in page
    assert "Northwind support 1" in page
    assert "no customer has this tenant id" in page
    assert over.display_name not in page
    assert over.display_name in max.get(LIST, {"state": "all"}).text
    assert reverse("billing:gdap-page", args=[row.pk]) in page


def test_the_page_of_one_has_the_customers_link_and_the_day_it_lapses(max):
    row = kept(status="approvalPending", assigned=False, pending_since=NOON, ends_at=None, tenant_id=TENANT)
    page = max.get(reverse("billing:gdap-page", args=[row.pk])).text
    assert f"partners/invitation/granularAdminRelationships/{row.relationship_id}" in page
    assert "Tue 12 Jan 2027" in page
    assert f"tenant id {TENANT}" in page
    assert "Terminate relationship" not in page


def test_an_active_one_says_how_to_end_it_and_who_needs_it(max, cast):
    engagement = engagement_for(cast, gdap_roles=(EXCHANGE,))
    row = kept(customer=cast.northwind)
    page = max.get(reverse("billing:gdap-page", args=[row.pk])).text
    assert "Terminate relationship" in page
    assert "Open work needs it." in page
    assert engagement.reference in page


def test_work_that_waits_for_gdap_is_listed_with_its_reason(max, cast):
    engagement = engagement_for(cast, gdap_roles=(EXCHANGE, READER))
    requested(engagement.contract)
    page = max.get(LIST).text
    assert page.count("/engagements/ENG-") == 1
    assert engagement.reference in page
    assert "Nobody has read or confirmed" in page


def test_only_managers_see_it(client, cast):
    row = kept()
    for person, status in [(cast.ana, 403), (cast.fin, 403), (cast.robin, 404)]:
        client.force_login(person)
        for address in [LIST, reverse("billing:gdap-page", args=[row.pk])]:
            assert client.get(address).status_code == status
    client.force_login(cast.max)
    assert client.get(reverse("billing:gdap-page", args=[row.pk + 1])).status_code == 404
    assert client.post(LIST).status_code == 405


def test_the_list_costs_the_same_however_long(max, cast, django_assert_max_num_queries):
    for n in range(1, 9):
        kept(n, customer=cast.northwind)
    contract = engagement_for(cast, gdap_roles=(EXCHANGE,)).contract
    for _ in range(3):
        requested(contract, gdap_roles=(EXCHANGE,))
    max.get(LIST)
    with django_assert_max_num_queries(11):
        max.get(LIST)


def test_the_page_of_one_says_how_long_it_lasts(max):
    rows = [kept(), kept(2, duration="P1D"), kept(3, duration="P2Y")]
    for row, words in zip(rows, ["730 days", "1 day", "P2Y"], strict=True):
        assert (
            f"<dt>Duration</dt><dd>{words}</dd>" in max.get(reverse("billing:gdap-page", args=[row.pk])).text
        )


def test_what_was_confirmed_by_hand_is_listed_until_something_is_read(max, cast, monkeypatch):
    engagement = engagement_for(cast, gdap_roles=(EXCHANGE,))
    ends = (NOON + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M")
    said = {"status": "active", "assigned": "on", "roles": [EXCHANGE], "ends_at": ends, "reason": "Seen."}
    said["evidence"] = SimpleUploadedFile("seen.png", b"picture")
    assert post(max, "billing:gdap-confirm", engagement.reference, **said).status_code == 302
    page = max.get(LIST).text
    for words in ("Confirmed by hand", f"as {cast.max.name} saw it", "ends "):
        assert words in page
    assert gdap_shown.by_hand(NOON + timedelta(days=30)) == []
    assert [row.badge for row in gdap_shown.by_hand(NOON)] == ["good"]
    monkeypatch.setattr(gdap_words, "GOOD_FOR", timedelta(days=-365))  # it was read long ago
    assert [row.badge for row in gdap_shown.by_hand(NOON)] == ["warn"]
    read = {"status": "active", "source": "graph", "actor_kind": "system", "actor_name": "Sync"}
    GdapReading.objects.create(customer=cast.northwind, **read)
    assert "Confirmed by hand" not in max.get(LIST).text
