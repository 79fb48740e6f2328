"""Rules of outages in the database: scripts, SQL and two at once get no further than the pages do."""

import pytest
from django.db import connection, transaction

from escalations import outages
from escalations.models import DueNotice, Notice, NoticeRecipient, Outage
from support import versions
from support.actors import Actor
from support.mail import outbox
from support.models import Mail
from tests.attacks import refused, run
from tests.cases import Cast
from tests.escalations.outage_cases import act, declare, hit_contract, send, skip
from tests.factories import ContactFactory
from tests.support.desk_cases import contract_under, raise_ticket, utc

OUTAGE = (
    "INSERT INTO escalations_outage (number, service_id, priority, title, began_at, state, actor_kind, actor_id, actor_name) "
    "VALUES ('OUT-1', %s, %s, 'Down', %s, %s, %s, %s, 'x') RETURNING id"
)
HIT = (
    "INSERT INTO escalations_outagecontract (outage_id, contract_id, actor_kind, actor_id, actor_name) "
    "VALUES (%s, %s, 'staff', %s, 'Ana')"
)
LINK = HIT.replace("outagecontract", "outageticket").replace("contract_id", "ticket_id")
STEP = (
    "INSERT INTO escalations_outagestep (outage_id, kind, text, ended_at, phone, code, actor_kind, actor_id, actor_name) "
    "VALUES (%s, %s, 'x', %s, '', '', %s, %s, 'Ana')"
)
NOTICE = (
    "INSERT INTO escalations_notice (outage_id, position, due_id, kind, what, details, impact, reason, recipients, at, actor_kind, actor_id, actor_name) "
    "VALUES (%s, 77, %s, 'resolution', %s, %s, %s, %s, 0, '2030-01-01 00:00+00', 'staff', %s, 'Ana') RETURNING id"
)
RECEIVED = "INSERT INTO escalations_noticerecipient (notice_id, contact_id, mail_id) VALUES (%s, %s, %s)"
LEDGERS = ["outagecontract", "outageticket", "outagestep", "notice", "noticerecipient"]


@pytest.fixture
def contract(cast, clock):
    clock(utc("2026-10-14 09:00"))
    return hit_contract(cast.northwind)


@pytest.fixture
def outage(cast, clock, contract):
    return declare(cast, clock, contract)


def sql_outage(who, priority="A", service="microsoft-o365-dedicated", state="open", kind="staff"):
    [(pk,)] = run(OUTAGE, versions.latest(service).pk, priority, "2026-10-14 09:00+00", state, kind, who.pk)
    return pk


def sql_notice(outage, who, what="sent", said="x", reason="", due="owed"):
    if due == "owed":
        owed = outage.dues.filter(notice=None).order_by("position").first() if what == "skipped" else None
        due = owed and owed.pk
    [(pk,)] = run(NOTICE, outage.pk, due, what, said, said, reason, who.pk)
    return pk


def mail_to(contact, key):
    return outbox.queue(key, to=[contact.email], subject="s", text="t", at=utc("2026-10-14 09:00"))


@pytest.mark.django_db
@pytest.mark.parametrize("priority", ["1", "A"])
def test_severity_1_and_any_other_is_declared_by_active_people_of_the_desk_alone(
    cast, clock, contract, priority
):
    for kind, who in [
        ("contact", cast.robin_contact),
        ("staff", cast.robin),
        ("system", cast.ana),
        ("contact", cast.ana),
    ]:
        with refused("outages_are_the_providers"):
            sql_outage(who, priority, kind=kind)
    cast.fin.disable(by=Actor.of(cast.max), at=utc("2026-10-14 09:00"))
    with refused("outages_are_the_providers"):
        sql_outage(cast.fin, priority)
    with refused("outage_hits_a_contract"):
        sql_outage(cast.ana, priority)


@pytest.mark.django_db
def test_an_outage_is_of_its_services_priorities_and_number_state_and_instant_are_the_databases(
    cast, clock, contract
):
    for service, priority in [
        ("microsoft-o365-dedicated", "B"),
        ("exponential-e-ucc", "Critical"),
        ("calltower-ese", "P1"),
        ("enghouse-premium", "P2"),
    ]:
        with refused("outage_of_the_services_priorities"):
            sql_outage(cast.ana, priority, service)
    pk = sql_outage(cast.ana, "1", state="open")
    run(HIT, pk, contract.pk, cast.ana.pk)
    row = Outage.objects.get()
    assert (row.state, row.declared_at) == ("open", utc("2026-10-14 09:00"))
    assert row.number.startswith("OUT-")
    assert DueNotice.objects.get().due_at == utc("2026-10-14 10:00")


@pytest.mark.django_db
def test_it_hits_contracts_and_tickets_of_its_service_and_customers_alone(cast, clock, outage):
    other, ended = contract_under("exponential-e-ucc"), hit_contract()
    with refused("outage_hits_contracts_of_its_service"):
        run(HIT, outage.pk, other.pk, cast.ana.pk)
    ended.ends_on = utc("2026-10-13 00:00").date()
    ended.by(Actor.of(cast.max)).save()
    with refused("outage_hits_contracts_in_force"):
        run(HIT, outage.pk, ended.pk, cast.ana.pk)
    with refused("outages_are_the_providers"):
        run(HIT, outage.pk, other.pk, cast.robin.pk)
    ticket = raise_ticket(other, utc("2026-10-14 09:00"), priority="Critical")
    with refused("outage_is_behind_tickets_of_its_customers"):
        run(LINK, outage.pk, ticket.pk, cast.ana.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE escalations_outage SET state = 'closed'",
        "UPDATE escalations_outage SET ended_at = began_at",
        "DELETE FROM escalations_outage",
        "TRUNCATE escalations_outage CASCADE",
        "DELETE FROM escalations_duenotice",
        "UPDATE escalations_duenotice SET due_at = due_at + interval '1 day'",
        "INSERT INTO escalations_duenotice (outage_id, position, warn_at, due_at) VALUES (1, 1, now(), now())",
        "SELECT nextval('escalations_outage_number')",
        "SELECT notice_owed(1, now(), '1 h')",
        *(
            f"{what} escalations_{table}{rest}"
            for table in LEDGERS
            for what, rest in [("UPDATE", " SET id = id"), ("DELETE FROM", ""), ("TRUNCATE", " CASCADE")]
        ),
    ],
)
def test_what_was_recorded_stays(cast, clock, outage, attack):
    send(outage, cast, clock, "2026-10-14 09:30")
    with refused("permission denied"):
        run(attack)


@pytest.mark.django_db
def test_states_go_resolved_validated_closed_and_no_other_way(cast, clock, outage):
    ana = cast.ana.pk
    for kind in ["validated", "unresolved"]:
        with refused("outage_step_by_step"):
            run(STEP, outage.pk, kind, None, "staff", ana)
    with refused("outage_step_of_a_known_kind"):
        run(STEP, outage.pk, "closed", None, "staff", ana)
    with refused("outage_ends_after_it_began"):
        run(STEP, outage.pk, "resolved", "2026-10-14 08:59+00", "staff", ana)
    with refused("outage_time_is_past"):
        run(STEP, outage.pk, "resolved", "2026-10-14 09:02+00", "staff", ana)
    with refused("outages_are_the_providers"):
        run(STEP, outage.pk, "resolved", "2026-10-14 09:00+00", "contact", cast.robin_contact.pk)
    run(STEP, outage.pk, "resolved", "2026-10-14 09:00+00", "staff", ana)
    with refused("outage_step_by_step"):
        run(STEP, outage.pk, "resolved", "2026-10-14 09:00+00", "staff", ana)
    run(STEP, outage.pk, "validated", None, "staff", ana)
    with refused("outage_step_by_step"):
        run(STEP, outage.pk, "unresolved", None, "staff", ana)
    with refused("resolution_is_told"):
        sql_notice(outage, cast.ana, "skipped", "", "no")
    send(outage, cast, clock, "2026-10-14 09:30")
    assert outage.state == "closed"
    with refused("outage_is_closed"):
        run(STEP, outage.pk, "unresolved", None, "staff", ana)
    with refused("outage_is_closed"):
        sql_notice(outage, cast.ana)


@pytest.mark.django_db
def test_place_kind_and_number_of_recipients_of_a_notice_are_the_databases(cast, clock, outage):
    with refused("notice_reaches_its_audience"):  # at the commit: it goes to one, and nobody was written down
        sql_notice(outage, cast.ana)
    deaf = declare(cast, clock, hit_contract(cast.tailspin, contacts=0))
    with refused("notice_is_told_to_somebody"):
        sql_notice(deaf, cast.ana)
    row = skip(outage, cast, clock, "2026-10-14 09:45")
    clock(utc("2026-10-14 11:30"))
    assert (row.position, row.kind) == (1, "first")
    for words in [("sent", "x", "why"), ("sent", " ", ""), ("skipped", "", " "), ("skipped", "x", "why")]:
        with refused("notice_says_what_or_why_not"):
            sql_notice(outage, cast.ana, *words)


@pytest.mark.django_db
def test_only_the_audience_is_told_each_by_a_mail_of_his_own(cast, clock, outage):
    ContactFactory(customer=cast.tailspin, nominated_for_outages=True)
    [nominated] = cast.northwind.contacts.filter(nominated_for_outages=True)
    strangers = [cast.kim_contact, cast.robin_contact, cast.tailspin.contacts.get(nominated_for_outages=True)]
    with transaction.atomic():
        for stranger in strangers:
            with refused("only_the_audience_is_told"):
                pk = sql_notice(outage, cast.ana)
                key = f"notice:{pk}:{stranger.pk}"
                run(RECEIVED, pk, stranger.pk, mail_to(stranger, key).pk)
        for key, to in [("x", nominated), ("notice:{}:{}", strangers[0])]:
            with refused("a_recipient_has_his_own_mail"):
                pk = sql_notice(outage, cast.ana)
                run(RECEIVED, pk, nominated.pk, mail_to(to, key.format(pk, nominated.pk)).pk)
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_nobody_is_added_to_a_notice_that_has_gone_out(cast, clock, outage):
    row = send(outage, cast, clock, "2026-10-14 09:30")
    late = ContactFactory(customer=cast.northwind, nominated_for_outages=True)
    mail = mail_to(late, f"notice:{row.pk}:{late.pk}")
    with refused("notice_reaches_its_audience"):
        run(RECEIVED, row.pk, late.pk, mail.pk)
    with (
        refused("notice_reaches_its_audience"),
        connection.cursor() as cursor,
        cursor.copy("COPY escalations_noticerecipient (notice_id, contact_id, mail_id) FROM STDIN") as into,
    ):
        into.write_row((row.pk, late.pk, mail.pk))
    assert NoticeRecipient.objects.count() == 1


@pytest.mark.django_db
def test_the_desk_is_told_never_early_and_once(cast, clock, outage):
    clock(utc("2026-10-14 09:44"))
    with refused("warned_once_and_in_time"):
        run("UPDATE escalations_duenotice SET warned_at = now()")
    with refused("told_once_and_in_time"):
        run("UPDATE escalations_duenotice SET told_at = '2020-01-01 00:00+00'")
    now = clock(utc("2026-10-14 10:00"))
    run("UPDATE escalations_duenotice SET warned_at = '2020-01-01 00:00+00', told_at = '2020-01-01 00:00+00'")
    row = DueNotice.objects.get()
    assert (row.warned_at, row.told_at) == (now, now)
    for column, rule in [("told_at", "told_once"), ("warned_at", "warned_once")]:
        with refused(rule):
            run(f"UPDATE escalations_duenotice SET {column} = NULL")


def test_guards_refuse_to_judge_by_an_old_snapshot(own_database):
    cast = Cast.made()
    with refused("judged_by_what_is_committed"):
        run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        sql_outage(cast.ana)


@pytest.mark.django_db
def test_a_notice_that_is_rolled_back_leaves_no_mail(cast, clock, outage):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        send(outage, cast, clock, "2026-10-14 09:30")
        raise ZeroDivisionError
    assert not Mail.objects.exists()
    assert not Notice.objects.exists()
    act(outages.resolve, outage, cast, clock, "2026-10-14 09:40")
    assert outage.state == "resolved"
