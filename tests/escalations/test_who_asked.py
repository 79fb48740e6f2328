"""Who asked for an escalation and how: anybody who may see the ticket, by phone or mail; on his own page; or nobody outside."""

import pytest
from django.urls import reverse

from escalations import climbing
from escalations.models import Escalation
from escalations.models.asking import askers
from support.actors import Actor
from support.models import Event, Mail
from support.refusal import Refused
from tests.attacks import refused, run
from tests.escalations.ladder_cases import GROUND, escalate, ladder_ticket
from tests.escalations.ladder_contacts import duty
from tests.escalations.test_climbing import under_an_automatic_ladder
from tests.escalations.test_own_escalate import page, raises
from tests.escalations.test_ticket_escalate import escalated, panel
from tests.factories import ANA, TESTS, ContactFactory, granted
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db
AT = "2026-10-12 10:20"
INSERT = (
    "INSERT INTO escalations_escalation (ticket_id, position, level, levels, name, ground, missed, ground_text, reason, contact_id, channel, "
    "fallback, override_reason, actor_kind, actor_id, actor_name) "
    "VALUES (%s, 0, 1, 4, '', %s, '', '', 'Third day.', %s, %s, '', '', %s, %s, 'X')"
)


@pytest.fixture
def ticket(cast, now):
    now("2026-10-12 09:00")
    return ladder_ticket(holder=cast.northwind)  # raised by Robin


@pytest.fixture
def partner(cast, ticket):
    found = ContactFactory(customer=cast.tailspin, name="Pat Partner")
    granted(found, cast.northwind)
    return found


@pytest.fixture
def colleague(cast, ticket):
    return ContactFactory(customer=cast.northwind, name="Chris Colleague")


@pytest.mark.parametrize(("who", "channel"), [("colleague", "phone"), ("partner", "email")])
def test_whoever_may_see_the_ticket_is_named_on_the_page(client, cast, ticket, now, request, who, channel):
    asker = request.getfixturevalue(who)
    now(AT)
    assert escalated(client, cast.ana, ticket, contact=asker.pk, channel=channel).status_code == 302
    row = Escalation.objects.get()
    assert (row.contact, row.channel, row.actor_name) == (asker, channel, "Ana")


def test_the_form_names_those_who_may_see_it_and_nobody_else(cast, ticket, colleague, partner, now):
    gone = ContactFactory(customer=cast.northwind, name="Gone", active=False)
    now(AT)
    html = panel(ticket, cast.ana)[1]
    for shown in [">Robin Sample<", ">Chris Colleague<", f">Pat Partner, {cast.tailspin.name}<"]:
        assert shown in html
    assert f'value="{cast.robin_contact.pk}"' in html
    for hidden in [gone, cast.kim_contact]:
        assert hidden.name not in html
        assert hidden not in askers(ticket.customer_id)


def test_a_stranger_is_refused_beside_the_field(client, cast, ticket, now):
    now(AT)
    response = escalated(client, cast.ana, ticket, contact=cast.kim_contact.pk)
    assert response.status_code == 422
    assert "Choose somebody who may see this ticket." in response.text
    assert not Escalation.objects.exists()


@pytest.mark.parametrize(
    ("contact", "channel", "sentence"),
    [
        (True, "", "Say how Robin Sample asked for it."),
        (True, "portal", "Select a valid choice"),
        (False, "phone", "Say who asked for it."),
    ],
)
def test_who_and_how_go_together(client, cast, ticket, now, contact, channel, sentence):
    now(AT)
    asker = cast.robin_contact.pk if contact else ""
    response = escalated(client, cast.ana, ticket, contact=asker, channel=channel)
    assert response.status_code == 422
    assert sentence in response.text
    assert not Escalation.objects.exists()


def test_for_the_desk_itself_nobody_is_named(client, cast, ticket, now):
    now(AT)
    assert escalated(client, cast.ana, ticket, contact="", channel="").status_code == 302
    row = Escalation.objects.get()
    assert (row.contact, row.channel, row.asked_by) == (None, "desk", "Ana")


def test_on_his_own_page_it_is_the_portal_whatever_he_sends(client, cast, ticket, now):
    now(AT)
    raises(client, cast.robin, ticket, channel="desk", contact="")
    row = Escalation.objects.get()
    assert (row.contact, row.channel) == (cast.robin_contact, "portal")
    assert "Raised 10:20 by Robin Sample (portal)" in page(client, cast.robin, ticket)[0]


def test_a_missed_clock_raises_it_by_itself(clock):
    under_an_automatic_ladder()
    climbing.climb(clock(utc("2026-10-12 14:01")))
    assert Escalation.objects.get().channel == "alarm"


def test_the_verb_takes_no_contact_without_the_way_he_took(ticket, now):
    with pytest.raises(Refused, match="Say how Robin Sample asked") as why:
        escalate(ticket, now, AT, contact=ticket.raised_by, channel="")
    assert why.value.field == "channel"
    with pytest.raises(Refused, match="Say how"):
        escalate(ticket, now, AT, contact=ticket.raised_by, channel="portal")


def test_panel_list_timeline_and_mail_say_who_asked_and_how(client, cast, ticket, colleague, now):
    duty(1)
    row = escalate(ticket, now, AT, contact=colleague, channel="email")
    for words in [panel(ticket, cast.ana)[0], page(client, cast.robin, ticket)[0]]:
        assert "Raised 10:20 by Chris Colleague (e-mail)" in words
    client.force_login(cast.ana)
    assert "Chris Colleague (e-mail)" in client.get(reverse("escalations:escalation-list")).text
    for address in [ticket.get_absolute_url(), reverse("support:own-page", args=[ticket.number])]:
        client.force_login(cast.ana if address.startswith("/tickets") else cast.robin)
        told = "Ana escalated to level 1 for Chris Colleague, who wrote by e-mail"
        assert told in client.get(address).text
    assert "by Chris Colleague (e-mail)" in Mail.objects.get(key=f"escalation:{row.pk}:raised").text
    facts = Event.objects.get(ticket=ticket, kind="escalation.raised").facts
    assert (facts["channel"], facts["contact"]) == ("email", colleague.pk)


def test_in_the_records_it_is_found_by_who_asked_and_how(client, cast, ticket, colleague, now):
    escalate(ticket, now, AT, contact=colleague)
    client.force_login(cast.max)
    address = reverse("admin:escalations_escalation_changelist")
    for query, count in [({"q": "Colleague"}, 1), ({"channel": "phone"}, 1), ({"channel": "portal"}, 0)]:
        assert client.get(address, query).context["cl"].result_count == count


@pytest.mark.parametrize(
    ("channel", "kind", "asked"),
    [
        ("portal", "contact", None),
        ("portal", "contact", "other"),
        ("portal", "staff", "robin"),
        ("phone", "contact", "robin"),
        ("phone", "staff", None),
        ("desk", "staff", "robin"),
        ("desk", "system", None),
        ("alarm", "staff", None),
        ("chat", "staff", "robin"),
        ("", "staff", None),
    ],
)
def test_no_script_says_another_way_than_it_came(ticket, cast, colleague, channel, kind, asked):
    robin = cast.robin_contact.pk
    contact = {None: None, "robin": robin, "other": colleague.pk}[asked]
    with refused("escalation_came_as_it_says"):
        run(INSERT, ticket.pk, GROUND, contact, channel, kind, robin)
    run(INSERT, ticket.pk, GROUND, robin, "portal", "contact", robin)


@pytest.mark.parametrize("who", ["a stranger", "disabled", "without the grant any more"])
def test_no_script_names_somebody_who_may_not_see_it(ticket, cast, colleague, partner, who):
    asker = {"a stranger": cast.kim_contact, "disabled": colleague}.get(who, partner)
    if who == "disabled":
        colleague.active = False
        colleague.by(TESTS).save()
    elif asker == partner:
        partner.grants.get().by(TESTS).delete()
    with refused("escalation_asked_for_by_one_of_theirs"):
        run(INSERT, ticket.pk, GROUND, asker.pk, "phone", "staff", 1)


def test_an_actor_who_is_a_contact_asks_for_himself(ticket, colleague, now):
    row = escalate(ticket, now, AT, by=Actor.of(colleague))
    assert (row.contact, row.channel) == (colleague, "portal")
    assert ANA.name not in row.asked_by
