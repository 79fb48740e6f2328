"""Time is corrected on a page of its own: the whole piece, with a reason, while no invoice and no closed month holds it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from billing import invoicing, months, timing
from billing.models import TimeEntry
from support.actors import Actor
from tests.billing.billing_cases import UNAPPROVED, at, entry, set_clock, world
from tests.billing.surcharge_cases import surcharged
from tests.factories import TESTS, UserFactory
from tests.support.page_cases import post

OCTOBER = at(0, day=1).date()
SAID = {"text": "Routing, rightly", "reason": "Typed wrong."}


@pytest.fixture
def w(clock, time_machine):
    time_machine.move_to(at(18), tick=False)
    yield world()
    set_clock(None)


@pytest.fixture
def ana(client, w):
    client.force_login(w.ana)
    w.ana.time_zone = "UTC"
    w.ana.by(TESTS).save()
    return client


@pytest.fixture
def worked(w):
    made = entry(w, at(11), at(12), text="Routing")
    made.save()
    return made


def address(w, row):
    return reverse("billing:time-correct", args=[w.engagement.reference, row.pk])


def send(client, w, row, start="2026-10-14T13:00", stop="2026-10-14T13:30", **fields):
    fields = {"started_at": start, "stopped_at": stop, **SAID, **fields}
    return post(client, "billing:time-correct", w.engagement.reference, row.pk, **fields)


def live():
    rows = TimeEntry.objects.live().order_by("started_at")
    return [(row.started_at, row.raw_minutes, row.billed_minutes) for row in rows]


def test_the_page_begins_with_what_stands(ana, w, worked):
    page = ana.get(reverse("billing:engagement-page", args=[w.engagement.reference])).text
    assert address(w, worked) in page
    form = ana.get(address(w, worked)).context["form"]
    assert (form.initial["started_at"], form.initial["text"]) == (at(11), "Routing")
    assert "on_site" not in form.fields


def test_it_puts_another_piece_in_its_place(ana, w, worked):
    assert send(ana, w, worked).url == reverse("billing:engagement-page", args=[w.engagement.reference])
    assert live() == [(at(13), 30, 30)]
    [new] = TimeEntry.objects.live()
    assert (new.text, new.correction, new.person, new.actor_name) == (*SAID.values(), w.ana, "Ana")
    worked.refresh_from_db()
    assert worked.superseded_by == new


def test_all_parts_of_a_piece_are_one(ana, w):
    booked = {"text": "Long", "person": w.ana, "by": Actor.of(w.ana), "at": at(18)}
    rows = timing.book(w.engagement, approval=w.approval, started_at=at(12), stopped_at=at(17), **booked)
    form = ana.get(address(w, rows.entries[1])).context["form"]
    assert (form.initial["started_at"], form.initial["stopped_at"]) == (at(12), at(17))
    send(ana, w, rows.entries[1])
    assert live() == [(at(13), 30, 30)]


def test_seconds_that_the_page_does_not_show_stay(ana, w):
    start = at(11) + timedelta(seconds=40)
    row = entry(w, start, at(12))
    row.save()
    send(ana, w, row, start="2026-10-14T11:00", stop="2026-10-14T11:30")
    assert live() == [(start, 30, 30)]


def test_it_can_be_taken_off_the_bill(ana, w, worked):
    assert ana.get(address(w, worked)).context["form"].fields["unapproved"]
    send(ana, w, worked, unapproved="on")
    assert live() == [(at(13), 30, 0)]


def test_what_is_not_billed_stays_so_and_the_page_says_how_else(ana, w):
    row = entry(w, at(11), at(12), **UNAPPROVED)
    row.save()
    page = ana.get(address(w, row))
    assert "cancel it and enter it by hand" in page.text
    assert "unapproved" not in page.context["form"].fields
    send(ana, w, row)
    assert live() == [(at(13), 30, 0)]


def test_on_site_is_asked_where_it_was_offered(client, clock, time_machine):
    time_machine.move_to(at(18, day=15), tick=False)
    w = surcharged(on_site="visit", visits=1, night="")
    w.ana.time_zone = "UTC"
    w.ana.by(TESTS).save()
    client.force_login(w.ana)
    row = entry(w, at(11), at(12))
    row.save()
    send(client, w, row, on_site="on")
    [new] = TimeEntry.objects.live()
    assert (new.on_site, new.visit) == (True, True)
    send(client, w, new)
    assert not TimeEntry.objects.live().get().on_site
    set_clock(None)


def test_what_lacks_or_cannot_be_is_said_beside_what_was_typed(ana, w, worked):
    for wrong, said in [
        ({"reason": ""}, "This field is required"),
        ({"stop": "2026-10-14T12:30"}, "It ends before it begins"),
        ({"start": "2026-10-14T09:00"}, "No approval was in force"),
    ]:
        page = send(ana, w, worked, **wrong)
        assert page.status_code == 422
        assert said in page.text
        assert "Routing, rightly" in page.text
    assert live() == [(at(11), 60, 60)]


def test_on_a_page_that_was_overtaken_nothing_is_done(ana, w, worked):
    send(ana, w, worked)
    again = send(ana, w, worked, start="2026-10-14T15:00", stop="2026-10-14T15:30")
    assert (again.status_code, "corrected already" in again.text) == (409, True)
    assert ana.get(address(w, worked)).status_code == 409
    [new] = TimeEntry.objects.live()
    timing.cancel(new, reason="Wrong.", by=TESTS, at=at(18))
    page = ana.get(address(w, TimeEntry.objects.live().get()))
    assert (page.status_code, "was cancelled" in page.text) == (409, True)


def test_what_an_invoice_or_a_closed_month_holds_has_no_link_and_is_refused(ana, w, worked):
    here = reverse("billing:engagement-page", args=[w.engagement.reference])
    months.close(w.entity, OCTOBER, early=True, by=Actor.of(w.fin), at=at(18))
    assert address(w, worked) not in ana.get(here).text
    assert "October 2026 is closed" in send(ana, w, worked).text
    months.reopen(w.entity, OCTOBER, reason="Ana was ill.", by=Actor.of(w.max), at=at(18))
    invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    assert address(w, worked) in ana.get(here).text, "a draft is written anew"
    invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18))
    assert address(w, worked) not in ana.get(here).text
    page = send(ana, w, worked)
    assert (page.status_code, "a credit note has to free it" in page.text) == (422, True)
    assert live() == [(at(11), 60, 60)]


def test_the_same_form_sent_twice_corrects_once(ana, w, worked):
    key = "6f1c1d3a-0000-4000-8000-000000000001"
    first, again = (send(ana, w, worked, key=key) for _ in range(2))
    assert first.url == again.url
    assert len(live()) == 1
    other = send(ana, w, worked, key=key, text="Other words")
    assert other.status_code == 409


def test_strangers_get_404_and_finance_403(client, w, worked):
    client.force_login(UserFactory(kind="customer"))
    assert client.get(address(w, worked)).status_code == 404
    assert send(client, w, worked).status_code == 404
    client.force_login(w.fin)
    assert send(client, w, worked).status_code == 403
    client.force_login(w.ana)
    other = reverse("billing:time-correct", args=["ENG-9999", worked.pk])
    assert client.get(other).status_code == 404
    assert client.put(address(w, worked)).status_code == 405
    assert live() == [(at(11), 60, 60)]
