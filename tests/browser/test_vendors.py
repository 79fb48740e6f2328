"""A case with Microsoft in Chromium: opened on a phone, its slack read, pressed after a miss, and what the customer sees."""

import pytest
from playwright.sync_api import expect

from config.demo.clock import set_to
from escalations.models import VendorCase, VendorEscalation
from support.desk import promising
from tests.browser.desk import at
from tests.browser.walker import PHONE
from tests.factories import TESTS
from tests.support.desk_cases import contract_under, raise_ticket

pytestmark = pytest.mark.browser


def test_a_microsoft_case_from_its_opening_to_the_escalation(walker, desk):
    """One site for all of it; each page is read by axe-core in light and dark, the console stays empty."""
    contract = contract_under("egroup-csp-advantage", holder=desk.cast.tailspin)
    set_to(at(9))
    ticket = raise_ticket(contract, at(9), priority="A", title="Mail is deferred")
    promising.promise(ticket, at(9.75), "", by=TESTS, at=at(9))
    opened_on_a_phone(walker, desk, ticket)
    pressed_after_a_miss(walker, desk, ticket)
    what_the_customer_sees(walker, desk, ticket)
    assert walker.complaints == []
    assert walker.violations == []


def opened_on_a_phone(walker, desk, ticket):
    page = walker.sign_in(desk.cast.ana, at(9.1), size=PHONE, is_mobile=True, has_touch=True)
    page.goto(f"{walker.base}{ticket.get_absolute_url()}")
    walker.follow(page.get_by_role("link", name="Open a case"))
    foreseen = page.get_by_role("region", name="If you save it now")
    expect(foreseen).to_contain_text("A Critical")
    walker.read(page, "a case before it is opened, on a phone")
    page.get_by_label("Microsoft", exact=True).check()
    page.get_by_label("Its number").fill("2610140040001234")
    page.get_by_label("Severity").select_option("A")
    page.get_by_label("Opened", exact=True).fill("2026-10-14T09:00")
    page.get_by_label("Read in the vendor’s portal").check()
    page.get_by_label("Contact at the vendor’s").fill("Jamie Doe")
    page.get_by_role("button", name="Record the case").dblclick()
    page.wait_for_url("**/vendor-cases/1/")
    expect(page.get_by_text("may take until")).to_have_count(2)  # both come after the promise
    expect(page.get_by_text("The vendor has missed no target of this case.")).to_be_visible()
    walker.read(page, "a case, on a phone")
    assert VendorCase.objects.count() == 1


def pressed_after_a_miss(walker, desk, ticket):
    page = walker.sign_in(desk.cast.ana, at(10.5))
    page.goto(f"{walker.base}/vendor-cases/")
    walker.read(page, "the list of cases")
    walker.follow(page.get_by_role("link", name="2610140040001234"))
    press = page.get_by_role("region", name="Escalate with the vendor")
    expect(press).to_contain_text("Not escalated with Microsoft in October 2026.")
    press.locator("summary").click()
    press.get_by_label("Why this one").fill("Six hundred messages are held.")
    walker.read(page, "a case that is late")
    press.get_by_role("button", name="Record the escalation").dblclick()
    expect(page.get_by_text("Escalated with Microsoft once in October 2026.")).to_be_visible()
    assert VendorEscalation.objects.get().reason == "Six hundred messages are held."
    page.goto(f"{walker.base}{ticket.get_absolute_url()}")
    panel = page.get_by_role("region", name="Vendor cases")
    expect(panel).to_contain_text("Whose the misses are")
    expect(panel).to_contain_text("Committed time")
    walker.read(page, "a ticket with a case")


def what_the_customer_sees(walker, desk, ticket):
    page = walker.sign_in(desk.cast.kim, at(10.6), size=PHONE, is_mobile=True, has_touch=True)
    page.goto(f"{walker.base}/my/tickets/{ticket.number}/")
    expect(page.get_by_role("region", name="Who else works on it")).to_contain_text("Microsoft")
    expect(page.get_by_text("Jamie Doe")).to_have_count(0)
    walker.read(page, "the customer’s own ticket, on a phone")
