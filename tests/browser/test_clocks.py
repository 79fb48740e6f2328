"""Clocks as people see them, in Chromium: why on a phone, what another priority would do, a queue that refreshes while one types."""

import pytest
from playwright.sync_api import expect

from support.models import CalendarVersion, Ticket, Wait
from tests.browser.desk import at
from tests.browser.walker import PHONE
from tests.factories import TESTS
from tests.support.desk_cases import contract_under, raise_ticket

pytestmark = pytest.mark.browser


def test_clocks_explain_themselves_and_the_queue_keeps_what_is_typed(walker, desk):
    """One site for all of it; each page is read by axe-core in light and dark, the console stays empty."""
    contract = contract_under("exponential-e-ucc", holder=desk.cast.tailspin)
    ticket = raise_ticket(contract, at(9), priority="Normal", title="One-way audio after a transfer")
    wait = Wait.begin(ticket, reason="customer", awaited="call logs", by=TESTS, at=at(10))
    wait.end(by=TESTS, at=at(12))
    why_on_a_phone(walker, desk, ticket)
    what_another_priority_would_do(walker, desk, ticket)
    a_calendar_before_it_is_saved(walker, desk)
    the_queue_while_typing(walker, desk, contract)
    assert walker.complaints == []
    assert walker.violations == []


def why_on_a_phone(walker, desk, ticket):
    page = walker.sign_in(desk.cast.ana, at(13), size=PHONE, is_mobile=True, has_touch=True)
    page.goto(f"{walker.base}{ticket.get_absolute_url()}")
    fix = page.locator("#clocks li, #clocks article, #clocks div").filter(has_text="Fix").last
    expect(fix).to_be_visible()
    page.goto(f"{walker.base}{ticket.get_absolute_url()}?why={ticket.clocks.get(kind='fix').key}")
    why = page.get_by_role("region", name="Why it is due then")
    expect(why).to_contain_text("48 business hours")
    expect(why).to_contain_text("call logs")
    table = why.get_by_role("table")
    assert table.bounding_box()["width"] <= PHONE["width"]
    counted = [row.inner_text() for row in table.locator("tbody tr td:last-child").all()]
    assert counted[-1].strip().startswith("48 h"), counted
    walker.read(page, "why, on a phone")


def what_another_priority_would_do(walker, desk, ticket):
    page = walker.sign_in(desk.cast.ana, at(13))
    page.goto(f"{walker.base}{ticket.get_absolute_url()}")
    page.locator("summary", has_text="Change priority").click()
    form = page.locator("details", has=page.locator("summary", has_text="Change priority"))
    form.get_by_role("radio", name="Critical").check()
    form.get_by_role("button").click()
    expect(page.get_by_role("columnheader", name="Due then")).to_be_visible()
    expect(page.get_by_role("row", name="Fix")).to_contain_text(
        "16:00"
    )  # 5 h from 09:00 UTC, 2 h waited, 17:00 in London
    walker.read(page, "what another priority would do")
    assert Ticket.objects.get(pk=ticket.pk).priority == "Normal"
    page.locator("form[data-busy] button.button-main").dblclick()
    page.wait_for_url(f"**{ticket.get_absolute_url()}")
    ticket.refresh_from_db()
    assert ticket.priority == "Critical"
    assert ticket.events.filter(kind="priority.assessed").count() == 1


def a_calendar_before_it_is_saved(walker, desk):
    page = walker.sign_in(desk.cast.max, at(13), size=PHONE, is_mobile=True, has_touch=True)
    page.goto(f"{walker.base}/calendars/uk-business/edit/")
    page.get_by_label("Friday", exact=True).fill("09:00-12:00, 13:00-15:00")
    page.get_by_label("What for").first.fill("Stocktaking")
    page.get_by_label("Closed on").first.fill("2026-10-21")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("Stocktaking").first).to_be_visible()
    expect(page.get_by_text("was 09:00–17:30").first).to_be_visible()
    expect(page.get_by_label("Friday", exact=True)).to_have_value("09:00-12:00, 13:00-15:00")
    walker.read(page, "calendar preview, on a phone")
    assert CalendarVersion.objects.filter(name="uk-business").count() == 1
    page.get_by_label("Friday", exact=True).fill("25:00-26:00")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_label("What for").first).to_have_value("Stocktaking")  # a mistake loses nothing
    walker.read(page, "calendar with a mistake, on a phone")
    provoked(walker, "422")


def the_queue_while_typing(walker, desk, contract):
    page = walker.sign_in(desk.cast.ana, at(13.5))
    page.clock.install()
    page.goto(f"{walker.base}/tickets/")
    walker.read(page, "queue")
    search = page.get_by_label("Search", exact=True)
    search.press_sequentially("one-way aud")
    raise_ticket(contract, at(13.25), priority="High", title="Second line is dead")
    page.clock.fast_forward(31_000)
    expect(page.get_by_role("link", name="Second line is dead")).to_be_visible()
    expect(search).to_have_value("one-way aud")
    expect(search).to_be_focused()
    expect(page.get_by_role("link", name="Due next")).to_contain_text("2")
    walker.read(page, "queue, refreshed")
    page.context.clear_cookies()
    page.clock.fast_forward(31_000)
    expect(page.locator("[data-live-failed]")).to_be_visible()
    expect(search).to_have_value("one-way aud")
    provoked(walker, "403")


def provoked(walker, status):
    """The console tells of every answer that is no success: this one was meant."""
    walker.complaints[:] = [each for each in walker.complaints if status not in each]
