"""Issued is what was shown: from a page that is no longer true nothing is, and the page says so."""

import pytest
from django.urls import reverse

from billing import invoicing, issuing, timing
from billing.models import Invoice, InvoiceLine, TimeEntry
from support.actors import Actor
from support.models import Mail
from support.refusal import Stale
from tests.billing.at_once import at_once
from tests.billing.billing_cases import at, entry, world
from tests.billing.fixed_cases import fixed
from tests.billing.invoice_cases import billing_contact
from tests.billing.minimum_cases import at_least, done, some_work
from tests.billing.surcharge_cases import surcharged
from tests.billing.test_fixed_prices import delivered
from tests.billing.test_invoice_pages import issue, month, shown_to
from tests.billing.test_surcharged_time import booked
from tests.factories import TESTS
from tests.support.page_cases import post

OCTOBER = at(0, day=1).date()
CHANGED = "The drafts have changed since you opened this page: read them, then issue them."


def worked(hour):
    w = world()
    entry(w, at(hour), at(hour + 1)).save()
    return w


@pytest.fixture
def w(db, client):
    w = worked(11)
    billing_contact(w)
    client.force_login(w.fin)
    return w


def totals():
    return sorted(Invoice.objects.issued().values_list("total", flat=True))


def refused(client, w, shown):
    """What comes back: a page on which all is still there to be issued."""
    mails = Mail.objects.count()
    response = post(client, "billing:month-issue", *month(w), shown=shown)
    assert (response.status_code, CHANGED in response.text) == (409, True)
    assert (totals(), Mail.objects.count()) == ([], mails)
    return response.text


def test_what_was_discarded_meanwhile_is_not_issued(client, w):
    post(client, "billing:month-draft", *month(w))
    shown = shown_to(client, w)
    post(client, "billing:month-discard", *month(w))
    assert "Draft and issue" in refused(client, w, shown)
    assert not Invoice.objects.exists()


def test_what_was_drafted_meanwhile_is_read_first(client, w):
    shown = shown_to(client, w)
    post(client, "billing:month-draft", *month(w))
    assert "Issue all drafts" in refused(client, w, shown)


def test_drafts_that_were_written_anew_with_more_are_read_first(client, w):
    post(client, "billing:month-draft", *month(w))
    shown = shown_to(client, w)
    entry(w, at(13), at(14)).save()
    post(client, "billing:month-draft", *month(w))
    assert "$500.00" in refused(client, w, shown)
    issue(client, w)
    assert totals() == [500]


def test_time_that_came_after_the_draft_stays_for_the_next_one(client, w):
    post(client, "billing:month-draft", *month(w))
    shown = shown_to(client, w)
    entry(w, at(13), at(14)).save()
    page = client.get(reverse("billing:month-page", args=month(w))).text
    assert ("Issue all drafts" in page, "Draft and issue" in page) == (True, False)
    assert post(client, "billing:month-issue", *month(w), shown=shown).status_code == 302
    assert totals() == [250]
    issue(client, w)
    assert totals() == [250, 250]


def test_more_than_was_shown_is_not_drafted_and_issued(client, w):
    shown = shown_to(client, w)
    entry(w, at(13), at(14)).save()
    assert "$500.00" in refused(client, w, shown)
    assert not Invoice.objects.exists()


@pytest.mark.parametrize("shown", ["", "0" * 32, "ü\x00"])
def test_a_form_that_does_not_say_what_it_showed_issues_nothing(client, w, shown):
    refused(client, w, shown)


def test_a_draft_whose_time_was_corrected_is_drafted_again_first(client, w):
    post(client, "billing:month-draft", *month(w))
    span = {"started_at": at(11), "stopped_at": at(11.5), "text": "x", "reason": "Half."}
    timing.correct(TimeEntry.objects.get(), **span, by=TESTS, at=at(18))
    response = issue(client, w)
    assert (response.status_code, "draft the month again" in response.text) == (409, True)
    post(client, "billing:month-draft", *month(w))
    issue(client, w)
    assert totals() == [125]


def with_minimum():
    w = at_least()
    some_work(w)
    return done(w)


def with_price():
    w = fixed()
    delivered(w)
    return w


def with_visit():
    w = surcharged(on_site="visit", amount="90.00", visits=2)
    booked(w, 16.5, 17 + 40 / 60, on_site=True)
    return w


@pytest.mark.parametrize("drafted", [False, True])
@pytest.mark.parametrize(
    ("begin", "kind"), [(with_minimum, "minimum"), (with_price, "fixed"), (with_visit, "surcharge")]
)
def test_every_kind_of_line_is_issued_as_it_was_shown(client, clock, begin, kind, drafted):
    w = begin()
    client.force_login(w.fin)
    if drafted:
        post(client, "billing:month-draft", *month(w))
    assert issue(client, w).status_code == 302
    assert InvoiceLine.objects.filter(kind=kind, invoice__number__isnull=False).exists()


def test_of_two_at_once_one_issues_and_the_other_reads_the_page_again(own_database):
    worlds = [worked(11) for _ in range(3)]
    entity = worlds[0].entity
    shown = issuing.fingerprint([], invoicing.preview(entity, OCTOBER))

    def act(i):
        try:
            return len(issuing.issue(entity, OCTOBER, shown=shown, by=Actor.of(worlds[0].fin), at=at(18)))
        except Stale:
            return 0

    assert sorted(at_once(4, act, clock=at(18))) == [0, 0, 0, 3]
    assert totals() == [250, 250, 250]
