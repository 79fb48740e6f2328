"""A draft that is never issued is money that nobody is asked for: finance sees it, and no month is closed over it."""

import pytest
from django.urls import reverse

from billing import finances, invoicing, months, timing
from billing.models import Invoice, TimeEntry
from support.actors import Actor
from support.refusal import Refused
from tests.attacks import refused, run
from tests.billing.billing_cases import at, world
from tests.billing.minimum_cases import OCTOBER, at_least, done, run_of, some_work
from tests.factories import TESTS
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db
NOVEMBER = at(9, day=2, month=11)


@pytest.fixture
def w(clock):
    w = world()
    some_work(w, 11, 60)
    invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    clock(NOVEMBER)
    return w


def worked(w, now=NOVEMBER):
    return {row.what: row.ages for row in finances.books(w.entity, now).worked}


def discard(w):
    return invoicing.discard(w.entity, OCTOBER, by=Actor.of(w.fin), at=NOVEMBER)


def close(w):
    return months.close(w.entity, OCTOBER, by=Actor.of(w.fin), at=NOVEMBER)


def test_finance_sees_what_is_drafted_and_not_issued_grow_older(w, client):
    assert worked(w, at(18)) == {"Drafted, not issued": ("$250.00", "", "")}
    assert worked(w) == {"Drafted, not issued": ("", "$250.00", "")}
    assert worked(w, at(9, month=12)) == {"Drafted, not issued": ("", "", "$250.00")}
    client.force_login(w.fin)
    assert "Drafted, not issued" in client.get(reverse("billing:finance-page")).text
    run_of(w)
    assert worked(w) == {}


def test_a_draft_whose_time_was_corrected_is_counted_once_and_named(w):
    entry = TimeEntry.objects.get()
    span = {"started_at": entry.started_at, "stopped_at": at(11.5), "text": "x", "reason": "Half."}
    timing.correct(entry, **span, by=TESTS, at=NOVEMBER)
    assert worked(w) == {
        "Approved, on no invoice": ("", "$125.00", ""),
        "Drafts out of date: draft the month again": ("", "1", ""),
    }
    invoicing.draft(w.entity, OCTOBER, by=TESTS, at=NOVEMBER)
    assert worked(w) == {"Drafted, not issued": ("", "$125.00", "")}


def test_a_month_with_drafts_is_not_closed(w, client):
    client.force_login(w.fin)
    answer = post(client, "billing:month-close", w.entity.number_series, "2026-10")
    assert answer.status_code == 409
    assert "There are drafts of October 2026 that are not issued" in answer.text
    with refused("months_close_without_drafts"):
        run(
            "INSERT INTO billing_monthmove (legal_entity_id, month, what, reason, actor_kind, actor_name) "
            "VALUES (%s, %s, 'closed', '', 'system', 'x')",
            w.entity.pk,
            OCTOBER,
        )
    run_of(w)
    close(w)
    assert months.is_closed(w.entity, OCTOBER)


def test_discarded_drafts_leave_their_work_on_no_invoice(w, client):
    client.force_login(w.fin)
    args = w.entity.number_series, "2026-10"
    assert "Discard the drafts" in client.get(reverse("billing:month-page", args=args)).text
    assert post(client, "billing:month-discard", *args).status_code == 302
    assert not Invoice.objects.exists()
    assert worked(w) == {"Approved, on no invoice": ("", "$250.00", "")}
    assert post(client, "billing:month-discard", *args).status_code == 409
    close(w)
    [issued] = run_of(w)
    assert (issued.net, TimeEntry.objects.get().billed.count()) == (250, 1)


def test_what_is_issued_is_not_discarded(w):
    [issued] = run_of(w)
    with pytest.raises(Refused, match="There are no drafts"):
        discard(w)
    invoicing.credit(issued, reason="Wrong.", by=TESTS, at=NOVEMBER)
    assert Invoice.objects.issued().count() == 2


def test_a_minimum_on_a_draft_is_discarded_with_it(clock):
    w = at_least()
    some_work(w)
    done(w)
    [draft] = invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    assert [line.kind for line in draft.lines.all()] == ["time", "minimum"]
    discard(w)
    assert [line.kind for line in run_of(w)[0].lines.all()] == ["time", "minimum"]


def test_who_may_discard_drafts(w, client, cast):
    args = w.entity.number_series, "2026-10"
    for person, status in [(w.ana, 403), (w.max, 403), (cast.robin, 404)]:
        client.force_login(person)
        assert post(client, "billing:month-discard", *args).status_code == status
    client.force_login(w.fin)
    assert client.get(reverse("billing:month-discard", args=args)).status_code == 405
    assert post(client, "billing:month-discard", "NONE", "2026-10").status_code == 404
    assert Invoice.objects.drafts().count() == 1
