"""The whole path as people walk it, in Chromium: a ticket, an offer, the yes on a phone, the time, the invoice, the review."""

import re

import pytest
from playwright.sync_api import expect

from billing.models import (
    Approval,
    Engagement,
    ExportBatch,
    Invoice,
    Offer,
    OfferCode,
    ScopeDecision,
    TimeEntry,
    Timer,
)
from support.models import Message, Ticket
from tests.browser import chromium
from tests.browser.desk import PASSWORD, at
from tests.browser.letters import delivered
from tests.browser.walker import PHONE

pytestmark = pytest.mark.browser
TITLE = "Calls from Leeds are cut off after a transfer"


def test_the_whole_path_from_the_ticket_to_the_review(walker, desk):
    """Each main button is clicked twice, each page is read by axe-core in light and dark, the console stays empty."""
    ana = sign_in(walker, desk)
    ticket = raise_ticket(walker, ana)
    engagement = request_engagement(walker, ana, ticket)
    send_offer(walker, ana, engagement)
    approve_on_the_phone(walker, engagement)
    work(walker, ana, engagement)
    invoice_the_month(walker, desk)
    read_the_review(walker, desk)
    assert [model for model in ACTED_ONCE if model.objects.count() != 1] == []
    assert walker.complaints == []
    assert walker.violations == []


ACTED_ONCE = [Ticket, ScopeDecision, Engagement, Offer, OfferCode, Approval, Invoice, ExportBatch]


def sign_in(walker, desk):
    page = walker.open()
    walker.at(page, at(8))
    page.goto(f"{walker.base}/")
    walker.read(page, "sign in")
    page.get_by_label("Email").fill(desk.cast.ana.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).dblclick()
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    expect(page.get_by_text("Nothing here", exact=True)).to_be_visible()
    walker.read(page, "empty queue")
    return page


def raise_ticket(walker, page) -> Ticket:
    walker.follow(page.get_by_role("main").get_by_role("link", name="Raise a ticket"))
    page.get_by_label("Customer").select_option(label="Northwind Traders")
    walker.read(page, "choose a customer")
    page.get_by_role("button", name="Go on").dblclick()
    expect(page.get_by_role("heading", name="Raise a ticket for Northwind Traders")).to_be_visible()
    expect(page.get_by_text("If you raise it now as C Minimum")).to_be_visible()
    page.get_by_label("Who reports it").select_option(label="Robin Sample")
    page.get_by_label("What is wrong?").fill(TITLE)
    page.get_by_label("What happens, exactly?").fill("A transfer to the hunt group ends the call.")
    walker.read(page, "raise a ticket")
    page.get_by_role("button", name="Raise the ticket").dblclick()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.locator("#clocks")).to_contain_text("4 h left")
    page.get_by_role("link", name="Why?").first.click()
    expect(page.get_by_role("region", name="Why it is due then")).to_be_visible()
    walker.read(page, "ticket")
    return Ticket.objects.get()


def request_engagement(walker, page, ticket) -> Engagement:
    walker.at(page, at(8.25))
    walker.follow(page.get_by_role("link", name="Decide the scope"))
    page.get_by_label("Out of scope", exact=True).check()
    page.get_by_label("Which item of the service's list is it?").select_option("advanced")
    page.get_by_label("Offer it as an Extended Support Engagement").check()
    page.get_by_label("Why?").fill("The plan covers faults, not new routing.")
    walker.read(page, "decide the scope")
    page.get_by_role("button", name="Decide", exact=True).dblclick()
    expect(page.get_by_role("heading", name="Request an engagement")).to_be_visible()
    page.get_by_label("Title").fill("Rebuild transfer routing for Leeds")
    page.get_by_label("Included", exact=True).fill("Call captures on four phones\nNew transfer routing")
    page.get_by_label("Not included").fill("New handsets")
    page.get_by_label("What they get").fill("Routing in operation\nA test plan")
    page.get_by_label("Estimate in minutes").fill("180")
    walker.read(page, "request an engagement")
    page.get_by_role("button", name="Request it").dblclick()
    expect(page.get_by_role("heading", name="Rebuild transfer routing for Leeds")).to_be_visible()
    expect(page.get_by_text("Nothing has been offered yet.")).to_be_visible()
    expect(page.get_by_role("button", name="Start timer")).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_text("There is no approval in force.")).to_be_visible()
    return Engagement.objects.get()


def send_offer(walker, page, engagement) -> None:
    walker.at(page, at(9))
    page.locator("summary", has_text="Send an offer").click()
    page.get_by_label("Who is asked").select_option(label="Robin Sample, up to 5000.00")
    page.get_by_label("Cap in billed minutes").fill("240")
    walker.read(page, "send an offer")
    page.get_by_role("button", name="Send an offer").dblclick()
    expect(page.get_by_text("Waiting for a yes, answer by")).to_be_visible()
    expect(page.get_by_text("The customer has not said yes yet.")).to_be_visible()
    walker.read(page, "offered")


def approve_on_the_phone(walker, engagement) -> None:
    page = walker.open(PHONE, is_mobile=True, has_touch=True)
    walker.at(page, at(10))
    page.goto(re.search(r"http\S+/offers/\S+/", delivered("Your answer is needed"))[0])
    expect(page.get_by_role("heading", name="Rebuild transfer routing for Leeds")).to_be_visible()
    expect(page.get_by_text("It would cost at most $1,000.00.")).to_be_visible()
    assert page.get_by_text("Call captures on four phones").bounding_box()["width"] > PHONE["width"] / 2
    walker.read(page, "the offer")
    page.get_by_role("button", name="Send me the code").dblclick()
    expect(page.get_by_text("We sent a code to r•••@customer.example")).to_be_visible()
    page.get_by_label("Code").fill(re.search(r"\b\d{6}\b", delivered("Your code"))[0])
    walker.read(page, "the code")
    page.get_by_role("button", name="Go on to sign").dblclick()
    page.get_by_label("Type your full name to sign").fill("Robin Sample")
    page.get_by_label("I have read what is included and what is not.").check()
    walker.read(page, "sign")
    page.get_by_role("button", name="Approve up to $1,000.00").dblclick()
    expect(page.get_by_role("heading", name="Approved in writing")).to_be_visible()
    expect(page.get_by_text("Robin Sample approved for Northwind Traders")).to_be_visible()
    walker.read(page, "the receipt")
    assert "Robin Sample" in delivered("Approved in writing")


def work(walker, page, engagement) -> None:
    """Fifty minutes by the timer, half an hour by hand; counted in steps of fifteen."""
    walker.at(page, at(11))
    page.reload()
    page.get_by_role("button", name="Start timer").dblclick()
    expect(page.get_by_text("Your timer runs since 11:00")).to_be_visible()
    assert Timer.objects.count() == 1
    walker.read(page, "timer runs")
    walker.at(page, at(11 + 50 / 60))
    page.get_by_role("region", name="Approval").get_by_label("What was done").fill("Captured calls")
    page.get_by_role("button", name="Stop timer").dblclick()
    expect(page.get_by_role("row", name="Captured calls")).to_contain_text("60")
    walker.at(page, at(13))
    page.locator("summary", has_text="Enter time by hand").click()
    page.get_by_label("From").fill("2026-10-14T12:00")
    page.get_by_label("To", exact=True).fill("2026-10-14T12:30")
    page.get_by_role("region", name="Time").get_by_label("What was done").fill("Test session with Robin")
    page.get_by_role("button", name="Enter time by hand").dblclick()
    expect(page.get_by_role("row", name="Test session with Robin")).to_contain_text("30")
    expect(page.get_by_role("region", name="Approval")).to_contain_text("1 h 30$375.00")
    walker.read(page, "engagement with time")
    assert [entry.billed_minutes for entry in TimeEntry.objects.order_by("started_at")] == [60, 30]


def invoice_the_month(walker, desk) -> None:
    page = walker.sign_in(desk.cast.fin, at(10, day=2, month=11))
    walker.follow(page.get_by_role("link", name="Invoices"))
    walker.read(page, "invoices")
    walker.follow(page.get_by_role("link", name="October 2026"))
    walker.read(page, "the month")
    page.get_by_role("button", name="Draft invoices").dblclick()
    expect(page.get_by_text("Drafted: 1.")).to_be_visible()
    walker.read(page, "the month drafted")
    page.get_by_role("button", name="Issue all drafts").dblclick()
    issued = page.get_by_role("table", name="Issued invoices").get_by_role("row", name="Northwind Traders")
    expect(issued).to_contain_text("$375.00")
    walker.read(page, "the month issued")
    page.get_by_role("button", name="Write the CSV for Generic").dblclick()
    walker.follow(page.get_by_role("link", name="Export 1, generic"))
    expect(page.get_by_text("They agree.")).to_be_visible()
    walker.read(page, "the export")
    with page.expect_download() as file:
        page.get_by_role("link", name="File 1").click()
    assert "375.00" in file.value.path().read_text()
    walker.follow(page.get_by_role("link", name="October 2026"))
    walker.follow(issued.get_by_role("link"))
    expect(page.get_by_role("row", name="Rebuild transfer routing for Leeds")).to_contain_text("90")
    walker.read(page, "the invoice")


def read_the_review(walker, desk) -> None:
    page = walker.sign_in(desk.cast.max, at(11, day=2, month=11))
    walker.follow(page.get_by_role("link", name="Reviews"))
    walker.read(page, "reviews")
    walker.follow(page.get_by_role("link", name="October 2026"))
    expect(page.get_by_role("heading", name="October 2026")).to_be_visible()
    expect(page.get_by_text("Service review for Northwind Traders")).to_be_visible()
    walker.read(page, "review")


def test_without_javascript_a_ticket_is_raised_and_answered_once(walker, desk):
    page = walker.sign_in(desk.cast.ana, at(8), java_script_enabled=False)
    page.goto(f"{walker.base}/tickets/new/?customer=northwind")
    page.get_by_label("What is wrong?").fill(TITLE)
    page.get_by_label("What happens, exactly?").fill("A transfer to the hunt group ends the call.")
    page.get_by_role("button", name="Raise the ticket").dblclick()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    page.get_by_label("Reply").fill("We are looking at it.")
    page.get_by_role("button", name="Send reply").dblclick()
    expect(page.get_by_text("We are looking at it.")).to_be_visible()
    assert Ticket.objects.count() == Message.objects.filter(kind="reply").count() == 1
    assert walker.complaints == []


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_without_chromium_it_is_skipped_but_in_ci_it_fails(monkeypatch, ci, outcome):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(chromium, "path", lambda: None)
    with pytest.raises(outcome, match=re.escape(chromium.MISSING)):
        chromium.need()
