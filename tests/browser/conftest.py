"""One Chromium for all browser tests, and a site of its own for each."""

import os

import pytest
from django.db import connection, connections
from playwright.sync_api import expect, sync_playwright

from config.database.place import Place
from tests.browser import chromium
from tests.browser.desk import Desk
from tests.browser.site import site
from tests.browser.walker import PATIENCE, Walker
from tests.ground import GROUND


@pytest.fixture(scope="package")
def browser(django_db_setup, django_db_blocker):
    """Skipped without Chromium, except in CI, where nobody would notice."""
    chromium.need()
    with django_db_blocker.unblock():
        GROUND.clear()  # it stands on the connection that this thread has while no loop runs
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        started = chromium.launch(playwright)
        yield started
        started.close()
        connections.close_all()  # while the loop runs, this thread has connections of its own
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
    if before:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def desk(browser, own_database):
    """People who can sign in and a customer who engages, in a database that this test's site alone reads."""
    made = Desk.made()
    yield made
    connection.simulated_now = ""
    connection.close()


@pytest.fixture
def walker(browser, desk, own_database, settings, tmp_path):
    """Opens pages as people do: `walker("ana@…")`."""
    own = {
        "DATABASE_NAME": own_database,
        "EMBEDDED_POSTGRES_DIR": str(Place.here().data),
        "COUNTERSIGN_VAR": str(tmp_path),  # its files lie where this process looks for them
        "COUNTERSIGN_SECRET_KEY": settings.SECRET_KEY,
    }
    with site("tests.browser.simulated", **own) as base:
        settings.BASE_URL = base
        walk = Walker(browser, base)
        yield walk
        walk.close()
