"""Opens pages as people do, and reads each one strictly: no error on the console, none that axe-core finds."""

import json
from datetime import datetime
from pathlib import Path

from tests.browser.desk import PASSWORD
from tests.browser.site import sign_in

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
PATIENCE = (
    30_000  # milliseconds: a machine whose cores are all at work is slow, and nothing else is wrong with it
)
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


class Walker:
    """`complaints` is what browsers wrote to the console, threw, or were refused by the content security policy."""

    def __init__(self, browser, base: str) -> None:
        self.browser, self.base = browser, base
        self.complaints: list[str] = []
        self.violations: list[str] = []
        self.contexts = []

    def open(self, size=DESKTOP, **options):
        """A page of a person with nothing in common with the others."""
        context = self.browser.new_context(
            viewport=size, timezone_id="UTC", reduced_motion="reduce", **options
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        return page

    def sign_in(self, who, at: datetime, **options):
        page = self.open(**options)
        self.at(page, at)
        sign_in(page, self.base, who.email, PASSWORD)
        return page

    def at(self, page, instant: datetime) -> None:
        """From now on the site believes that it is this instant when this person asks."""
        page.context.set_extra_http_headers(
            {"X-Simulated-Now": instant.isoformat()}  # tests/browser/simulated.py
        )

    def follow(self, link) -> None:
        """A click does not wait for the page that it leads to; what reads at once would read the one that goes."""
        with link.page.expect_navigation():
            link.click()

    def read(self, page, name: str) -> None:
        """What axe-core says of the page as it stands, with every fold opened, and of its colours in the dark; and whether it fits."""
        page.wait_for_load_state()
        was = page.evaluate(_UNFOLD)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.violations.append(f"{name}: it scrolls sideways")
        devtools = page.context.new_cdp_session(page)  # past the content security policy, which stays on
        devtools.send("Runtime.evaluate", {"expression": AXE})
        self.violations += [f"{name}, light: {each}" for each in _violations(devtools, {})]
        page.emulate_media(color_scheme="dark")  # the same elements in other colours
        self.violations += [f"{name}, dark: {each}" for each in _violations(devtools, IN_THE_DARK)]
        page.emulate_media(color_scheme="light")
        page.evaluate(_FOLD, was)
        devtools.detach()

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def _heard(self, message) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.location.get('url')}: {message.text}")


_UNFOLD = """() => [...document.querySelectorAll("details")].map((fold) => {
  const was = {name: fold.name, open: fold.open};
  fold.name = "";
  fold.open = true;
  return was;
})"""
_FOLD = """(was) => document.querySelectorAll("details").forEach((fold, i) => Object.assign(fold, was[i]))"""
IN_THE_DARK = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
_RUN = """axe.run(document, {resultTypes: ["violations"], ...%s}).then((found) => found.violations.flatMap(
  (rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")} (${node.failureSummary})`)))"""


def _violations(devtools, rules: dict) -> list[str]:
    run = _RUN.replace("%s", json.dumps(rules), 1)
    answer = devtools.send(
        "Runtime.evaluate", {"expression": run, "awaitPromise": True, "returnByValue": True}
    )
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    return answer["result"]["value"]
