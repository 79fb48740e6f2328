"""Handing over: what is offered, who may take it, what asking back does; and that no clock moves for any of it."""

import pytest

from escalations import handing, handoff_board, rota
from escalations.models import HandOff, HandOffState, HandOffStep
from support.actors import Actor
from support.mail import outbox
from support.models import Event, Mail
from support.refusal import Refused
from tests.attacks import refused
from tests.escalations.handoff_cases import CLOSES, away, offered, on_duty, person, severe
from tests.escalations.vendor_cases import open_case
from tests.factories import TESTS
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(cast):
    return Actor.of(cast.ana)


def clocks(ticket):
    return list(ticket.clocks.order_by("position").values_list("key", "state", "due_at", "verdict"))


def test_a_hand_off_goes_to_the_region_that_takes_over_with_what_is_due_and_open(
    ticket, sol, ana, clock, cast
):
    case = open_case(ticket, clock, "2026-10-14 20:10")
    row = offered(ticket, clock, ana)
    assert (row.from_region.code, row.to_region.code, row.closes_at) == ("us", "au", utc(CLOSES))
    assert (row.position, row.state, row.cases, row.from_person) == (1, "offered", [case.pk], cast.ana)
    assert row.next_update_at == ticket.clocks.get(kind="response").due_at
    [mail] = Mail.objects.filter(key__startswith="handoff:")
    assert mail.to == ["sol@staff.example"]
    assert "11:00 (Australia/Sydney)" in mail.text
    assert "The third domain after midnight." in mail.text


def test_nobody_is_mailed_what_he_did_himself(ticket, sol, ana, clock):
    """Both are on duty where it goes: one offers it, the other answers."""
    mia = person("Mia")
    on_duty(mia)
    row = offered(ticket, clock, Actor.of(sol))
    handing.ask_back(row, text="Why?", by=Actor.of(sol), at=clock(utc("2026-10-14 23:05")))
    handing.answer(row, text="For finance.", by=Actor.of(mia), at=clock(utc("2026-10-14 23:06")))
    told = Mail.objects.filter(key__startswith="handoff").order_by("pk").values_list("key", "to")
    assert [to for key, to in told if ":offered:" in key] == [[mia.email]]
    assert [to for key, to in told][-1] == [sol.email]


@pytest.mark.parametrize("owned", [True, False])
def test_what_is_asked_back_reaches_somebody_though_whoever_offered_it_has_left(
    ticket, sol, clock, cast, owned
):
    mia = person("Mia")
    ticket.hand_to(cast.ana if owned else None, by=TESTS, at=clock(utc("2026-10-14 22:00")))
    row = offered(ticket, clock, Actor.of(mia))
    mia.disable(by=TESTS, at=clock(utc("2026-10-14 23:01")))
    handing.ask_back(row, text="Why?", by=Actor.of(sol), at=clock(utc("2026-10-14 23:05")))
    told = Mail.objects.get(key__startswith="handoff-step:")
    assert told.to == [cast.ana.email if owned else outbox.desk()]


def test_who_had_the_ticket_is_told_who_has_it_though_somebody_else_offered_it(ticket, sol, clock, cast):
    row, ben = offered(ticket, clock, Actor.of(cast.max)), person("Ben")
    ticket.refresh_from_db()
    ticket.hand_to(ben, by=TESTS, at=clock(utc("2026-10-14 23:02")))
    row.ticket = ticket
    handing.accept(row, by=Actor.of(sol), at=clock(utc("2026-10-14 23:05")))
    told = Mail.objects.filter(key__contains=":accepted:").values_list("to", flat=True)
    assert sorted(told) == sorted([[ben.email], [cast.max.email]])


def test_whoever_accepts_owns_the_ticket_and_no_clock_has_moved(ticket, sol, ana, clock):
    before = clocks(ticket)
    row = offered(ticket, clock, ana)
    handing.accept(row, by=Actor.of(sol), at=clock(utc("2026-10-14 23:10")))
    ticket.refresh_from_db()
    assert (ticket.owner, row.state) == (sol, HandOffState.ACCEPTED)
    assert clocks(ticket) == before
    kinds = list(Event.objects.filter(ticket=ticket).order_by("seq").values_list("kind", "visibility"))
    assert kinds[-3:] == [
        ("handoff.offered", "internal"),
        ("handoff.accepted", "internal"),
        ("owner.changed", "customer"),
    ]
    facts = Event.objects.get(kind="handoff.offered").facts
    assert facts == {"old": "us", "new": "au", "sheet": row.pk}
    assert Mail.objects.filter(key__contains=":accepted:").get().to == ["ana@staff.example"]


def test_asked_back_answered_and_accepted(ticket, sol, ana, clock):
    row = offered(ticket, clock, ana)
    taker = Actor.of(sol)
    handing.ask_back(row, text="For all 300 users?", by=taker, at=clock(utc("2026-10-14 23:05")))
    with pytest.raises(Refused, match="not answered yet"):
        handing.ask_back(row, text="And why?", by=taker, at=clock(utc("2026-10-14 23:06")))
    handing.answer(row, text="For finance only.", by=ana, at=clock(utc("2026-10-14 23:07")))
    with pytest.raises(Refused, match="Nobody has asked back"):
        handing.answer(row, text="And again.", by=ana, at=clock(utc("2026-10-14 23:08")))
    handing.accept(row, by=taker, at=clock(utc("2026-10-14 23:09")))
    assert [step.kind for step in row.steps.all()] == ["asked", "answered", "accepted"]
    said = Mail.objects.filter(key__startswith="handoff-step:").order_by("pk").values_list("to", flat=True)
    assert list(said) == [["ana@staff.example"], ["sol@staff.example"]]


def test_only_the_rota_of_the_receiving_region_takes_it(ticket, sol, ana, clock, cast):
    wren, jo = person("Wren"), person("Jo")
    on_duty(wren)
    away(wren)
    on_duty(jo, "us")
    row = offered(ticket, clock, ana)
    at = clock(utc("2026-10-14 23:30"))
    for who in (cast.ana, wren, jo, cast.max):
        for verb, said in [(handing.accept, {}), (handing.ask_back, {"text": "Why?"})]:
            with pytest.raises(Refused, match="Only somebody on the rota of Australia"):
                verb(row, by=Actor.of(who), at=at, **said)
    handing.accept(row, by=Actor.of(sol), at=at)
    with pytest.raises(Refused, match="Sol has accepted it already"):
        handing.accept(row, by=Actor.of(sol), at=at)


def test_a_late_one_is_taken_by_whoever_is_on_duty_then(ticket, sol, ana, clock):
    wren = person("Wren")
    on_duty(wren, begin="2026-10-15 10:00", end="2026-10-15 20:00")
    row = offered(ticket, clock, ana)
    with pytest.raises(Refused, match="only somebody on duty now"):
        handing.accept(row, by=Actor.of(sol), at=clock(utc("2026-10-15 11:00")))
    handing.accept(row, by=Actor.of(wren), at=clock(utc("2026-10-15 11:00")))


def test_one_is_open_at_a_time_and_another_is_written_once_it_is_taken_back(ticket, sol, ana, clock):
    row = offered(ticket, clock, ana)
    with pytest.raises(Refused, match="open already"):
        offered(ticket, clock, ana, "2026-10-14 23:01")
    handing.take_back(row, text="It is nearly fixed.", by=ana, at=clock(utc("2026-10-14 23:02")))
    with pytest.raises(Refused, match="Ana has taken it back"):
        handing.accept(row, by=Actor.of(sol), at=clock(utc("2026-10-14 23:03")))
    again = offered(ticket, clock, ana, "2026-10-14 23:04")
    handing.accept(again, by=Actor.of(sol), at=clock(utc("2026-10-14 23:05")))
    with pytest.raises(Refused, match="accepted already"):
        offered(ticket, clock, ana, "2026-10-14 23:06")


@pytest.mark.parametrize(
    "fields",
    [
        {"priority": "B"},
        {"service": "microsoft-o365-dedicated"},
        {"service": "enghouse-premium", "priority": "P1"},
    ],
)
def test_only_what_the_service_hands_over_goes_to_a_region(cast, clock, sol, ana, fields):
    clock(utc("2026-10-14 20:00"))
    with pytest.raises(Refused, match="hands it over to no other region"):
        offered(severe(owner=cast.ana, **fields), clock, ana)


def test_a_ticket_that_is_done_is_not_handed_over_and_not_taken(ticket, sol, ana, clock):
    row = offered(ticket, clock, ana)
    ticket.refresh_from_db()
    ticket.resolve(outcome="resolved", by=ana, at=utc("2026-10-14 23:10"))
    with pytest.raises(Refused, match="nothing to hand over"):
        handing.accept(row, by=Actor.of(sol), at=clock(utc("2026-10-14 23:11")))
    with pytest.raises(Refused, match="nothing to hand over"):
        offered(ticket, clock, ana, "2026-10-14 23:12")


def test_a_person_who_goes_off_hands_over_to_another_one(cast, clock, ana):
    clock(utc("2026-10-14 20:00"))
    ticket = severe(owner=cast.ana, service="enghouse-premium", priority="P2")
    row = offered(ticket, clock, ana, person=cast.max, off_at=utc("2026-10-15 00:30"))
    assert (row.kind, row.to_region, row.alarm_at) == ("person", None, utc("2026-10-15 00:00"))
    with pytest.raises(Refused, match="for Max"):
        handing.accept(row, by=ana, at=clock(utc("2026-10-14 23:10")))
    handing.accept(row, by=Actor.of(cast.max), at=clock(utc("2026-10-14 23:11")))
    ticket.refresh_from_db()
    assert ticket.owner == cast.max
    with pytest.raises(Refused, match="an instant to come"):
        offered(ticket, clock, ana, "2026-10-14 23:12", person=cast.ana, off_at=utc("2026-10-14 23:00"))


def test_a_ticket_of_nobody_is_handed_to_no_person(cast, clock, ana):
    clock(utc("2026-10-14 20:00"))
    with pytest.raises(Refused, match="Nobody owns"):
        offered(severe(), clock, ana, person=cast.max, off_at=utc("2026-10-15 00:30"))
    assert not HandOff.objects.exists()


def test_who_has_left_the_desk_takes_nothing_over_and_the_ticket_stays_its_owners(ticket, ana, clock, cast):
    row = offered(ticket, clock, ana, person=cast.max, off_at=utc("2026-10-14 23:50"))
    cast.max.is_active = False
    cast.max.by(TESTS).save()
    row.refresh_from_db()
    assert handing.receivers(row, utc("2026-10-14 23:05")) == []
    for act in (handing.accept, lambda *one, **who: handing.ask_back(*one, text="All of it?", **who)):
        with pytest.raises(Refused, match="Max has left the desk: take this hand-off back"):
            act(row, by=Actor.of(cast.max), at=clock(utc("2026-10-14 23:05")))
    ticket.refresh_from_db()
    assert ticket.owner == cast.ana
    handing.take_back(row, text="He has left.", by=ana, at=clock(utc("2026-10-14 23:06")))


def test_where_the_region_that_closed_begins_again_first_its_own_duty_takes_it(ticket, ana, clock, client):
    """Nobody was there in Australia, a holiday say; the United States are on again at 10:00 in UTC."""
    uma = person("Uma", zone="America/New_York")
    on_duty(uma, "us", "2026-10-14 12:00", "2026-10-15 01:00")
    on_duty(uma, "us", "2026-10-15 10:00", "2026-10-16 00:00")
    row = offered(ticket, clock, ana)
    overtime = person("Una", zone="America/New_York")
    on_duty(overtime, "us", CLOSES, "2026-10-15 09:00")  # in a region that is closed
    early, late = (
        "Only somebody on the rota of Australia for Thu 15 Oct",
        "in Australia, or in United States within its",
    )
    for at, why in (("2026-10-14 23:30", early), ("2026-10-15 00:30", late), ("2026-10-15 09:59", late)):
        with pytest.raises(Refused, match=why):
            handing.accept(row, by=Actor.of(overtime), at=clock(utc(at)))
        assert not takes(overtime, row, utc(at))
        with pytest.raises(Refused, match=why):  # whose old duty goes on a little
            handing.accept(row, by=Actor.of(uma), at=clock(utc(at)))
        assert handing.receivers(row, utc(at)) == []
        with refused("handoff_taken_on_duty"):
            step(row, uma)
    at = clock(utc("2026-10-15 10:05"))
    assert [who.name for who in handing.receivers(row, at)] == ["Uma"]
    assert takes(uma, row, at)
    handing.accept(row, by=Actor.of(uma), at=at)
    ticket.refresh_from_db()
    assert (ticket.owner, HandOff.objects.standing().get()) == (uma, row)


def test_a_duty_of_the_whole_week_takes_it_where_hours_begin_again_too(ticket, ana, clock):
    uma = person("Uma", zone="America/New_York")
    week = on_duty(uma, "us", "2026-10-12 10:00", "2026-10-18 00:00")
    row = offered(ticket, clock, ana)
    night, morning = utc("2026-10-15 05:00"), utc("2026-10-15 10:05")
    assert (takes(uma, row, night), takes(uma, row, morning)) == (False, True)
    with refused("handoff_taken_on_duty"):
        clock(night)
        step(row, uma)
    handing.accept(row, by=Actor.of(uma), at=clock(morning))
    week.from_at = utc("2026-10-11 10:00")
    week.by(TESTS).save()
    assert HandOff.objects.standing().get() == row


def takes(who, row, at):
    """As the board has it, and the verb in the same way."""
    board = handoff_board._takes(who, rota.open_at(rota.relays(), at), at)(
        HandOff.objects.with_closings().get(pk=row.pk)
    )
    assert board == (who in handing.receivers(row, at))
    return board


def step(row, who):
    accepted = HandOffStep(handoff=row, kind=HandOffStep.Kind.ACCEPTED)
    accepted.actor = Actor.of(who)
    accepted.save(force_insert=True)
