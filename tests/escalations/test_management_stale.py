"""What is at management by a page's word and by now: it is closed as it was read, and driven by managers who are there."""

import re

import pytest
from django.urls import reverse

from escalations import managing
from escalations.models import ManagementEscalation
from escalations.morning.management import undriven
from support.actors import Actor
from support.roles import Role
from tests.escalations.handoff_cases import person
from tests.escalations.level_cases import a_ticket, at_engineering, up
from tests.escalations.test_ticket_escalate import send

pytestmark = pytest.mark.django_db


@pytest.fixture
def urgent(cast, now):
    now("2026-10-12 10:00")
    ticket = a_ticket(priority="P1")
    at_engineering(ticket, now)
    return ticket


def newest_shown(html, ticket):
    action = reverse("escalations:management-close", args=[ticket.number])
    form = re.search(rf'<form[^>]*action="{action}".*?</form>', html, re.DOTALL)
    return re.search(r'name="newest" value="(\d+)"', form.group(0)).group(1)


def test_what_came_to_management_since_the_page_was_read_is_not_closed_with_it(client, cast, urgent, now):
    client.force_login(cast.max)
    read = newest_shown(client.get(urgent.get_absolute_url()).content.decode(), urgent)
    up(urgent, 3, now, "2026-10-12 10:50", sheet=None)
    up(urgent, 4, now, "2026-10-12 11:00", impact=1)
    said = {"reason": "The vendor has it."}
    unseen = send(client, cast.max, urgent, "management-close", reason="\u200b", newest=read)
    assert (unseen.status_code, newest_shown(unseen.content.decode(), urgent)) == (422, read)
    for old in ({"newest": read}, {}):
        page = send(client, cast.max, urgent, "management-close", **said, **old)
        html = page.content.decode()
        assert page.status_code == 409
        assert "The vendor has it." in html
        assert "for a further reason since you opened it" in html
        assert ManagementEscalation.objects.open().count() == 2
    said["newest"] = newest_shown(html, urgent)
    assert send(client, cast.max, urgent, "management-close", **said).status_code == 302
    assert not ManagementEscalation.objects.open().exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("management-take", {"driver": "max"}),
        ("management-update", {"words": "The vendor sends a plane."}),
        ("management-close", {"reason": "The vendor sends a plane."}),
    ],
)
def test_what_left_management_meanwhile_gives_the_words_back(client, cast, urgent, now, name, said):
    """With the sentence, in the panel, though it shows none of these forms any more."""
    managing.close(urgent, reason="Solved.", by=Actor.of(cast.max), at=now("2026-10-12 10:40"))
    said = {key: cast.max.pk if words == "max" else words for key, words in said.items()}
    page = send(client, cast.max, urgent, name, **said, **({"newest": 1} if "close" in name else {}))
    assert page.status_code == 409
    html = page.content.decode()
    assert f"Nothing of ticket {urgent.number} is at management." in html
    forms = re.findall(r'<form[^>]*action="[^"]*/management/.*?</form>', html, re.DOTALL)
    assert len(forms) == 1
    assert (
        "The vendor sends a plane." if "driver" not in said else f'value="{cast.max.pk}" selected'
    ) in forms[0]


def test_words_of_which_nothing_is_seen_come_back_beside_their_field(client, cast, urgent, now):
    now("2026-10-12 10:40")
    page = send(client, cast.max, urgent, "management-update", words="\u200b")
    assert page.status_code == 422
    assert "manage_update_words_error" in page.content.decode()


@pytest.mark.parametrize("how", ["left", "no manager any more"])
def test_who_left_drives_nothing_and_nobody_before_him_does(client, cast, urgent, now, how):
    at = now("2026-10-12 10:40")
    other = person("Mia", Role.MANAGER)
    managing.take(urgent, driver=other, by=Actor.of(cast.max), at=at)
    managing.take(urgent, driver=cast.max, by=Actor.of(cast.max), at=now("2026-10-12 10:41"))
    assert undriven(cast.ana, at).count == 0
    if how == "left":
        cast.max.disable(by=Actor.of(other), at=now("2026-10-12 10:50"))
    else:
        cast.max.groups.clear()
    assert undriven(cast.ana, at).count == 1
    client.force_login(cast.ana)
    listed = client.get(f"{reverse('escalations:management-list')}?show=undriven").content.decode()
    assert "Nobody yet" in listed
    assert urgent.number in listed
    shown = client.get(urgent.get_absolute_url()).content.decode()
    assert "Nobody drives it yet." in shown
    managing.take(urgent, driver=other, by=Actor.of(other), at=now("2026-10-12 11:00"))
    assert undriven(cast.ana, at).count == 0
    assert "Mia drives it." in client.get(urgent.get_absolute_url()).content.decode()
