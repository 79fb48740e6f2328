"""Time under the contract: recorded, in its person's week, never on an invoice, never over other time of the same person."""

import uuid
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from billing import inside, invoicing, timing, weeks
from billing.models import TicketTime, TimeEntry
from billing.weeks import monday_of
from support.actors import Actor
from support.models import Event
from support.refusal import Refused
from tests.attacks import refused, run
from tests.billing.at_once import at_once, both, take_off
from tests.billing.billing_cases import at, entry, set_clock, world
from tests.factories import TESTS, UserFactory
from tests.ground import standing_on
from tests.support.page_cases import post

LONDON = ZoneInfo("Europe/London")


w = standing_on(world)


def worked(w, start, stop, person=None, text="Looked at the trunk"):
    person = person or w.ana
    return inside.record(
        w.ticket, person=person, started_at=start, stopped_at=stop, text=text, by=Actor.of(person), at=at(18)
    )


def test_it_is_on_the_ticket_and_in_the_week_and_on_no_invoice(w):
    worked(w, at(11), at(12))
    entry(w, at(13), at(14)).save()
    event = Event.objects.filter(ticket=w.ticket, kind="time.booked").latest("seq")
    assert event.facts["ids"] == [TicketTime.objects.get().pk]
    week = weeks.week(w.ana, monday_of(at(12).date()), LONDON)
    assert (week.worked, week.under_contract, week.billed) == ("2 h", "1 h", "1 h")
    [invoice] = invoicing.run(w.entity, at(0, day=1).date(), by=TESTS, at=at(18))
    assert invoice.lines.get().minutes == 60


@pytest.mark.parametrize(
    ("start", "stop", "sentence"),
    [
        (at(12), at(11), "ends before it begins"),
        (at(17), at(19), "cannot be booked ahead"),
        (at(11), at(11), "ends before it begins"),
        (at(9, day=10), at(11, day=11), "more than a day"),
        (at(9, month=1).replace(year=2024), at(10, month=1).replace(year=2024), "two years ago"),
    ],
)
def test_what_cannot_have_been_is_refused(w, start, stop, sentence):
    with pytest.raises(Refused, match=sentence):
        worked(w, start, stop)


def test_nobody_works_twice_at_once(w):
    worked(w, at(11), at(12))
    with pytest.raises(Refused, match="time of this person in that interval already"):
        worked(w, at(11.5), at(12.5))
    with refused("one_person_once"):
        entry(w, at(11.5), at(12.5)).save()
    entry(w, at(12), at(13)).save()
    with pytest.raises(Refused, match="time of this person in that interval already"):
        worked(w, at(12.5), at(13.5))
    worked(w, at(11.5), at(12.5), person=w.max)


def test_no_time_under_a_timer_that_runs(w):
    timing.start_timer(w.approval, person=w.ana, at=at(18))
    set_clock(at(19))
    worked(w, at(16), at(17))
    with pytest.raises(Refused, match="A timer runs over this time"):
        inside.record(
            w.ticket, person=w.ana, started_at=at(17.5), stopped_at=at(18.5), text="x", by=TESTS, at=at(19)
        )


def test_a_mistake_is_cancelled_with_a_reason_and_makes_room(w):
    first = worked(w, at(11), at(12))
    with pytest.raises(Refused, match="Write down why"):
        inside.cancel(first, reason=" ", by=TESTS, at=at(18))
    inside.cancel(first, reason="Wrong ticket.", by=Actor.of(w.ana), at=at(18))
    first.refresh_from_db()
    assert (first.cancelled_at, first.cancelled_by, first.reason) == (at(18), "Ana", "Wrong ticket.")
    with pytest.raises(Refused, match="cancelled already"):
        inside.cancel(first, reason="Again.", by=TESTS, at=at(18))
    entry(w, at(11), at(12)).save()
    assert weeks.week(w.ana, monday_of(at(12).date()), LONDON).under_contract == "0"


def test_the_database_keeps_it_as_it_was(w):
    first = worked(w, at(11), at(12))
    row = {"ticket": w.ticket, "started_at": at(13), "stopped_at": at(14), "text": "x", "actor_kind": "staff"}
    for sql in (
        "UPDATE billing_tickettime SET text = 'y'",
        "UPDATE billing_tickettime SET person_id = person_id + 1",
        "DELETE FROM billing_tickettime",
        "TRUNCATE billing_tickettime",
    ):
        with refused("permission denied"):
            run(sql)
    with refused("time_is_of_staff"):
        customer = w.robin

        person = UserFactory(email=customer.email, kind="customer")
        TicketTime.objects.bulk_create([TicketTime(person=person, actor_name="x", **row)])
    with refused("time_starts_live"):
        cancelled = {"cancelled_at": at(18), "cancelled_by": "x", "reason": "y"}
        TicketTime.objects.bulk_create([TicketTime(person=w.ana, actor_name="x", **cancelled, **row)])
    inside.cancel(first, reason="Wrong.", by=TESTS, at=at(18))
    with refused("time_is_never_changed"):
        run("UPDATE billing_tickettime SET cancelled_at = NULL, cancelled_by = '', reason = ''")


@both
def test_both_kinds_at_once_are_one_after_the_other(own_database, guarded):
    """Eight at once for one hour of one person: four on the ticket, four on the engagement. One is left."""
    w = world()
    if not guarded:
        take_off(("billing_tickettime", "guard"), ("billing_timeentry", "inside"))

    def books(i):
        try:
            if i % 2:
                worked(w, at(11), at(12))
            else:
                timing.book(
                    w.engagement,
                    approval=w.approval,
                    person=w.ana,
                    started_at=at(11),
                    stopped_at=at(12),
                    text="x",
                    by=Actor.of(w.ana),
                    at=at(18),
                )
        except Refused:
            return 0
        return 1

    assert sum(at_once(8, books, clock=at(18))) == (1 if guarded else 2)
    assert TicketTime.objects.count() + TimeEntry.objects.count() == (1 if guarded else 2)
    set_clock(None)


@pytest.fixture
def ana(client, w, time_machine):
    time_machine.move_to(at(18))
    client.force_login(w.ana)
    return client


HOUR = {"started_at": "2026-10-14T11:00", "stopped_at": "2026-10-14T12:00", "text": "Looked at the trunk"}


def test_an_agent_records_on_the_page_and_takes_it_back(ana, w):
    address = reverse("billing:inside-page", args=[w.ticket.number])
    assert "No time is recorded yet" in ana.get(address).text
    assert reverse("billing:inside-page", args=[w.ticket.number]) in ana.get(w.ticket.get_absolute_url()).text
    key = uuid.uuid4()
    for _ in range(2):
        assert post(ana, "billing:inside-page", w.ticket.number, key=key, **HOUR).status_code == 302
    made = TicketTime.objects.get()
    page = ana.get(address).text
    assert "Looked at the trunk" in page
    assert "1 h" in page
    refused_ = post(ana, "billing:inside-cancel", w.ticket.number, made.pk, reason="")
    assert refused_.status_code == 422
    assert '<details class="fold" open>' in refused_.text
    assert post(ana, "billing:inside-cancel", w.ticket.number, made.pk, reason="Wrong.").status_code == 302
    assert "Cancelled by Ana: Wrong." in ana.get(address).text


def test_what_is_wrong_stands_beside_its_field(ana, w):
    for wrong in ({"text": ""}, {"stopped_at": "2026-10-14T10:00"}, {"started_at": "yesterday"}):
        sent = post(ana, "billing:inside-page", w.ticket.number, **{**HOUR, **wrong})
        assert sent.status_code == 422
        assert list(sent.context["form"].errors) == list(wrong)
    assert not TicketTime.objects.exists()


def test_it_is_the_desks_page(client, cast, w):
    made = worked(w, at(11), at(12))
    for person, status in [(cast.robin, 404), (w.fin, 403)]:
        client.force_login(person)
        assert client.get(reverse("billing:inside-page", args=[w.ticket.number])).status_code == status
        assert post(client, "billing:inside-cancel", w.ticket.number, made.pk).status_code == status
    client.force_login(w.ana)
    assert client.get(reverse("billing:inside-cancel", args=[w.ticket.number, made.pk])).status_code == 405
    assert post(client, "billing:inside-cancel", "SR-999999", made.pk, reason="x").status_code == 404
    assert post(client, "billing:inside-cancel", w.ticket.number, 999_999, reason="x").status_code == 404


def test_the_page_costs_the_same_for_one_and_for_many(ana, w, django_assert_num_queries):
    address = reverse("billing:inside-page", args=[w.ticket.number])
    worked(w, at(8), at(8.5))
    ana.get(address)
    with django_assert_num_queries(5):
        ana.get(address)
    for hour in range(9, 15):
        worked(w, at(hour), at(hour + 0.5))
    with django_assert_num_queries(5):
        ana.get(address)
