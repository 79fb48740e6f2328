"""The status page of an outage: its audience reads what was sent, and nobody else reads anything."""

import pytest
from django.urls import reverse

from escalations import outages
from tests.escalations.outage_cases import act, declare, hit_contract, send, skip
from tests.factories import TESTS, granted
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(cast, now):
    now("2026-10-14 09:00")
    cast.robin_contact.nominated_for_outages = True
    cast.robin_contact.by(TESTS).save()
    return hit_contract(cast.northwind)


@pytest.fixture
def outage(cast, now, contract):
    return declare(cast, now, contract)


def test_its_audience_reads_how_it_stands_and_nobody_else_does(client, cast, outage, now):
    act(outages.open_bridge, outage, cast, now, "2026-10-14 09:05", phone="+1 555 0100", code="4711#")
    send(outage, cast, now, "2026-10-14 09:30", expected_at=utc("2026-10-14 14:00"))
    skip(outage, cast, now, "2026-10-14 11:00", reason="Our own words.")
    url = reverse("escalations:own-outage", args=[outage.number])
    client.force_login(cast.robin)
    html = client.get(url).content.decode()
    for words in ["Mail is down", "Mailboxes cannot be opened.", "+1 555 0100", "4711#", "14:00", "13:30"]:
        assert words in html, words
    for hidden in ["Our own words", "Skipped", "Ana"]:
        assert hidden not in html, hidden
    assert "How it stands" in client.get(reverse("support:own-list")).content.decode()
    for stranger in (cast.kim, cast.ana):
        client.force_login(stranger)
        assert client.get(url).status_code in (403, 404)
    client.force_login(cast.kim)
    assert "How it stands" not in client.get(reverse("support:own-list")).content.decode()


def test_who_is_nominated_no_longer_or_never_was_reads_nothing(client, cast, contract, outage):
    url = reverse("escalations:own-outage", args=[outage.number])
    client.force_login(cast.robin)
    assert client.get(url).status_code == 200
    cast.robin_contact.nominated_for_outages = False
    cast.robin_contact.by(TESTS).save()
    assert client.get(url).status_code == 404


def test_a_partner_reads_it_by_its_grant_once_nominated(client, cast, outage):
    url = reverse("escalations:own-outage", args=[outage.number])
    client.force_login(cast.kim)
    granted(cast.kim_contact, cast.northwind)
    assert client.get(url).status_code == 404
    cast.kim_contact.nominated_for_outages = True
    cast.kim_contact.by(TESTS).save()
    assert client.get(url).status_code == 200


def test_once_it_is_told_as_resolved_it_leaves_the_list_and_keeps_its_page(client, cast, outage, now):
    act(outages.resolve, outage, cast, now, "2026-10-14 09:10")
    act(outages.validate, outage, cast, now, "2026-10-14 09:11")
    send(outage, cast, now, "2026-10-14 09:12", details="A switch was replaced.")
    client.force_login(cast.robin)
    assert "How it stands" not in client.get(reverse("support:own-list")).content.decode()
    html = client.get(reverse("escalations:own-outage", args=[outage.number])).content.decode()
    assert "Resolution notification" in html
    assert "You hear from us" not in html
