"""The hour that comes twice as the clocks go back: on 25 October 2026 in London 01:00 to 02:00 is 00:00 UTC, and 01:00 again."""

import re
from datetime import date

import pytest

from escalations import outages, uptimes
from escalations.models import OnsiteRequest, VendorStep
from support.models import Contract
from tests.escalations.onsite_cases import authorise, onsite_ticket
from tests.escalations.outage_cases import act, declare, hit_contract, send
from tests.escalations.test_onsite_pages import ACCESS
from tests.escalations.vendor_cases import open_case, vendor_ticket
from tests.factories import TESTS
from tests.support.desk_cases import utc
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db
QUESTION = "this time came twice: choose which one it was"


@pytest.fixture(autouse=True)
def in_london(cast, now):
    now("2026-10-24 10:00")
    for who in (cast.ana, cast.northwind):
        who.time_zone = "Europe/London"
        who.by(TESTS).save()


def prefilled(html, name):
    """What the page would send of a field that nobody touched."""
    typed, *_others = re.findall(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', html)
    chosen = re.findall(rf'name="{name}_reading".*?<option value="(\w+)" selected>', html, re.DOTALL)
    return {name: typed, **({f"{name}_reading": chosen[0]} if chosen else {})}


@pytest.mark.parametrize(
    ("over", "kept", "down", "verdict"),
    [
        ("2026-10-25 01:20", "2026-10-25 01:20", 70, "not held"),
        ("2026-10-25 00:20", "2026-10-25 00:20", 10, "held"),
    ],
)
def test_an_outage_is_as_long_as_it_was(client, cast, now, over, kept, down, verdict):
    contract = hit_contract(cast.northwind, service="enghouse-premium")
    outage = declare(
        cast, now, contract, at="2026-10-25 00:12", priority="P1", began_at=utc("2026-10-25 00:10")
    )
    now(over)
    client.force_login(cast.ana)
    said = prefilled(client.get(outage.get_absolute_url()).text, "ended_at")
    assert said["ended_at"] == "2026-10-25T01:20"
    done = post(client, "escalations:outage-resolve", outage.number, **said, text="Switch replaced.")
    assert done.status_code == 302
    outage.refresh_from_db()
    assert outage.ended_at == utc(kept)
    act(outages.validate, outage, cast, now, "2026-10-25 01:25")
    send(outage, cast, now, "2026-10-25 01:26")
    at = now("2026-11-02 09:00")
    [row] = uptimes.of_month(Contract.objects.filter(pk=contract.pk), date(2026, 10, 1), at)
    assert (row.down, row.verdict) == (f"{down} min" if down < 60 else "1 h 10", verdict)


def test_a_time_that_does_not_say_which_it_is_is_asked_about_and_nothing_is_lost(client, cast, now):
    contract = hit_contract(cast.northwind, service="enghouse-premium")
    outage = declare(
        cast, now, contract, at="2026-10-25 00:52", priority="P1", began_at=utc("2026-10-25 00:50")
    )
    now("2026-10-25 01:20")
    client.force_login(cast.ana)
    said = {"ended_at": "2026-10-25T01:20", "text": "Switch replaced."}
    asked = post(client, "escalations:outage-resolve", outage.number, **said)
    assert (asked.status_code, QUESTION in asked.text, "Switch replaced." in asked.text) == (422, True, True)
    assert "01:20 GMT, after they went back" in asked.text
    told = post(client, "escalations:outage-resolve", outage.number, **said, ended_at_reading="second")
    assert told.status_code == 302


def test_a_vendor_came_when_he_came(client, cast, now):
    now("2026-10-25 00:10")
    ticket = vendor_ticket(at="2026-10-25 00:05", holder=cast.northwind)
    case = open_case(ticket, now, "2026-10-25 00:12")
    now("2026-10-25 01:40")
    client.force_login(cast.ana)
    said = prefilled(client.get(case.get_absolute_url()).text, "claimed_at")
    answer = post(client, "escalations:vendor-answer", ticket.number, 1, **said, how="phone", text="")
    assert answer.status_code == 302
    assert VendorStep.objects.get(kind="answered").claimed_at == utc("2026-10-25 01:40")


def test_of_a_site_it_is_asked_in_the_sites_own_time(client, cast, now):
    """New York's clocks go back a week later; the reader is in London."""
    now("2026-10-28 09:00")
    ticket = onsite_ticket(cast.northwind)
    contact = authorise(cast.robin_contact)
    client.force_login(cast.ana)
    said = {**ACCESS, "window_from": "2026-11-01T01:30", "window_until": "2026-11-01T05:00"}
    asked = post(client, "escalations:onsite-access", ticket.number, contact=contact.pk, **said)
    assert (asked.status_code, QUESTION in asked.text) == (422, True)
    assert "01:30 EDT, before the clocks went back" in asked.text
    said["window_from_reading"] = "first"
    asked = post(client, "escalations:onsite-access", ticket.number, contact=contact.pk, **said)
    assert asked.status_code == 302
    assert OnsiteRequest.objects.get().window_from == utc("2026-11-01 05:30")
