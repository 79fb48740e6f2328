"""A cycle that begins in the instant that ends the ticket was owed nothing: neither met nor missed."""

import pytest

from support.models import Message, Outcome
from tests.factories import ANA
from tests.support.desk_cases import contract_under, raise_ticket, utc

pytestmark = pytest.mark.django_db


def test_the_last_words_and_the_end_count_one_update_not_two():
    ticket = raise_ticket(contract_under("microsoft-o365-dedicated"), utc("2026-10-12 09:00"), priority="A")
    end = utc("2026-10-12 10:00")
    Message.reply(ticket, "It works again.", by=ANA, at=end)
    ticket.resolve(outcome=Outcome.RESOLVED, by=ANA, at=end)
    cycles = ticket.clocks.filter(kind="update").order_by("cycle").values_list("state", "verdict")
    assert list(cycles) == [("stopped", "met"), ("cancelled", "unjudged")]
