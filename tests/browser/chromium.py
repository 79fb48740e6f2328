"""Debian's Chromium under Playwright, with nothing of it reaching out."""

import os
import shutil

import pytest

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
MISSING = "Chromium is missing: install it (Debian: apt-get install chromium)."


def path() -> str | None:
    """Where the browser is; None on a machine without it."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def launch(playwright):
    """A headless browser; the caller closes it."""
    return playwright.chromium.launch(executable_path=path(), args=ARGUMENTS)


def need() -> None:
    """Skip the test that asks; in CI fail it, where a skipped one would look like a passed one."""
    if path() is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
