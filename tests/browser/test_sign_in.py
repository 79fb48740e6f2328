"""A customer signs in on a phone with the code from his mail, in Chromium."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.walker import PHONE

pytestmark = pytest.mark.browser


def test_a_customer_signs_in_with_a_code_on_a_phone(walker, desk, tmp_path):
    """Each page is read by axe-core in light and dark, the console stays empty but for the code that was wrong."""
    page = walker.open(PHONE, is_mobile=True, has_touch=True)
    page.goto(f"{walker.base}/my/tickets/")
    walker.read(page, "the sign-in page")
    walker.follow(page.get_by_role("link", name="Sign in with a code by mail"))
    walker.read(page, "asking for a code")
    page.get_by_label("Your e-mail address").fill(desk.cast.robin.email)
    page.get_by_role("button", name="Mail me a code").click()
    expect(page.get_by_role("heading", name="Look in your mail")).to_be_visible()
    assert walker.complaints == []
    page.get_by_label("The code").fill("no code")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("not the code that we sent").first).to_be_visible()
    walker.read(page, "a wrong code")
    page.get_by_label("The code").fill(mailed(tmp_path / "mail"))
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{walker.base}/my/tickets/")
    assert walker.violations == []


def mailed(folder) -> str:
    """The figures in the mail, which leaves beside the page's answer."""
    for _ in range(50):
        if found := [re.search(r"^\d{6}$", path.read_text(), re.MULTILINE) for path in folder.glob("*.log")]:
            return found[0].group()
        time.sleep(0.1)
    raise TimeoutError(f"no mail in {folder}")
