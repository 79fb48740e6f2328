"""The first day on a phone: from the code that the server prints to an open desk, in a database that nobody has seen."""

import os
import re
import secrets
import subprocess
import sys
import time

import pytest
from allauth.mfa.totp.internal import auth
from django.db import connection
from playwright.sync_api import expect

from config.database.place import Place
from config.env import ROOT
from tests.browser.site import site
from tests.browser.walker import PHONE, Walker

pytestmark = pytest.mark.browser
PASSWORD = "a long enough one"


@pytest.fixture
def empty(bare_database, django_db_blocker, tmp_path):
    """The environment of a database that was migrated, and nothing else."""
    name = f"{connection.settings_dict['NAME']}_empty_{secrets.token_hex(4)}"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{bare_database}"')
    place = {"DATABASE_NAME": name, "EMBEDDED_POSTGRES_DIR": str(Place.here().data)}
    yield {**place, "COUNTERSIGN_VAR": str(tmp_path)}
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def manage(command, environment) -> str:
    return subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_the_first_day_on_a_phone(browser, empty, tmp_path):
    """Each page is read by axe-core in light and dark, the console stays empty."""
    code = re.search(r"^  (\S+)$", manage("first_day", empty), re.MULTILINE).group(1)
    with site(**empty) as base:
        walker = Walker(browser, base)
        page = walker.open(PHONE, is_mobile=True, has_touch=True)
        the_first_manager(walker, page, code)
        a_second_factor(walker, page)
        the_company_and_a_mail(walker, page, tmp_path)
        the_services_and_the_end(walker, page)
        walker.close()
    assert walker.complaints == []
    assert walker.violations == []


def the_first_manager(walker, page, code):
    page.goto(f"{walker.base}/")
    expect(page.get_by_role("heading", name="The first day")).to_be_visible()
    walker.read(page, "the setup code")
    page.get_by_label("Setup code").fill(code)
    page.get_by_label("Your name").fill("Max Manager")
    page.get_by_label("Your e-mail address").fill("max@fabrikam.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=again]").fill(PASSWORD)
    page.get_by_label("Your time zone").select_option("Europe/London")
    page.get_by_role("button", name="Make the account").click()


def a_second_factor(walker, page):
    walker.follow(page.get_by_role("link", name="Set up an app"))
    secret = re.search(r"\b[A-Z2-7]{32}\b", page.content()).group()
    figures = auth.hotp_value(secret, int(time.time()) // 30)
    page.locator("input[name=code]").fill(auth.format_hotp_value(figures))
    walker.follow(page.locator("main form button[type=submit]").first)
    walker.follow(page.get_by_role("link", name="Go on"))
    expect(page.get_by_role("heading", name="The first day")).to_be_visible()


def the_company_and_a_mail(walker, page, folder):
    walker.read(page, "the steps")
    company = page.get_by_role("region", name="Your company")
    company.get_by_label("Name").fill("Fabrikam Support Ltd")
    company.get_by_label("Number series").fill("FAB")
    company.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="Your company")).to_contain_text("Done")
    page.get_by_role("button", name="Send a test mail").click()
    mail = page.get_by_role("region", name="Mail", exact=True)
    expect(mail).to_contain_text("The mail to max@fabrikam.example has left.")
    expect(mail).to_contain_text(str(folder / "mail"))
    assert len(list((folder / "mail").iterdir())) == 1


def the_services_and_the_end(walker, page):
    page.get_by_role("button", name="Load the services").click()
    expect(page.get_by_role("region", name="Services")).to_contain_text("Done")
    walker.read(page, "the steps, done")
    page.get_by_role("button", name="The first day is over").click()
    expect(page.get_by_text("The desk is open.")).to_be_visible()
    page.goto(f"{walker.base}/")
    expect(page).to_have_url(re.compile("/tickets/$"))
    assert page.request.get(f"{walker.base}/first-day/").status == 404
