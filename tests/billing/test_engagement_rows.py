"""Entries and approvals that each have a form of their own: what comes back stands in the row that was sent, and nowhere else."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from billing.models import TimeEntry
from tests.billing.billing_cases import at, entry, offered, signed, world
from tests.ground import standing_on
from tests.support.page_cases import post

w = standing_on(world)


@pytest.fixture
def ana(client, w):
    client.force_login(w.ana)
    return client


def worked(w):
    for hour in (11, 12, 13):
        entry(w, at(hour), at(hour) + timedelta(minutes=30)).save()
    return list(TimeEntry.objects.order_by("pk").values_list("pk", flat=True))


def open_forms(page):
    return re.findall(r'<details class="fold" open name="verbs">.*?action="([^"]+)"', page, re.DOTALL)


def test_a_refused_cancel_is_open_in_its_own_row_alone(ana, w):
    _first, second, _third = worked(w)
    reference = w.engagement.reference
    page = post(ana, "billing:time-cancel", reference, second, reason="")
    assert page.status_code == 422
    assert open_forms(page.text) == [reverse("billing:time-cancel", args=[reference, second])]
    assert page.text.count("This field is required") == 2, "in the summary of the form and beside the field"
    ids = re.findall(r'\bid="(cancel_[^"]+)"', page.text)
    assert len(ids) == len(set(ids)) > 3


def test_a_refused_withdrawal_is_open_at_its_own_approval_alone(ana, w):
    more = offered(w.engagement, w.robin, when=at(18), answer_by=at(20))
    signed(more, w.robin, at(18))
    reference = w.engagement.reference
    page = post(ana, "billing:approval-withdraw", reference, w.offer.number, reason="")
    assert page.status_code == 422
    assert open_forms(page.text) == [reverse("billing:approval-withdraw", args=[reference, w.offer.number])]


def test_an_entry_that_the_page_does_not_show_is_answered_with_the_sentence_alone(ana, w, monkeypatch):
    first, *_more = worked(w)
    monkeypatch.setattr("billing.shown.SHOWN", 2)
    page = post(ana, "billing:time-cancel", w.engagement.reference, first, reason="")
    assert (page.status_code, "This field is required" in page.text) == (409, True)
