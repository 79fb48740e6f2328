"""Why work cannot start yet, in words: exactly where the gate itself says no."""

from itertools import product

import pytest
from django.db import transaction
from django.urls import reverse

from billing import gdap, gdap_words
from billing.models import GdapReading
from tests.billing.billing_cases import at, set_clock, world
from tests.billing.gdap_cases import EXCHANGE, READER, kept
from tests.cases import NOON
from tests.ground import standing_on


@standing_on
def needing():
    return world(gdap=[EXCHANGE])


def reading(w, when, **fields):
    set_clock(when)
    fields = {
        "status": "active",
        "assigned": True,
        "ends_at": at(0, day=1, month=12),
        "roles": [EXCHANGE],
        "source": "graph",
        "actor_kind": "system",
        "actor_name": "graph",
        **fields,
    }
    row = GdapReading.objects.create(customer=w.ticket.customer, **fields)
    row.refresh_from_db()
    return row


READINGS = list(
    product(
        [True, False],
        [at(0, day=1, month=12), at(19), None],
        [[EXCHANGE, READER], [READER]],
        [19, 41.9, 42],
    )
)


@pytest.mark.parametrize("status", ["active", "activating", "brandNew"])
def test_there_is_a_sentence_exactly_where_the_gate_says_no(needing, status):
    seen = set()
    for assigned, ends_at, roles, hour in READINGS:
        savepoint = transaction.savepoint()
        last = reading(needing, at(18), status=status, assigned=assigned, ends_at=ends_at, roles=roles)
        set_clock(at(hour))
        lacks = gdap_words.missing(last, [EXCHANGE], at(hour))
        starts = gdap.active(needing.engagement)
        assert (lacks == []) is starts, (assigned, ends_at, roles, hour)
        seen.add(starts)
        transaction.savepoint_rollback(savepoint)
    assert seen == ({True, False} if status == "active" else {False})


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": "approvalPending"}, "not active: “Waiting for the customer”."),
        ({"status": "brandNew"}, "not active: “brandNew”."),
        ({"status": "notListed"}, "not active: “Not listed any more”."),
        ({"ends_at": None}, "not known when"),
        ({"ends_at": at(18)}, "The relationship ended: 18:00."),
        ({"assigned": False}, "No access assignment is active"),
        ({"roles": []}, "This role is missing: Exchange Administrator."),
    ],
)
def test_each_thing_that_is_missing_has_its_sentence(needing, fields, sentence):
    [said] = gdap_words.missing(reading(needing, at(18), **fields), [EXCHANGE], at(19))
    assert sentence in said


def test_an_old_reading_says_its_age_and_none_says_so(needing):
    assert gdap_words.missing(None, [EXCHANGE], at(18)) == [
        "Nobody has read or confirmed this customer’s GDAP yet."
    ]
    [said] = gdap_words.missing(reading(needing, at(18)), [EXCHANGE], at(21, day=15))
    assert said == "It was last read 27 h ago; work starts only within 24 hours."


def test_the_engagements_page_says_why_the_timer_does_not_start(client, needing):
    reading(needing, at(18), status="approvalPending", assigned=False)
    client.force_login(needing.ana)
    address = reverse("billing:engagement-page", args=[needing.engagement.reference])
    page = client.get(address).text
    assert "GDAP is not active enough to start. The relationship is not active" in page
    assert "<li>No access assignment is active" in page
    assert "Read from Microsoft, as of" in page
    reading(needing, at(18.5))
    page = client.get(address).text
    assert "No access assignment" not in page
    assert "GDAP active" in page


@pytest.mark.parametrize(
    ("fields", "words", "grave"),
    [
        ({"ends_at": NOON.replace(month=11, day=14)}, "31 days left", ""),
        ({"ends_at": NOON.replace(month=11, day=13)}, "30 days left", "warn"),
        ({"ends_at": NOON.replace(day=15)}, "1 day left", "bad"),
        ({"ends_at": NOON.replace(day=15), "auto_extend": True}, "1 day left, then extended by itself", ""),
        ({"status": "expired"}, "", ""),
        (
            {"status": "approvalPending", "pending_since": NOON.replace(month=7, day=19)},
            "lapses Sat 17 Oct",
            "warn",
        ),
        (
            {"status": "approvalPending", "pending_since": NOON.replace(month=7, day=10)},
            "lapses Thu 8 Oct",
            "bad",
        ),
    ],
)
def test_how_long_it_lasts_and_how_grave_that_is(db, fields, words, grave):
    said, how_grave = gdap_words.time_left(kept(**fields), NOON)
    assert (words in said, how_grave) == (True, grave)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": "created"}, "draft"),
        ({"status": "approvalPending"}, "Nobody else can approve it"),
        ({"status": "activating"}, "nothing has to be done"),
        ({"assigned": False}, "Add security groups"),
        ({"status": "expired"}, "cannot be revived"),
        ({"status": "terminating"}, "being removed"),
        ({"status": "brandNew"}, "new name"),
        ({"listed": False}, "has it no more"),
    ],
)
def test_each_state_says_what_is_to_be_done(db, fields, words):
    assert words in " ".join(gdap_words.next_steps(kept(**fields)))
    assert gdap_words.next_steps(kept(2)) == []
