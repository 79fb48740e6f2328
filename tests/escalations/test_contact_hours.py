"""In which hours the named contacts of a ladder answer stands on both pages, as the ticket pins them."""

from datetime import UTC

import pytest
from django.urls import reverse

from escalations.own_panel import own_panel_of
from support import timeline
from support.models import CalendarVersion
from tests.escalations.ladder_cases import ladder_ticket
from tests.escalations.test_ticket_escalate import panel
from tests.factories import TESTS
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(cast, now):
    now("2026-10-12 09:00")
    return ladder_ticket(holder=cast.northwind)


HOURS = "Hours of the named escalation contacts, Mon to Fri 09:30 to 17:30 London, not on public holidays."


def test_the_hours_of_the_named_contacts_stand_where_the_other_route_does(client, cast, ticket):
    client.force_login(cast.ana)
    assert HOURS in client.get(ticket.get_absolute_url()).text
    client.force_login(cast.robin)
    assert HOURS in client.get(reverse("support:own-page", args=[ticket.number])).text
    assert HOURS in panel(ticket, cast.ana)[0]
    assert own_panel_of(ticket, cast.robin, utc("2026-10-12 10:20"), UTC).hours == HOURS[:-1]


def test_they_are_those_that_the_ticket_pins(client, cast, ticket, now):
    """The contract moves to hours of its own, and the ticket with it; another ticket has those of before."""
    old = CalendarVersion.objects.get(name="uk-named-contacts")
    hours = {**old.data["calendar"]["hours"], "fri": ["09:30-12:00"]}
    calendar = {**old.data["calendar"], "hours": hours}
    moved = CalendarVersion(name=old.name, version=2, data={**old.data, "calendar": calendar}, sha256="2")
    moved.actor, moved.added_at = TESTS, utc("2026-10-12 09:00")
    moved.save(force_insert=True)
    timeline.record(
        ticket,
        "calendar.moved",
        by=TESTS,
        at=now("2026-10-12 10:30"),
        calendar=old.name,
        old=f"{old.name}@1",
        new=f"{old.name}@2",
    )
    for who, address in [
        (cast.ana, ticket.get_absolute_url()),
        (cast.robin, reverse("support:own-page", args=[ticket.number])),
    ]:
        client.force_login(who)
        assert "Mon to Thu 09:30 to 17:30; Fri 09:30 to 12:00 London" in client.get(address).text
