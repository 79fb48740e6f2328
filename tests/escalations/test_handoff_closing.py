"""For which closing a hand-off is written: what its page offers counts as it is sent, or comes back with its words."""

import pytest

from escalations import handing, handoff_alarms
from escalations.models import HandOff
from support.actors import Actor
from tests.escalations.handoff_cases import WORDS, deferred, sol_at_midnight
from tests.escalations.test_handoff_pages import offer, read, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def sol(cast, now):
    return sol_at_midnight(now)


@pytest.fixture
def ticket(cast, sol):
    return deferred(cast)


def test_written_for_a_closing_that_counts_no_more_it_comes_back_with_its_words(client, cast, ticket, now):
    now("2026-10-14 23:30")
    handoff_alarms.sweep()
    now("2026-10-15 09:29")  # nobody took it at midnight
    form = read(client, cast.ana, "write", ticket.number).context["forms"]["write"]
    assert "Australia, since" in f"{form['receiver']}"
    said = {"receiver": "region", "closing": form["closing"].value(), **WORDS}
    now("2026-10-15 09:31")  # managers are told of the next one
    late = send(client, cast.ana, "write", ticket.number, **said)
    assert (late.status_code, HandOff.objects.count()) == (409, 0)
    assert "Another closing counts by now" in late.text
    assert WORDS["tried"] in late.text
    said["closing"] = late.context["forms"]["write"]["closing"].value()
    assert send(client, cast.ana, "write", ticket.number, **said).status_code == 302
    assert HandOff.objects.get().to_region.code == "us"
    said["closing"] = "tomorrow"
    assert send(client, cast.ana, "write", ticket.number, **said).status_code == 422


def test_what_the_next_region_has_accepted_is_not_offered_to_it_again(client, cast, ticket, sol, now):
    handing.accept(offer(ticket, cast, now), by=Actor.of(sol), at=now("2026-10-14 23:10"))
    form = read(client, cast.ana, "write", ticket.number).context["forms"]["write"]
    assert "region" not in dict(form.fields["receiver"].choices)
    late = send(client, cast.ana, "write", ticket.number, receiver="region", **WORDS)
    assert (late.status_code, "It cannot go there any more" in late.text) == (422, True)
    assert WORDS["tried"] in late.text
