"""Late work is booked as what it is now: under an approval that has room, otherwise by choice, and the page says which."""

import re

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from billing import late_work, months, timing
from billing.models import LateWork, TimeEntry
from support.actors import Actor
from support.refusal import Refused
from tests.billing.billing_cases import at, offered, set_clock, signed, world
from tests.billing.surcharge_cases import surcharged
from tests.factories import TESTS
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db
OCTOBER = at(0, day=1).date()
NOW = at(9, day=2, month=11)


def late(w, start=11, stop=12, **fields):
    """Told on 2 November, when October is closed."""
    set_clock(NOW)
    if not months.is_closed(w.entity, OCTOBER):
        months.close(w.entity, OCTOBER, by=Actor.of(w.fin), at=NOW)
    fields = {"approval": w.approval, "person": w.ana, "text": "x", "by": TESTS, **fields}
    return timing.book(w.engagement, started_at=at(start), stopped_at=at(stop), at=NOW, **fields).late


def used_up(w, minutes=60):
    """Somebody's work of November takes the room first, and October is open again."""
    begins = at(9 - minutes / 60, day=2, month=11)
    fields = {"approval": w.approval, "person": w.max, "text": "x", "by": TESTS, "at": NOW}
    timing.book(w.engagement, started_at=begins, stopped_at=NOW, **fields)
    months.reopen(w.entity, OCTOBER, reason="Late.", by=Actor.of(w.max), at=NOW)


def parts(piece):
    rows = TimeEntry.objects.filter(piece=piece).order_by("started_at")
    return [(row.approval and row.approval.offer.number, row.billed_minutes, row.raw_minutes) for row in rows]


def take(client, w, kept, **said):
    client.force_login(w.fin)
    answer = post(client, "billing:late-take", w.entity.number_series, "2026-10", kept.pk, **said)
    return answer, [str(each) for each in get_messages(answer.wsgi_request)]


def test_without_room_it_is_refused_and_stays_on_the_list(clock, client):
    w = world(cap=60)
    kept = late(w)
    used_up(w)
    answer, _said = take(client, w, kept)
    assert answer.status_code == 422
    assert "The approved time is used up" in answer.text
    [form] = re.findall(r'<details class="fold" open name="verbs">.*?</details>', answer.text, re.DOTALL)
    assert "As unapproved: it is not billed" in form
    assert list(LateWork.objects.waiting()) == [kept]


def test_another_approval_of_then_with_room_takes_it(clock, client):
    w = world(cap=60)
    set_clock(at(10.5))
    more = signed(offered(w.engagement, w.robin, when=at(10.5), cap=120), w.robin, at(10.5))
    kept = late(w)
    used_up(w)
    answer, said = take(client, w, kept)
    assert (answer.status_code, said) == (302, ["Booked: it stands among the approved time of its month."])
    assert parts(kept.piece) == [(more.offer.number, 60, 60)]


def test_one_that_was_approved_after_the_work_began_does_not(clock):
    w = world(cap=60)
    signed(offered(w.engagement, w.robin, when=at(18), cap=120), w.robin, at(18))
    kept = late(w)
    used_up(w)
    with pytest.raises(Refused, match="used up"):
        late_work.take_in(kept, by=TESTS, at=NOW)


def test_room_for_a_part_is_told(clock, client):
    w = world(cap=60)
    kept = late(w)
    used_up(w, 30)
    answer, said = take(client, w, kept)
    assert answer.status_code == 302
    assert said[1] == (
        "30 min of it had no room under the approval and is kept as unapproved: it is not billed."
    )
    assert parts(kept.piece) == [(1, 30, 30), (None, 0, 30)]


@pytest.mark.parametrize("told", ["approved", "unapproved"])
def test_what_is_booked_as_unapproved_is_not_called_approved(clock, client, told):
    w = world(cap=60)
    kept = late(w, approval=w.approval if told == "approved" else None)
    used_up(w)
    answer, said = take(client, w, kept, **({"how": "unapproved"} if told == "approved" else {}))
    assert (answer.status_code, said) == (302, ["Booked as unapproved: it is not billed."])
    assert parts(kept.piece) == [(None, 0, 60)]


def test_with_the_visits_used_up_it_is_booked_without_one(clock, client):
    w = surcharged(on_site="visit", visits=1)
    set_clock(at(11, day=15))
    timer = timing.start_timer(w.approval, person=w.ana, text="t", on_site=True, at=at(11, day=15))
    set_clock(at(12, day=15))
    span = {"started_at": at(10, day=15), "stopped_at": at(10.5, day=15), "text": "x", "on_site": True}
    timing.book(w.engagement, approval=w.approval, person=w.max, **span, by=TESTS, at=at(12, day=15))
    kept = timing.stop_timer(timer, by=TESTS, at=at(12, day=15)).late
    assert kept.why == "The visits that were offered are used up."
    answer, _said = take(client, w, kept)
    assert (answer.status_code, kept.why in answer.text) == (422, True)
    answer, said = take(client, w, kept, how="without_visit")
    assert (answer.status_code, said) == (302, ["Booked: it stands among the approved time of its month."])
    [booked] = TimeEntry.objects.filter(piece=kept.piece)
    assert (booked.on_site, booked.visit, booked.billed_minutes) == (True, False, 60)
    span = {"started_at": booked.started_at, "stopped_at": booked.stopped_at}
    said = {"text": "Other words.", "reason": "Words.", "by": TESTS, "at": at(12, day=15)}
    [corrected] = timing.correct(booked, **span, **said).entries
    assert (corrected.on_site, corrected.visit, corrected.billed_minutes) == (True, False, 60)


def test_a_way_that_it_does_not_have_is_no_choice(clock, client):
    w = world(cap=60)
    kept = late(w)
    used_up(w)
    assert take(client, w, kept, how="without_visit")[0].status_code == 422


def test_who_may_book_late_work(clock, client, cast):
    w = world()
    kept = late(w)
    months.reopen(w.entity, OCTOBER, reason="Late.", by=Actor.of(w.max), at=NOW)
    args = (w.entity.number_series, "2026-10", kept.pk)
    for person, status in [(w.ana, 403), (cast.robin, 404)]:
        client.force_login(person)
        assert post(client, "billing:late-take", *args).status_code == status
    client.force_login(w.fin)
    assert client.get(reverse("billing:late-take", args=args)).status_code == 405
    assert post(client, "billing:late-take", *args).status_code == 302
    assert post(client, "billing:late-take", *args).status_code == 409
    assert post(client, "billing:late-take", *args[:2], kept.pk + 1).status_code == 404
