"""Every way to bill a minute that nobody approved, made as countersign_app, is refused by its rule (invariants 1, 2, 3)."""

import pytest
from django.db import connection

from billing.models import Approval, ApprovalBalance, ApprovalEnd, TimeEntry
from tests.attacks import refused, run
from tests.billing.billing_cases import at, entry, offered, requested, set_clock, signed

COLUMNS = [
    "person_id",
    "engagement_id",
    "offer_id",
    "approval_id",
    "piece",
    "text",
    "started_at",
    "stopped_at",
    "raw_minutes",
    "billed_minutes",
    "basis",
    "correction",
    "actor_kind",
    "actor_id",
    "actor_name",
]


def by_save(row):
    row.save()


def by_bulk_create(row):
    TimeEntry.objects.bulk_create([row])


def by_sql(row):
    places = ", ".join(["%s"] * len(COLUMNS))
    values = [getattr(row, name) for name in COLUMNS]
    run(f"INSERT INTO billing_timeentry ({', '.join(COLUMNS)}) VALUES ({places})", *values)


def by_copy(row):
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY billing_timeentry ({', '.join(COLUMNS)}) FROM STDIN") as copy,
    ):
        copy.write_row([getattr(row, name) for name in COLUMNS])


PATHS = [by_save, by_bulk_create, by_sql, by_copy]


@pytest.mark.parametrize("path", PATHS)
def test_only_minutes_inside_the_approval_are_billed(w, path):
    for start, stop, rule in [
        (at(8.5), at(9), "time_inside_its_approval"),
        (at(9.9), at(10.1), "time_inside_its_approval"),
        (at(17.5), at(18.1), "time_is_past"),
        (at(10), at(14.1), "used_within_cap"),
    ]:
        with refused(rule):
            path(entry(w, start, stop))
        assert ApprovalBalance.objects.get().used == 0
    path(entry(w, at(10), at(14)))
    assert ApprovalBalance.objects.get().used == 240


def test_an_entry_is_never_changed(w):
    entry(w, at(11), at(12)).save()
    for change in [{"billed_minutes": 1}, {"started_at": at(10.5)}, {"approval": None}]:
        with refused("permission denied"):
            TimeEntry.objects.update(**change)


@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM billing_timeentry",
        "TRUNCATE billing_timeentry CASCADE",
        "UPDATE billing_approvalbalance SET used = 0",
        "INSERT INTO billing_approvalbalance VALUES (99, 1, 0, now(), NULL)",
        "DELETE FROM billing_approvalbalance",
        "SET session_replication_role = replica",
        "SELECT time_entry_guard()",
        "SELECT billable_time_guard(NULL, NULL)",
        "UPDATE billing_timer SET started_at = now()",
        "UPDATE billing_month SET closed_at = NULL",
    ],
)
@pytest.mark.django_db
def test_the_app_has_no_right_to_go_round(attack):
    with refused("permission denied"):
        run(attack)


@pytest.mark.parametrize(
    "attack",
    [
        "ALTER TABLE billing_timeentry DISABLE TRIGGER guard",
        "DROP TRIGGER guard ON billing_timeentry",
        "ALTER TABLE billing_approvalbalance DROP CONSTRAINT used_within_cap",
    ],
)
@pytest.mark.django_db
def test_a_guard_is_the_owners(attack):
    with refused("must be owner"):
        run(attack)


def test_time_is_of_the_offer_and_the_engagement_that_were_approved(w):
    other = requested(w.contract, ticket=w.ticket)
    with refused("time_is_of_its_approval"):
        entry(w, at(11), at(12), engagement=other).save()
    offer = offered(w.engagement, w.robin, when=at(18), answer_by=at(20))
    with refused("time_is_of_its_approval"):
        entry(w, at(11), at(12), offer=offer).save()


def test_without_an_approval_nothing_is_billed(w):
    with refused("time_without_approval_bills_nothing"):
        entry(w, at(11), at(12), approval=None, offer=None).save()
    entry(w, at(11), at(12), approval=None, offer=None, billed=0).save()


def test_rounding_adds_less_than_an_increment(w):
    with refused("rounded_by_less_than_an_increment"):
        entry(w, at(11), at(11.5), billed=45).save()
    with refused("minutes_fit_the_interval"):
        entry(w, at(11), at(11.5), billed=0, raw_minutes=40).save()
    with refused("no_minutes_bill_nothing"):
        entry(w, at(11), at(11.5), billed=14, raw_minutes=0).save()
    entry(w, at(11), at(11.5), billed=44).save()


def test_one_person_is_in_one_place(w):
    entry(w, at(11), at(12)).save()
    with refused("one_person_once"):
        entry(w, at(11.9), at(12.5)).save()
    entry(w, at(11), at(12), person=w.max).save()


def test_superseding_frees_the_minutes_once(w):
    old = entry(w, at(10), at(14))
    old.save()
    [(new,)] = run("SELECT nextval('billing_timeentry_id_seq')")
    TimeEntry.objects.filter(pk=old.pk).update(superseded_by=new)
    entry(w, at(10), at(13), id=new).save(force_insert=True)
    connection.check_constraints()
    assert ApprovalBalance.objects.get().used == 180
    for successor in [None, 3000]:
        with refused("time_is_never_changed"):
            TimeEntry.objects.filter(pk=old.pk).update(superseded_by=successor)
    with refused("time_is_never_changed"):
        TimeEntry.objects.filter(pk=new).update(superseded_by=new)
    with refused("foreign key"):
        TimeEntry.objects.filter(pk=new).update(superseded_by=99999)


def test_a_withdrawn_approval_bills_what_was_worked_before(w):
    set_clock(at(12))
    end = ApprovalEnd(approval=w.approval, why="withdrawn", ended_at=at(23))
    end.save(force_insert=True)
    set_clock(at(18))
    assert ApprovalEnd.objects.get().ended_at == at(12)
    with refused("time_inside_its_approval"):
        entry(w, at(11), at(12.1)).save()
    entry(w, at(11), at(12)).save()


@pytest.mark.parametrize("why", ["expired", "superseded"])
def test_an_approval_ends_only_for_a_reason_that_is_true(w, why):
    with refused("expires_when_due" if why == "expired" else "superseded_by_an_offer"):
        ApprovalEnd(approval=w.approval, why=why).save(force_insert=True)


def test_the_instant_of_an_approval_is_the_databases(w):
    engagement = requested(w.contract, ticket=w.ticket)
    offer = offered(engagement, w.robin, when=at(18))
    set_clock(at(18.5))
    approval = signed(offer, w.robin, at(18.5))
    assert approval.decided_at == at(18.5)
    assert Approval.objects.get(pk=approval.pk).decided_at == at(18.5)
