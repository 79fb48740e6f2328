"""Going up a ladder in Chromium: the customer raises it, both sides read why not yet, a manager overrides; the pages above."""

import pytest
from playwright.sync_api import expect

from config.demo.clock import set_to
from escalations.models import Escalation
from tests.browser.desk import at
from tests.browser.walker import PHONE
from tests.escalations.ladder_contacts import duty
from tests.escalations.level_cases import a_ticket, at_engineering
from tests.support.desk_cases import contract_under, raise_ticket

pytestmark = pytest.mark.browser
WHY = "Level 2 not before 13:00, because level 1 began at 09:00."


@pytest.fixture
def ticket(desk):
    set_to(at(8))
    duty(1)
    contract = contract_under("exponential-e-ucc", holder=desk.cast.northwind)
    return raise_ticket(
        contract,
        at(8),
        title="Crackling on every call",
        priority="High",
        product=contract.lines.get().product,
    )


def test_too_early_is_said_on_both_sides_with_the_instant_and_the_reason(walker, desk, ticket):
    robin = raise_as_the_customer(walker, desk, ticket)
    ana = accept_and_take(walker, desk, ticket)
    read_why_not_yet(walker, robin, ana, ticket)
    override(walker, desk, ticket)
    assert [(row.level, row.override_reason) for row in Escalation.objects.order_by("position")] == [
        (1, ""),
        (2, "Their board is on the phone."),
    ]
    assert walker.complaints == []
    assert walker.violations == []


def raise_as_the_customer(walker, desk, ticket):
    page = walker.sign_in(desk.cast.robin, at(9), size=PHONE, is_mobile=True, has_touch=True)
    page.goto(f"{walker.base}/my/tickets/{ticket.number}/")
    panel = page.get_by_role("region", name="Escalation")
    panel.locator("summary", has_text="Raise level 1").click()
    panel.get_by_label("The ticket is not progressing").check()
    panel.get_by_label("In your words").fill("Nobody has told us what comes next.")
    walker.read(page, "own ticket")
    panel.get_by_role("button", name="Raise level 1").dblclick()
    expect(page.get_by_text("It is raised, and whoever answers is told.")).to_be_visible()
    expect(panel).to_contain_text("Level 1 of 4")
    expect(panel).to_contain_text("Service Desk answers.")
    return page


def accept_and_take(walker, desk, ticket):
    page = walker.sign_in(desk.cast.ana, at(9.25))
    walker.follow(page.get_by_role("link", name="Escalations"))
    walker.read(page, "escalations")
    walker.follow(page.get_by_role("link", name=ticket.number))
    panel = page.get_by_role("region", name="Escalation")
    expect(panel).to_contain_text("Duty 1, +44 20 7946 0000")
    panel.get_by_role("button", name="Acknowledge").dblclick()
    expect(panel).to_contain_text("acknowledged by Ana 09:15")
    walker.read(page, "ticket with its ladder")
    return page


def read_why_not_yet(walker, robin, ana, ticket):
    for page, where in [(robin, "own ticket, too early"), (ana, "ticket, too early")]:
        walker.at(page, at(10))
        page.reload()
        panel = page.get_by_role("region", name="Escalation")
        expect(panel.get_by_role("button", name="Raise level 2")).to_have_attribute("aria-disabled", "true")
        expect(panel.get_by_text(WHY).first).to_be_visible()
        walker.read(page, where)
    assert Escalation.objects.count() == 1


def override(walker, desk, ticket):
    page = walker.sign_in(desk.cast.max, at(10))
    page.goto(f"{walker.base}{ticket.get_absolute_url()}")
    panel = page.get_by_role("region", name="Escalation")
    panel.locator("summary", has_text="Raise level 2 before its time").click()
    panel.get_by_label("The ticket is not progressing").check()
    panel.get_by_label("In your words").fill("Asked again.")
    panel.get_by_label("Why before its time").fill("Their board is on the phone.")
    panel.get_by_role("button", name="Raise level 2", exact=True).last.dblclick()
    expect(panel).to_contain_text("Level 2 of 4")
    walker.read(page, "ticket of a manager")


def test_the_pages_above_are_read_strictly(walker, desk):
    set_to(at(8))
    ticket = a_ticket(priority="P1")
    at_engineering(ticket, set_to, at="2026-10-14 08:30")
    page = walker.sign_in(desk.cast.max, at(9))
    for path, heading in [
        ("/management/", "At management"),
        ("/engineering/", "Engineering review"),
        (f"/tickets/{ticket.number}/level/", "Support level"),
    ]:
        page.goto(f"{walker.base}{path}")
        expect(page.get_by_role("heading", name=heading, exact=True, level=1)).to_be_visible()
        walker.read(page, heading)
    page.goto(f"{walker.base}{ticket.get_absolute_url()}")
    panel = page.get_by_role("region", name="Support level")
    panel.locator("summary", has_text="Say who drives it").click()
    panel.get_by_label("Who drives it").select_option(label="Max")
    panel.get_by_role("button", name="Say who drives it").dblclick()
    expect(panel).to_contain_text("Max drives it.")
    walker.read(page, "ticket at management")
    assert walker.complaints == []
    assert walker.violations == []
