"""Answers as customers give them, and as a mail scanner cannot: decline, a change order, an offer that is out of date."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from billing import offering
from billing.models import Approval, Offer, OfferEnd, Signature, TimeEntry
from config.demo.clock import set_to
from support.actors import Actor
from support.models import Contact
from tests.billing.billing_cases import entry, offered, requested, signed
from tests.browser.desk import at
from tests.browser.letters import delivered
from tests.browser.walker import PHONE

pytestmark = pytest.mark.browser
TURNS = 8


@pytest.fixture
def offer(desk):
    """Robin is asked at nine."""
    set_to(at(8))
    robin = Contact.objects.get(name="Robin Sample")
    engagement = requested(desk.contract, Actor.of(desk.cast.ana))
    set_to(at(9))
    return offered(engagement, robin, Actor.of(desk.cast.ana))


def link() -> str:
    return re.search(r"http\S+/offers/\S+/", delivered("Your answer is needed"))[0]


def asked(walker, address, hour=10):
    """The page of the link on a phone, with the code typed."""
    page = walker.open(PHONE, is_mobile=True, has_touch=True)
    walker.at(page, at(hour))
    page.goto(address)
    page.get_by_role("button", name="Send me the code").click()
    page.get_by_label("Code").fill(re.search(r"\b\d{6}\b", delivered("Your code"))[0])
    page.get_by_role("button", name="Go on to sign").click()
    return page


def signs(page):
    page.get_by_label("Type your full name to sign").fill("Robin Sample")
    page.get_by_label("I have read what is included and what is not.").check()
    page.get_by_role("button", name="Approve up to").dblclick()


def test_a_scanner_that_opens_everything_and_submits_what_it_finds_decides_nothing(walker, desk, offer):
    """Twenty times, each like a new machine: scripts run, every link is followed, the first form is filled in and sent."""
    address = link()
    for _turn in range(TURNS):
        page = walker.open()
        walker.at(page, at(10))
        page.goto(address)
        for way in {each.get_attribute("href") for each in page.get_by_role("link").all()} - {None}:
            _opened(page, walker.base, way)
        page.goto(address)
        _sent(page)
        _sent(page)
        page.context.close()
    walker.contexts.clear()
    assert not Approval.objects.exists()
    assert not OfferEnd.objects.exists()
    assert not Signature.objects.exists()
    assert Offer.objects.get().undecided


def _opened(page, base, way):
    if way.startswith(("/", base)):
        with suppress(Error):  # a download is no page
            page.goto(way if way.startswith(base) else f"{base}{way}")


def _sent(page):
    """The first form, every field filled with something."""
    form = page.locator("form").first
    if not form.count():
        return
    for field in form.locator("input:visible, textarea:visible").all():
        if field.get_attribute("type") in {"checkbox", "radio"}:
            field.check()
        elif field.is_editable():
            field.fill("123456")
    form.locator("button, input[type=submit]").first.click()


def test_declined_on_a_phone_with_a_reason(walker, desk, offer):
    page = asked(walker, link())
    page.locator("summary", has_text="Decline instead").click()
    walker.read(page, "sign or decline")
    page.get_by_label("What should be different?").fill("Not this quarter.")
    page.get_by_role("button", name="Decline offer 1").dblclick()
    expect(page.get_by_text("Not this quarter.")).to_be_visible()
    walker.read(page, "declined")
    end = OfferEnd.objects.get()
    assert (end.why, end.reason) == ("declined", "Not this quarter.")
    assert not Approval.objects.exists()
    assert walker.violations == []
    assert walker.complaints == []


def test_a_change_order_adds_to_what_was_approved(walker, desk, offer):
    signed(offer, offer.invitations.get().contact, at(9.5))
    ana = walker.sign_in(desk.cast.ana, at(11))
    ana.goto(f"{walker.base}/engagements/{offer.engagement.reference}/")
    expect(ana.get_by_role("region", name="Approval")).to_contain_text("4 h")
    ana.locator("summary", has_text="Send an offer").click()
    ana.get_by_label("Who is asked").select_option(label="Robin Sample, up to 5000.00")
    ana.get_by_label("Cap in billed minutes").fill("120")
    ana.get_by_role("button", name="Send an offer").click()
    expect(ana.get_by_text("Offer 2")).to_be_visible()
    page = asked(walker, link(), hour=11.25)
    expect(page.get_by_text("It would cost at most $500.00.")).to_be_visible()
    signs(page)
    expect(page.get_by_role("heading", name="Approved in writing")).to_be_visible()
    walker.at(ana, at(11.5))
    ana.reload()
    expect(ana.get_by_role("region", name="Approval")).to_contain_text("6 h$1,500.00")
    walker.read(ana, "two approvals in force")
    assert Approval.objects.count() == 2
    assert walker.violations == []


def test_an_offer_that_was_replaced_meanwhile_is_not_approved_and_says_so(walker, desk, offer):
    page = asked(walker, link())
    set_to(at(10))
    newer = offering.send(
        offer.engagement,
        contact=offer.invitations.get().contact,
        cap=300,
        answer_by=offer.answer_by,
        work_until=offer.work_until,
        by=Actor.of(desk.cast.ana),
        at=at(10),
    )
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        signs(page)
    assert answer.value.status == 409
    expect(page.get_by_text("This offer is replaced already: it cannot be answered again.")).to_be_visible()
    walker.read(page, "replaced")
    assert not Approval.objects.exists()
    assert newer.undecided
    assert walker.violations == []


def test_finance_closes_a_month_and_late_work_goes_to_the_list(walker, desk, offer):
    approval = signed(offer, offer.invitations.get().contact, at(9.5))
    set_to(at(18))

    class World:
        ana, engagement = desk.cast.ana, offer.engagement

    World.offer, World.approval = offer, approval
    entry(World, at(11), at(12)).save()
    fin = walker.sign_in(desk.cast.fin, at(10, day=2, month=11))
    walker.follow(fin.get_by_role("link", name="Finance"))
    expect(fin.get_by_role("region", name="Months to close")).to_contain_text("October 2026")
    walker.read(fin, "finance")
    walker.follow(fin.get_by_role("region", name="Months to close").get_by_role("link", name="October 2026"))
    fin.get_by_role("button", name="Draft and issue").dblclick()
    expect(fin.get_by_text("Issued: INV-2026-000001.")).to_be_visible()
    fin.get_by_role("button", name="Close the month").dblclick()
    expect(fin.get_by_text("The books of this month are closed.")).to_be_visible()
    walker.read(fin, "a closed month")
    ana = walker.sign_in(desk.cast.ana, at(11, day=2, month=11))
    ana.goto(f"{walker.base}/engagements/{offer.engagement.reference}/")
    ana.locator("summary", has_text="Enter time by hand").click()
    ana.get_by_label("From").fill("2026-10-14T13:00")
    ana.get_by_label("To", exact=True).fill("2026-10-14T14:00")
    ana.get_by_role("region", name="Time").get_by_label("What was done").fill("Forgotten")
    ana.get_by_role("button", name="Enter time by hand").dblclick()
    expect(ana.get_by_text("Kept as late work")).to_be_visible()
    walker.at(fin, at(12, day=2, month=11))
    fin.reload()
    expect(fin.get_by_role("region", name="Late work")).to_contain_text(offer.engagement.reference)
    assert TimeEntry.objects.count() == 1
    assert walker.violations == []
    assert walker.complaints == []
