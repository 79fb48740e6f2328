"""The hand-off board on two screens at once: one accepts, the other sees it, and reads who was faster when he accepts too."""

import pytest
from django.contrib.auth import hashers
from django.db import transaction
from playwright.sync_api import expect

from config.demo.clock import set_to
from escalations.models import HandOff
from support.models import User
from tests.browser.desk import PASSWORD, at
from tests.browser.walker import PHONE
from tests.escalations.handoff_cases import WORDS, on_duty, person, severe

pytestmark = pytest.mark.browser


@pytest.fixture
def night(desk):
    """Sol and Wren have the night in Australia; two tickets of severity A cross."""
    set_to(at(20))
    with transaction.atomic():
        people = [person(name) for name in ("Sol", "Wren")]
        for who in people:
            on_duty(who)
        on_duty(desk.cast.ana, "us", "2026-10-14 10:00", "2026-10-15 00:00")
        severe(holder=desk.cast.tailspin, owner=desk.cast.ana, title="Mail is deferred")
        severe("2026-10-14 20:05", owner=desk.cast.ana, title="Nobody can join a meeting")
    password = hashers.PBKDF2PasswordHasher().encode(PASSWORD, "walk", iterations=1_000_000)
    User.objects.filter(name__in=["Sol", "Wren"]).update(password=password)
    return people


def test_two_screens_at_once(walker, desk, night):
    sol, wren = night
    offered_on_a_phone(walker, desk)
    one, other = (walker.sign_in(who, at(23.2)) for who in (sol, wren))
    for page in (one, other):
        page.goto(f"{walker.base}/handoff/")
        expect(page.get_by_role("heading", name="United States closes at")).to_be_visible()
    walker.read(one, "the board of whoever takes over")
    accept = {"name": "Accept", "exact": False}
    expect(other.get_by_role("button", **accept)).to_have_count(1)
    one.get_by_role("button", **accept).dblclick()
    one.wait_for_url("**/tickets/*/handoff/")
    expect(one.get_by_text("Accepted", exact=True).first).to_be_visible()
    walker.read(one, "a hand-off that was accepted")

    answer = []
    other.on("response", lambda response: answer.append((response.status, response.request.method)))
    heard = len(walker.complaints)
    other.get_by_role("button", **accept).click()
    expect(other.get_by_text("Sol has accepted it already")).to_be_visible()
    assert (409, "POST") in answer
    walker.read(other, "too late")
    del walker.complaints[heard:]  # the browser writes each 409 to its console
    other.go_back()
    taken = other.get_by_role("region", name="Accepted", exact=True)
    other.evaluate("htmx.ajax('GET', '/handoff/', {target: '#handoff-live', swap: 'outerHTML'})")
    expect(taken).to_contain_text("Accepted by Sol")
    expect(other.get_by_role("button", **accept)).to_have_count(0)
    assert HandOff.objects.get().ticket.owner == sol
    assert walker.complaints == []
    assert walker.violations == []


def offered_on_a_phone(walker, desk):
    page = walker.sign_in(desk.cast.ana, at(23), size=PHONE, is_mobile=True, has_touch=True)
    page.goto(f"{walker.base}/handoff/")
    expect(page.get_by_text("2 of 2 tickets that cross have no accepted hand-off.")).to_be_visible()
    walker.read(page, "the board, on a phone")
    card = page.get_by_role("article").filter(has_text="Mail is deferred")
    walker.follow(card.get_by_role("link", name="Write the hand-off"))
    walker.read(page, "a hand-off before it is offered, on a phone")
    page.get_by_label("To", exact=True).select_option("region")
    for label, name in [
        ("State", "standing"),
        ("What was tried", "tried"),
        ("Next action", "next_action"),
        ("Whom the customer expects to hear from, and how", "expected"),
    ]:
        page.get_by_label(label, exact=True).fill(WORDS[name])
    page.get_by_role("button", name="Offer the hand-off").dblclick()
    expect(page.get_by_text("To be accepted by Sol and Wren")).to_be_visible()
    assert HandOff.objects.count() == 1
