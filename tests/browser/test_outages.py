"""An outage in Chromium: declared after a preview, told, resolved, validated, told as resolved; its audience reads it on a phone."""

import pytest
from playwright.sync_api import expect

from config.demo.clock import set_to
from escalations.models import Notice, Outage
from support.models import Mail
from tests.browser.desk import at
from tests.browser.walker import PHONE
from tests.factories import TESTS
from tests.support.desk_cases import contract_under, raise_ticket

pytestmark = pytest.mark.browser


def test_an_outage_from_its_declaration_to_the_resolution_notification(walker, desk):
    """One site for all of it; each page is read by axe-core in light and dark, the console stays empty."""
    kim = desk.cast.kim_contact
    kim.nominated_for_outages = True
    kim.by(TESTS).save()
    contract = contract_under("microsoft-o365-dedicated", holder=desk.cast.tailspin)
    set_to(at(9))
    ticket = raise_ticket(contract, at(9), priority="A", title="Mail is down", contact=kim)
    declared(walker, desk, ticket)
    what_the_customer_reads(walker, desk, "Mailboxes cannot be opened.", "4711#")
    ended(walker, desk)
    told_as_resolved(walker, desk)
    assert walker.complaints == []
    assert walker.violations == []


def declared(walker, desk, ticket):
    page = walker.sign_in(desk.cast.ana, at(9.1))
    page.goto(f"{walker.base}/outages/")
    walker.read(page, "no outage")
    walker.follow(page.get_by_role("link", name="Declare an outage"))
    walker.read(page, "what is down")
    walker.follow(page.get_by_role("link", name=ticket.contract.support_service.name, exact=True))
    page.get_by_label("In one line").fill("Mail is down")
    page.get_by_label("Began", exact=True).fill("2026-10-14T08:50")
    page.get_by_label("Details").fill("Mailboxes cannot be opened.")
    page.get_by_label("Impact").fill("Nobody reads mail.")
    page.get_by_label("Tickets").fill(ticket.number)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Who is told")).to_contain_text("Kim Other")
    expect(page.get_by_role("region", name="As they read it")).to_contain_text("Nobody reads mail.")
    walker.read(page, "an outage before it is declared")
    assert not Outage.objects.exists()
    page.get_by_label("Send the first notification at once").check()
    page.get_by_role("button", name="Declare the outage").dblclick()
    page.wait_for_url("**/outages/OUT-*/")
    assert Mail.objects.count() == 1
    page.get_by_text("A bridge call", exact=True).click()
    page.get_by_label("Phone number").fill("+1 555 0100")
    page.get_by_label("Participant code").fill("4711#")
    page.get_by_role("button", name="Name the call").click()
    expect(page.get_by_role("region", name="Bridge call")).to_contain_text("4711#")
    walker.read(page, "an outage that is open")


def what_the_customer_reads(walker, desk, *words):
    page = walker.sign_in(desk.cast.kim, at(9.5), size=PHONE, is_mobile=True, has_touch=True)
    page.goto(f"{walker.base}/my/tickets/")
    walker.read(page, "the customer's tickets while something is down, on a phone")
    walker.follow(page.get_by_role("link", name="How it stands"))
    for each in words:
        expect(page.get_by_text(each)).to_be_visible()
    walker.read(page, "the status page, on a phone")


def ended(walker, desk):
    page = walker.sign_in(desk.cast.ana, at(11.5))
    page.goto(f"{walker.base}/outages/")
    expect(page.get_by_text("since 11:06")).to_be_visible()  # two hours after the first one
    walker.follow(page.get_by_role("link", name="Mail is down"))
    walker.read(page, "an outage whose notice is late")
    page.get_by_text("It is over", exact=True).click()
    page.get_by_label("Over since").fill("2026-10-14T11:20")
    page.get_by_label("What ended it").fill("A switch was replaced.")
    page.get_by_role("button", name="Note that it is resolved").click()
    page.get_by_text("It was tried, and it works", exact=True).click()
    page.get_by_label("Who tried what, and it worked").fill("Kim opened her mailbox.")
    page.get_by_role("button", name="Validate the resolution").click()
    expect(page.get_by_text("The resolution notification is still to be sent.")).to_be_visible()
    walker.read(page, "an outage that is validated")
    walker.follow(page.get_by_role("link", name="Write a notice"))
    page.get_by_label("Details").fill("A switch was replaced, and mail flows.")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="As they read it")).to_contain_text(
        "Ended: Wed 14 Oct 2026, 11:20"
    )
    walker.read(page, "a notice before it is sent")
    page.get_by_role("button", name="Send it").dblclick()
    page.wait_for_url("**/outages/OUT-*/")
    expect(page.get_by_text("24 min late")).to_be_visible()
    walker.follow(page.get_by_role("link", name="1 recipient").first)
    walker.read(page, "who received a notice")
    assert list(Notice.objects.order_by("position").values_list("kind", flat=True)) == ["first", "resolution"]


def told_as_resolved(walker, desk):
    page = walker.sign_in(desk.cast.kim, at(11.6), size=PHONE, is_mobile=True, has_touch=True)
    page.goto(f"{walker.base}/my/outages/{Outage.objects.get().number}/")
    expect(page.get_by_text("A switch was replaced, and mail flows.")).to_be_visible()
    walker.read(page, "the status page of what is over, on a phone")
