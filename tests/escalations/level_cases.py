"""Tickets under the shipped service whose levels receive a sheet, and one whose level 1 passes on what is late."""

from django.core.files.uploadedfile import SimpleUploadedFile

from escalations import levels
from tests.factories import ANA
from tests.support.desk_cases import contract_under, raise_ticket, utc

OPENED = "2026-10-12 09:00"  # a Monday; 10:00 in London
WHOLE = {
    "contact-name": "Robin Sample",
    "contact-number": "+44 20 7946 0001",
    "version": "8.2",
    "fault": "Agents cannot log in.",
    "happened-at": "2026-10-12T09:50",
    "users": 40,
    "operating-system": "Windows Server 2022",
    "recent-changes": "None.",
}


def a_ticket(code="enghouse-standard", priority="P3", **fields):
    return raise_ticket(contract_under(code, **fields), utc(OPENED), priority=priority)


def filled(ticket, *, without=(), at=None):
    answers = {code: answer for code, answer in WHOLE.items() if code not in without}
    return levels.fill(ticket, answers, {}, by=ANA, at=at or utc("2026-10-12 10:00"))


def upload(name="console.png"):
    return SimpleUploadedFile(name, b"picture", "image/png")


def up(ticket, new, clock, at="2026-10-12 10:30", **fields):
    """To this level with the ticket's newest sheet."""
    fields = {"reason": "Restarted twice.", "sheet": levels.latest_sheet(ticket), "by": ANA, **fields}
    return levels.move(ticket, new, at=clock(utc(at)), **fields)


def at_engineering(ticket, clock, impact=2, at="2026-10-12 10:30"):
    filled(ticket)
    for new in (2, 3):
        up(ticket, new, clock, at)
    return up(ticket, 4, clock, at, impact=impact)
