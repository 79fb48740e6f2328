"""A manager's morning in Chromium: he clicks each number and finds as many rows; then a visit is asked for and let in."""

import pytest
from playwright.sync_api import expect

from config.demo.clock import set_to
from escalations import managing, vendors
from escalations.models import OnsiteRequest
from support import jobs
from tests.attacks import run
from tests.browser.desk import at
from tests.browser.walker import DESKTOP, PHONE
from tests.escalations.ladder_cases import escalate
from tests.escalations.onsite_cases import EQUIPMENT, onsite_ticket
from tests.escalations.outage_cases import declare, hit_contract
from tests.escalations.vendor_cases import NUMBER
from tests.factories import ANA, TESTS
from tests.support.desk_cases import contract_under, raise_ticket

pytestmark = pytest.mark.browser


def clock(instant):
    set_to(instant)
    return instant


@pytest.fixture
def night(desk):
    """One of each, at least: by noon all of it has been let slip."""
    voice = raise_ticket(contract_under("exponential-e-ucc"), clock(at(8)), priority="High")
    escalate(voice, clock, "2026-10-14 09:00")
    cloud = raise_ticket(contract_under("egroup-csp-advantage"), clock(at(9)), priority="A")
    managing.of_severity(cloud, "executives", at=clock(at(9.1)))
    said = {"party": "microsoft", "number": NUMBER, "severity": "A", "opened_how": "portal"}
    vendors.open_case(cloud, **said, opened_at=at(9.2), by=ANA, at=clock(at(9.2)))
    raise_ticket(contract_under("enghouse-standard"), clock(at(8.5)), priority="P1")
    contract = hit_contract()
    for hour in (9, 11.5):  # one notice is overdue by noon, one is due at half past twelve
        declare(desk.cast, clock, contract, at=f"2026-10-14 {hour // 1:02.0f}:{hour % 1 * 60:02.0f}")
    run(
        "UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s",
        jobs.defer("support.send_mail", mail=1),
    )


def test_each_number_of_the_morning_leads_to_as_many_rows(walker, desk, night):
    for size, options in [(DESKTOP, {}), (PHONE, {"is_mobile": True, "has_touch": True})]:
        page = walker.sign_in(desk.cast.max, at(12), size=size, **options)
        page.goto(f"{walker.base}/morning/")
        expect(page.get_by_role("heading", name="Wednesday 14 October")).to_be_visible()
        walker.read(page, f"morning, {size['width']} wide")
        tiles = page.get_by_role("navigation", name="What needs you").get_by_role("link")
        expect(tiles).to_have_count(12)
        numbers = [int(text) for text in tiles.locator("strong").all_inner_texts()]
        assert sum(number > 0 for number in numbers) == 9
        for place, number in enumerate(numbers):
            if not number:
                continue
            walker.follow(tiles.nth(place))
            rows = page.locator("#result_list tbody tr" if "/admin/" in page.url else "main tbody tr")
            expect(rows).to_have_count(number)
            if "/admin/" not in page.url:
                walker.read(page, f"list {place} of the morning, {size['width']} wide")
            page.go_back()
    assert walker.complaints == []
    assert walker.violations == []


def test_a_carrier_is_announced_by_the_customer_and_let_in(walker, desk):
    contact = desk.cast.kim_contact
    contact.asks_onsite = True
    contact.by(TESTS, clock(at(8))).save()
    ticket = onsite_ticket(desk.cast.tailspin)
    announced(walker, desk, ticket)
    let_in(walker, desk, ticket)
    assert OnsiteRequest.objects.get().state == "arrived"
    assert walker.complaints == []
    assert walker.violations == []


def announced(walker, desk, ticket):
    page = walker.sign_in(desk.cast.kim, at(9), size=PHONE, is_mobile=True, has_touch=True)
    page.goto(f"{walker.base}/my/tickets/{ticket.number}/")
    walker.follow(page.get_by_role("link", name="Onsite assistance"))
    walker.read(page, "own onsite page, on a phone")
    page.locator("summary", has_text="Ask for site access").click()
    page.get_by_label("Vendor or carrier who comes").fill("Fibre Works")
    page.get_by_label("Who comes", exact=True).fill("Jamie Doe, passport 991234567")
    page.locator("#access_equipment").fill(EQUIPMENT)
    page.get_by_label("The site’s time zone").select_option("America/New_York")
    page.get_by_label("Earliest arrival").fill("2026-10-14T06:00")
    page.get_by_label("End of the window").fill("2026-10-14T12:00")
    page.get_by_role("button", name="Ask for site access").click()
    expect(page.get_by_text("looks like the number of a document").first).to_be_visible()
    walker.read(page, "own onsite page with a refusal, on a phone")
    assert [said for said in walker.complaints if "422" not in said] == []
    walker.complaints.clear()  # the answer that was just asked for
    page.get_by_label("Who comes", exact=True).fill("Jamie Doe")
    page.get_by_role("button", name="Ask for site access").dblclick()
    expect(page.get_by_role("region", name="1. Site access")).to_contain_text("Fibre Works")
    walker.read(page, "own request, on a phone")


def let_in(walker, desk, ticket):
    page = walker.sign_in(desk.cast.ana, at(9.5))
    page.goto(f"{walker.base}/onsite/")
    walker.read(page, "the list of onsite assistance")
    walker.follow(page.get_by_role("link", name=ticket.number))
    request = page.get_by_role("region", name="1. Site access")
    request.locator("summary", has_text="Approve it").click()
    request.get_by_role("button", name="Approve it").dblclick()
    expect(request).to_contain_text("Approved")
    walker.at(page, at(11))
    page.reload()
    request.locator("summary", has_text="They arrived").click()
    request.get_by_label("Jamie Doe showed").select_option("passport")
    request.get_by_label("Jamie Doe, checked by").fill("Sasha Guard")
    request.get_by_label("Arrived", exact=True).fill("2026-10-14T06:40")
    walker.read(page, "a request at the desk")
    request.get_by_role("button", name="They arrived").dblclick()
    expect(request).to_contain_text("Checked by Sasha Guard.")
