"""The worked example on the page about clocks, played on a stored ticket: every cell is what the ticket says then."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from config.env import ROOT
from support import timeline
from support.desk import priority
from support.models import Message, Wait
from tests.factories import ANA, TESTS
from tests.support.desk_cases import contract_under, raise_ticket

LONDON = ZoneInfo("Europe/London")
KINDS = ("response", "troubleshoot", "fix")
DOES = {
    "the desk replies": lambda ticket, at: Message.reply(ticket, "Looking.", by=ANA, at=at),
    "the finding": lambda ticket, at: timeline.record(ticket, "troubleshoot.done", by=ANA, at=at),
    "waits for the customer": lambda ticket, at: Wait.begin(ticket, reason="customer", by=ANA, at=at),
    "the customer replies": lambda ticket, at: Message.receive(
        ticket, "Here.", contact=None, by=TESTS, at=at
    ),
    "becomes High": lambda ticket, at: priority.assess(ticket, "High", by=ANA, at=at),
    "resolved": lambda ticket, at: ticket.resolve(outcome="resolved", by=ANA, at=at),
    "reopened": lambda ticket, at: ticket.reopen(by=ANA, at=at),
}


def rows():
    page = (ROOT / "docs" / "clocks.md").read_text().split("## A worked example")[1].split("\n## ")[0]
    lines = [line for line in page.splitlines() if line.startswith("| 20")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def says(ticket, kind):
    clock = ticket.clocks.filter(kind=kind).order_by("-position").first()
    if clock is None:
        return ""
    if clock.attributed_to == "reclassification":
        return "missed, counted apart"
    if clock.state == "paused":
        return "stopped"
    if clock.state == "running":
        return f"due {clock.due_at.astimezone(LONDON):%Y-%m-%d %H:%M}"
    return clock.verdict


@pytest.mark.django_db
def test_every_cell_is_what_the_ticket_says_then():
    ticket, found = None, []
    for when, what, *_cells in rows():
        at = datetime.fromisoformat(when).replace(tzinfo=LONDON)
        if ticket is None:
            assert what == "opened as Normal"
            ticket = raise_ticket(contract_under("exponential-e-ucc"), at, priority="Normal")
        else:
            DOES[what](ticket, at)
        found.append([when, what, *(says(ticket, kind) for kind in KINDS)])
    assert found == rows()
    assert {what for _when, what, *_cells in rows()} == {"opened as Normal", *DOES}
