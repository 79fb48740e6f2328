"""Mails before a relationship ends and before what was seen by hand is a day old: each once."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing import gdap_warning
from billing.models import GdapReading
from billing.tasks import warn_gdap
from support.mail import outbox
from support.models import File, Mail, Ticket, Visibility
from tests.billing.billing_cases import at, set_clock, world
from tests.billing.gdap_cases import EXCHANGE, kept
from tests.cases import NOON
from tests.factories import TESTS
from tests.ground import standing_on


@standing_on
def needing():
    return world(gdap=[EXCHANGE])


def warned(key: str) -> list[str]:
    return list(Mail.objects.filter(key__startswith=key).order_by("pk").values_list("subject", flat=True))


def test_a_relationship_that_ends_is_told_at_30_7_and_1_days_once_each(clock):
    kept(ends_at=NOON + timedelta(days=40))
    for hour in range(0, 41 * 24, 6):
        clock(NOON + timedelta(hours=hour))
        gdap_warning.run()
    assert [subject.split(" ends ")[1] for subject in warned("gdap-ends")] == [
        "in 30 days",
        "in 7 days",
        "in 1 day",
    ]


@pytest.mark.parametrize(
    "fields", [{"auto_extend": True}, {"status": "expired"}, {"listed": False}, {"ends_at": None}]
)
def test_what_does_not_end_or_has_ended_is_not_told(clock, fields):
    kept(**{"ends_at": NOON + timedelta(days=3), **fields})
    gdap_warning.run()
    assert warned("gdap-ends") == []


def test_a_new_end_is_told_anew(clock):
    row = kept(ends_at=NOON + timedelta(days=5))
    warn_gdap(timestamp=0)
    row.ends_at += timedelta(days=1)
    row.by(TESTS).save()
    warn_gdap(timestamp=0)
    assert len(warned("gdap-ends")) == 2


def test_whoever_owns_the_work_hears_of_it_too(needing):
    Ticket.objects.filter(pk=needing.ticket.pk).update(owner=needing.ana)
    kept(customer=needing.ticket.customer, ends_at=at(18, day=20))
    gdap_warning.run()
    assert Mail.objects.get(key__startswith="gdap-ends").to == sorted([outbox.desk(), needing.ana.email])


def seen(w, **fields):
    set_clock(at(18))
    said = {
        "status": "active",
        "source": "csv",
        "actor_kind": "staff",
        "actor_id": w.max.pk,
        "actor_name": "Max",
    }
    return GdapReading.objects.create(customer=w.ticket.customer, **said | fields)


def test_what_was_seen_by_hand_is_asked_for_again_before_a_day_is_over(needing):
    seen(needing)
    for hour, mails in [(19, 0), (37.5, 0), (38, 1), (39, 1), (43, 1)]:
        set_clock(at(hour))
        gdap_warning.run()
        assert len(warned("gdap-look-again")) == mails
    mail = Mail.objects.get(key__startswith="gdap-look-again")
    assert mail.to == [needing.max.email]
    assert "Thu 15 Oct, 18:00 (UTC)" in mail.text


@pytest.mark.parametrize("fields", [{"source": "graph"}, {"status": "terminated"}])
def test_what_is_read_by_itself_or_is_over_is_not_asked_for(needing, fields):
    seen(needing, **fields)
    set_clock(at(39))
    gdap_warning.run()
    assert warned("gdap-look-again") == []


def test_nobody_looks_again_where_nothing_waits(clock):
    w = world()
    seen(w)
    set_clock(at(39))
    gdap_warning.run()
    assert warned("gdap-look-again") == []
    set_clock(None)


@pytest.mark.parametrize("source", ["hand", "csv"])
@pytest.mark.parametrize("status", ["created", "approvalPending", "approved", "activating"])
def test_what_is_on_its_way_is_asked_for_each_day_as_long_as_tickets_wait(needing, status, source):
    seen(needing, status=status, **by_hand(source))
    for hour, mails in [(37, 0), (38, 1), (61, 1), (62, 2), (63, 2), (86, 3)]:
        set_clock(at(hour))
        gdap_warning.run()
        assert len(warned("gdap-look-again")) == mails
    assert "deadlines stand still" in Mail.objects.filter(key__startswith="gdap-look-again").last().text
    seen(needing, source="graph")
    set_clock(at(140))
    gdap_warning.run()
    assert len(warned("gdap-look-again")) == 3, "what is read by itself is waited for by itself"


def by_hand(source="hand"):
    """What a reading by hand has besides: the database asks for both."""
    if source != "hand":
        return {"source": source}
    customer = Ticket.objects.first().customer
    upload = SimpleUploadedFile("seen.png", b"picture")
    evidence = File.objects.take(
        upload, customer=customer, visibility=Visibility.INTERNAL, by=TESTS, at=at(18)
    )
    return {"source": "hand", "reason": "Seen in Partner Center.", "evidence": evidence}


def test_what_was_seen_by_hand_ends_too_and_is_told_at_30_7_and_1_days(needing):
    seen(needing, ends_at=at(18, day=14, month=12), assigned=True, **by_hand())
    for day in range(62):
        set_clock(at(18 + 24 * day))
        gdap_warning.run()
    assert [subject.split(" ends ")[1] for subject in warned("gdap-ends")] == [
        "in 30 days",
        "in 7 days",
        "in 1 day",
    ]
    assert "/gdap/" in Mail.objects.filter(key__startswith="gdap-ends").first().text


def test_a_relationship_that_is_kept_speaks_for_itself(needing):
    ends = at(18, day=20)
    kept(customer=needing.ticket.customer, ends_at=ends)
    seen(needing, ends_at=ends, **by_hand())
    gdap_warning.run()
    assert len(warned("gdap-ends")) == 1


def test_what_was_read_since_a_look_by_hand_counts(needing):
    seen(needing, ends_at=at(18, day=20), **by_hand())
    seen(needing, status="terminated", source="graph")
    gdap_warning.run()
    assert warned("gdap-ends") == []
