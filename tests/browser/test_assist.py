"""A customer's own case with Microsoft: an agent makes a pack and hands it over, the customer takes it on a phone and tells the number."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from billing.models import AssistHandover, AssistNote, AssistPack, AssistTaking
from config.demo.clock import set_to
from support.actors import Actor
from support.desk import attaching
from support.models import Contact
from tests.billing.billing_cases import offered, requested, signed
from tests.browser.desk import at
from tests.browser.letters import delivered
from tests.browser.walker import PHONE

pytestmark = pytest.mark.browser
NUMBER = "2610140040001234"


@pytest.fixture
def engagement(desk):
    """Approved by Robin at ten; a trace is attached at eleven."""
    ana, robin = Actor.of(desk.cast.ana), Contact.objects.get(name="Robin Sample")
    set_to(at(8))
    made = requested(desk.contract, ana, title="Collect evidence on delayed mail")
    set_to(at(9))
    offer = offered(made, robin, ana)
    set_to(at(10))
    signed(offer, robin, at(10))
    upload = SimpleUploadedFile("trace.csv", b"sender,delay\n", "text/csv")
    attaching.attach(made.ticket, [upload], visibility="customer", by=ana, at=at(11))
    return made


def test_a_pack_is_made_handed_over_taken_on_a_phone_and_answered_with_its_number(walker, desk, engagement):
    page = walker.sign_in(desk.cast.ana, at(12))
    page.goto(f"{walker.base}/engagements/{engagement.reference}/")
    walker.follow(page.get_by_role("link", name="The customer’s case with Microsoft"))
    make(walker, page)
    hand_over(walker, page)
    phone = walker.sign_in(desk.cast.robin, at(14), size=PHONE, is_mobile=True, has_touch=True)
    take(walker, phone)
    expect(phone.get_by_text("No number is known yet.")).to_be_visible()
    tell(walker, phone)
    walker.at(page, at(15))
    page.reload()
    expect(page.get_by_text("Taken by the customer")).to_be_visible()
    expect(page.get_by_text(NUMBER)).to_be_visible()
    walker.read(page, "what came of the case")
    for model in (AssistPack, AssistHandover, AssistTaking, AssistNote):
        assert model.objects.count() == 1, model
    assert walker.complaints == []
    assert walker.violations == []


def make(walker, page):
    expect(page.get_by_text("the provider never does so under an engagement")).to_be_visible()
    expect(page.get_by_label("What is wrong")).to_have_value(re.compile("No dial tone"))
    for label, words in {
        "Product affected": "Exchange Online",
        "Tenant and domains affected": "northwind.example",
        "Users affected": "40",
        "Steps to reproduce": "Send a mail from outside.",
        "Steps tried": "Traced twenty messages.",
    }.items():
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_label("Severity to ask for").select_option("B")
    page.get_by_label("trace.csv").check()
    walker.read(page, "the form of a pack")
    page.get_by_role("button", name="Look at it first").dblclick()
    preview = page.get_by_role("region", name="As the document would read")
    expect(preview).to_contain_text("Gives the people needed for work in business hours.")
    expect(page.get_by_label("trace.csv")).to_be_checked()
    walker.read(page, "a pack looked at")
    assert not AssistPack.objects.exists()
    page.get_by_role("button", name="Make the pack").dblclick()
    # the first PDF of a process loads letters and library
    expect(page.get_by_text("Not handed over", exact=True)).to_be_visible(timeout=60_000)
    walker.read(page, "a pack made")


def hand_over(walker, page):
    page.locator("summary", has_text="Send it by mail").click()
    page.get_by_label("To whom").first.select_option(label="Robin Sample")
    page.get_by_role("button", name="Hand it over by mail").dblclick()
    expect(page.get_by_text("has not taken it yet")).to_be_visible()


def take(walker, phone):
    phone.goto(walker.base + re.search(r"/my/engagements/\S+/assist/", delivered("No dial tone"))[0])
    walker.read(phone, "the customer's case")
    assert not AssistTaking.objects.exists()
    with phone.expect_download() as file:
        phone.get_by_role("button", name="Download pack 1").click()
    content = Path(file.value.path()).read_bytes()
    assert content == AssistPack.objects.get().content()
    assert "files/01-trace.csv" in zipfile.ZipFile(io.BytesIO(content)).namelist()


def tell(walker, phone):
    phone.locator("summary", has_text="Tell us its number").click()
    phone.get_by_label("Number of the case").fill(NUMBER)
    phone.get_by_role("button", name="Tell us its number").dblclick()
    expect(phone.get_by_text("The desk has it.")).to_be_visible()
    expect(phone.get_by_role("region", name="Your case", exact=True)).to_contain_text(NUMBER)
    walker.read(phone, "the number is told")
