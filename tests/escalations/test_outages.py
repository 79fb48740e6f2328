"""Outages: when each notice is owed, who is told, and how an outage ends."""

from datetime import timedelta

import pytest

from escalations import notices, outages
from escalations.models import Notice, NoticeRecipient, Outage
from support import versions
from support.actors import Actor
from support.models import Clock, Contract, ContractLine, Event, Mail
from support.refusal import Refused
from tests.escalations.outage_cases import act, declare, hit_contract, send, skip
from tests.factories import TESTS, ContactFactory, ProductFactory, ServiceVersionFactory
from tests.support.desk_cases import due, raise_ticket, utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(cast, clock):
    clock(utc("2026-10-14 09:00"))
    return hit_contract(cast.northwind)


@pytest.fixture
def outage(cast, clock, contract):
    return declare(cast, clock, contract)


def owed(outage):
    row = outages.owed(outage)
    return row and f"{row.due_at:%H:%M}"


@pytest.mark.parametrize(("priority", "first", "then"), [("1", "10:00", "10:30"), ("A", "10:00", "11:30")])
def test_each_severity_of_the_table_owes_its_notices(cast, clock, contract, priority, first, then):
    outage = declare(cast, clock, contract, priority=priority)
    assert (owed(outage), outage.state) == (first, "open")
    send(outage, cast, clock, "2026-10-14 09:30")
    assert owed(outage) == then  # 1 h and 2 h after the last one


def test_a_notice_goes_to_designated_contacts_of_those_it_hits_in_their_zone(cast, clock, contract, outage):
    ContactFactory(customer=cast.tailspin, nominated_for_outages=True)
    ContactFactory(customer=cast.northwind, nominated_for_outages=True, active=False)
    [nominated] = cast.northwind.contacts.filter(nominated_for_outages=True, active=True)
    row = send(outage, cast, clock, "2026-10-14 09:30", expected_at=utc("2026-10-14 13:00"))
    assert (row.kind, row.late, row.recipients) == ("first", False, 1)
    assert NoticeRecipient.objects.get().contact == nominated
    mail = Mail.objects.get()
    assert mail.to == [nominated.email]
    assert mail.subject == f"[{outage.number}] Outage: Mail is down"
    for words in [
        "Mailboxes cannot be opened.",
        "Nobody reads mail.",
        "Expected to be resolved: Wed 14 Oct 2026, 09:00 (America/New_York)",
        "You hear from us again by Wed 14 Oct 2026, 07:30 (America/New_York).",
        f"/my/outages/{outage.number}/",
    ]:
        assert words in mail.text


def test_a_notice_after_its_time_is_late_and_the_next_counts_from_it(cast, clock, outage):
    row = send(outage, cast, clock, "2026-10-14 10:01")
    assert row.late
    assert owed(outage) == "12:01"


def test_skipping_says_why_and_makes_the_silence_no_longer(cast, clock, outage):
    send(outage, cast, clock, "2026-10-14 09:30")
    with pytest.raises(Exception, match="notice_says_what_or_why_not"):
        skip(outage, cast, clock, "2026-10-14 11:00", reason=" ")
    row = skip(outage, cast, clock, "2026-10-14 11:00")
    assert (row.what, row.recipients, row.late) == ("skipped", 0, False)
    assert owed(outage) == "13:30"
    assert Mail.objects.count() == 1


def test_a_notice_is_skipped_when_it_is_soon_due_and_only_the_one_that_is_meant(cast, clock, outage):
    with pytest.raises(Refused, match="not due soon"):
        skip(outage, cast, clock, "2026-10-14 09:44")
    skip(outage, cast, clock, "2026-10-14 09:45", due=1)
    with pytest.raises(Refused, match="sent or skipped by now"):
        skip(outage, cast, clock, "2026-10-14 09:45", due=1)
    with pytest.raises(Refused, match="not due soon"):
        skip(outage, cast, clock, "2026-10-14 11:29")
    assert (owed(outage), outage.notices.count()) == ("12:00", 1)


def test_news_is_told_at_once_and_the_next_interval_begins(cast, clock, outage):
    for at in ["2026-10-14 09:10", "2026-10-14 09:20", "2026-10-14 09:40"]:
        send(outage, cast, clock, at)
    assert owed(outage) == "11:40"
    assert list(outage.notices.values_list("kind", flat=True)) == ["first", "update", "update"]


def test_resolved_then_validated_then_told(cast, clock, outage):
    send(outage, cast, clock, "2026-10-14 09:30")
    with pytest.raises(Refused, match="resolved first, then validated"):
        act(outages.validate, outage, cast, clock, "2026-10-14 09:40")
    act(outages.resolve, outage, cast, clock, "2026-10-14 10:00", ended_at=utc("2026-10-14 09:50"))
    assert (outage.state, outage.ended_at) == ("resolved", utc("2026-10-14 09:50"))
    assert send(outage, cast, clock, "2026-10-14 10:05").kind == "update"
    act(outages.unresolve, outage, cast, clock, "2026-10-14 10:10")
    assert (outage.state, outage.ended_at) == ("open", None)
    act(outages.resolve, outage, cast, clock, "2026-10-14 10:20")
    act(outages.validate, outage, cast, clock, "2026-10-14 10:30")
    with pytest.raises(Refused, match="not skipped"):
        skip(outage, cast, clock, "2026-10-14 10:31")
    row = send(outage, cast, clock, "2026-10-14 10:35")
    assert (row.kind, outage.state, owed(outage)) == ("resolution", "closed", None)
    last = Mail.objects.order_by("-pk").first()
    assert last.subject == f"[{outage.number}] Resolved: Mail is down"
    assert "Ended: Wed 14 Oct 2026, 06:20 (America/New_York)" in last.text
    assert "hear from us again" not in last.text
    for verb in (send, skip):
        with pytest.raises(Refused, match="is closed"):
            verb(outage, cast, clock, "2026-10-14 10:40")


def test_it_does_not_end_before_somebody_noted_that_it_was_not_over(cast, clock, outage):
    """Else a customer who was down all day reads 100 % of the month."""
    act(outages.resolve, outage, cast, clock, "2026-10-14 10:00")
    act(outages.unresolve, outage, cast, clock, "2026-10-14 10:10")
    for ended in ("2026-10-14 09:00", "2026-10-14 10:09"):
        with pytest.raises(Refused, match="noted that it was not over"):
            act(outages.resolve, outage, cast, clock, "2026-10-14 11:00", ended_at=utc(ended))
    act(outages.resolve, outage, cast, clock, "2026-10-14 11:00", ended_at=utc("2026-10-14 10:10"))
    assert outage.ended_at == utc("2026-10-14 10:10")


def test_in_the_minute_in_which_it_was_noted_it_ends_no_earlier_than_that(cast, clock, outage):
    """The page fills in the minute that runs."""
    act(outages.resolve, outage, cast, clock, "2026-10-14 10:00")
    noted = clock(utc("2026-10-14 10:05") + timedelta(seconds=10))
    outages.unresolve(outage, text="It is back.", by=Actor.of(cast.max), at=noted)
    later = clock(noted + timedelta(seconds=40))
    outages.resolve(outage, ended_at=utc("2026-10-14 10:05"), text="Now.", by=Actor.of(cast.max), at=later)
    outage.refresh_from_db()
    assert outage.ended_at == noted


def test_every_notice_names_the_newest_bridge(cast, clock, outage):
    act(outages.open_bridge, outage, cast, clock, "2026-10-14 09:05", phone="+1 555 0100", code="111#")
    act(outages.open_bridge, outage, cast, clock, "2026-10-14 09:10", phone="+1 555 0199", code="4711#")
    send(outage, cast, clock, "2026-10-14 09:30")
    assert "+1 555 0199, participant code 4711#" in Mail.objects.get().text
    with pytest.raises(Exception, match="a_bridge_has_number_and_code"):
        act(outages.open_bridge, outage, cast, clock, "2026-10-14 09:40", phone="1", code=" ")


def test_a_notice_is_an_update_on_each_linked_ticket(cast, clock, contract):
    ticket = raise_ticket(contract, clock(utc("2026-10-14 08:50")), priority="A")
    outage = declare(cast, clock, contract, tickets=[ticket])
    assert due(ticket, "update") == "2026-10-14 10:50"
    send(outage, cast, clock, "2026-10-14 09:30")
    assert due(ticket, "update") == "2026-10-14 11:30"
    assert Clock.objects.get(ticket=ticket, kind="response").verdict == "pending"  # nobody has answered him
    facts = Event.objects.filter(kind__in=["outage.linked", "notice.sent"]).values_list("facts", flat=True)
    assert list(facts) == [{"outage": outage.number}, {"outage": outage.number, "kind": "first"}]
    with pytest.raises(Refused, match="Linked already"):
        outages.link(outage, [ticket], by=Actor.of(cast.ana), at=utc("2026-10-14 09:40"))


def test_a_notice_is_an_update_only_where_somebody_received_it(cast, clock, contract):
    deaf = hit_contract(cast.tailspin, contacts=0)
    now = clock(utc("2026-10-14 08:50"))
    heard, unheard = (raise_ticket(each, now, priority="A") for each in (contract, deaf))
    outage = declare(cast, clock, contract, deaf, tickets=[heard, unheard])
    assert list(notices.unheard(outage.contracts.values("contract__holder"))) == [cast.tailspin]
    send(outage, cast, clock, "2026-10-14 09:30")
    assert (due(heard, "update"), due(unheard, "update")) == ("2026-10-14 11:30", "2026-10-14 10:50")
    assert not unheard.events.filter(kind="notice.sent").exists()
    ContactFactory(customer=cast.tailspin, nominated_for_outages=True)
    send(outage, cast, clock, "2026-10-14 09:40")
    assert due(unheard, "update") == "2026-10-14 11:40"


def test_a_notice_to_nobody_is_refused_and_still_owed(cast, clock):
    outage = declare(cast, clock, hit_contract(cast.tailspin, contacts=0))
    with pytest.raises(Refused, match="nominate a contact first"):
        send(outage, cast, clock, "2026-10-14 09:30")
    assert owed(outage) == "10:00"


def test_an_outage_may_hit_only_what_its_service_and_product_say(cast, clock, contract):
    other = hit_contract(service="exponential-e-ucc")
    with pytest.raises(Refused, match="does not have this priority"):
        declare(cast, clock, contract, other)
    with pytest.raises(Refused, match="does not cover this product"):
        declare(cast, clock, contract, product=ProductFactory())
    with pytest.raises(Refused, match="no priority of an outage"):
        declare(cast, clock, contract, priority="B")
    with pytest.raises(Refused, match="at least one contract"):
        declare(cast, clock)
    assert not Outage.objects.exists()


def test_only_the_desk_declares(cast, clock, contract):
    cast.ana = cast.robin
    with pytest.raises(Refused, match="Only people of the desk"):
        declare(cast, clock, contract, priority="1")


def test_where_availability_is_promised_without_a_cadence_nothing_is_owed_and_news_is_told(cast, clock):
    contract = hit_contract(service="enghouse-premium")
    outage = declare(cast, clock, contract, priority="P1")
    assert owed(outage) is None
    with pytest.raises(Refused, match="none to skip"):
        skip(outage, cast, clock, "2026-10-14 09:20")
    row = send(outage, cast, clock, "2026-10-14 15:00")
    assert (row.kind, row.late, row.recipients) == ("first", False, 1)
    with pytest.raises(Refused, match="no priority of an outage"):
        declare(cast, clock, contract, priority="P2")


def test_an_older_version_without_the_key_knows_no_outage(cast, clock, contract):
    newest = versions.latest("microsoft-o365-dedicated")
    data = {key: value for key, value in newest.data.items() if key != "outage"}
    older = ServiceVersionFactory(code=newest.code, version=newest.version + 1, data=data)
    old = hit_contract(service="")
    Contract.objects.get(pk=old.pk)
    old.support_service = older
    old.by(TESTS).save()
    scope = outages.scope(newest.code, clock(utc("2026-10-14 09:00")))
    assert scope.contracts == [contract]
    with pytest.raises(Refused, match=r"does not have this priority|no priority"):
        declare(cast, clock, contract, old)


def test_what_it_can_be_declared_for_is_a_service_or_a_product_with_who_would_be_told(cast, clock, contract):
    line = ContractLine(contract=contract, product=ProductFactory(name="Exchange"), deployment="cloud")
    line.by(TESTS).save()
    second = hit_contract(contacts=3)
    hit_contract(service="exponential-e-ucc")
    now = clock(utc("2026-10-14 09:00"))
    whole = outages.scope("microsoft-o365-dedicated", now)
    assert {each.pk: each.designated for each in whole.contracts} == {contract.pk: 1, second.pk: 3}
    assert [step.code for step in whole.steps] == ["1", "A"]
    assert outages.scope(f"microsoft-o365-dedicated:{line.product_id}", now).contracts == [contract]
    assert outages.scope("exponential-e-ucc", now) is None


def test_the_desk_is_warned_and_told_once_and_no_audience_is(cast, clock, outage):
    def swept(at):
        return notices.sweep(clock(utc(at)))

    assert [swept(f"2026-10-14 {at}") for at in ["09:44", "09:45", "09:46", "10:00", "10:05"]] == [
        0,
        1,
        0,
        1,
        0,
    ]
    assert {(mail.subject, *mail.to) for mail in Mail.objects.all()} == {
        (f"[{outage.number}] A notice is due{when}", person.email)
        for person in (cast.ana, cast.max)
        for when in (" soon", "")
    }
    send(outage, cast, clock, "2026-10-14 10:10")
    assert Notice.objects.get().late
    assert swept("2026-10-14 10:20") == 0


def test_what_was_sent_in_time_rings_nothing(cast, clock, outage):
    send(outage, cast, clock, "2026-10-14 09:30")
    assert notices.sweep(clock(utc("2026-10-14 10:30"))) == 0
    assert notices.sweep(clock(utc("2026-10-14 11:00"))) == 1


def test_facts_hold_no_text(cast, clock, contract):
    ticket = raise_ticket(contract, clock(utc("2026-10-14 08:50")), priority="A")
    send(declare(cast, clock, contract, tickets=[ticket]), cast, clock, "2026-10-14 09:30")
    facts = f"{list(Event.objects.filter(kind__startswith='notice').values_list('facts', flat=True))}"
    assert "Mailboxes" not in facts
