"""Rules of maintenance in the database: scripts, SQL and two at once get no further than the pages do."""

import pytest
from django.db import connection

from escalations import maintenance_stops
from escalations.models import MaintenanceContract, MaintenanceWindow
from support import timeline, versions
from support.actors import Actor
from support.mail import outbox
from support.models import Wait
from support.refusal import Refused
from tests.attacks import refused, run
from tests.escalations.maintenance_cases import announce, another_line, kept_contract
from tests.factories import ANA, TESTS, ContactFactory
from tests.support.desk_cases import raise_ticket, utc

WINDOW = (
    "INSERT INTO escalations_maintenancewindow (number, service_id, product_id, title, details, begins_at, ends_at, reason, replaces_id, announced_at, actor_kind, actor_id, actor_name) "
    "VALUES ('MW-1', %s, %s, 'New storage', 'x', %s, %s, %s, %s, '2020-01-01 00:00+00', %s, %s, 'x') RETURNING id"
)
CONCERNS = (
    "INSERT INTO escalations_maintenancecontract (window_id, contract_id, in_time) VALUES (%s, %s, true)"
)
NOTICE = (
    "INSERT INTO escalations_maintenancenotice (window_id, kind, text, recipients, at, actor_kind, actor_id, actor_name) "
    "VALUES (%s, %s, 'x', 0, '2020-01-01 00:00+00', %s, %s, 'x') RETURNING id"
)
TOLD = "INSERT INTO escalations_maintenancerecipient (notice_id, contact_id, mail_id) VALUES (%s, %s, %s)"
STOP = "INSERT INTO escalations_maintenancestop (window_id, ticket_id, wait_id) VALUES (%s, %s, %s)"
LEDGERS = ["window", "contract", "notice", "recipient", "stop"]
IN_TIME, TOO_SOON = "2026-11-13 00:00+00", "2026-11-12 23:59+00"


@pytest.fixture
def contract(cast, clock):
    clock(utc("2026-10-14 09:00"))
    return kept_contract(cast.northwind)


@pytest.fixture
def window(cast, clock, contract):
    return announce(cast.ana, clock, contract)


def sql_window(
    who, begins=IN_TIME, reason="", kind="staff", replaces=None, service="enghouse-premium", product=None
):
    ends = "2026-11-20 00:00+00"
    facts = [versions.latest(service).pk, product, begins, ends, reason, replaces, kind, who.pk]
    [(pk,)] = run(WINDOW, *facts)
    return pk


def sql_notice(window, who, what="announced", kind="staff"):
    [(pk,)] = run(NOTICE, window, what, kind, who.pk)
    return pk


def sql_told(notice, contact, key=None, to=None):
    key = key or f"maintenance:{notice}:{contact.pk}"
    mail = outbox.queue(key, to=[to or contact.email], subject="s", text="t", at=utc("2026-10-14 09:00"))
    run(TOLD, notice, contact.pk, mail.pk)


def told(contract):
    return contract.holder.contacts.get(nominated_for_maintenance=True)


@pytest.mark.django_db
def test_only_active_people_of_the_desk_announce_and_call_off(cast, clock, contract, window):
    cast.fin.disable(by=Actor.of(cast.max), at=utc("2026-10-14 09:00"))
    for kind, who in [
        ("contact", cast.robin_contact),
        ("staff", cast.robin),
        ("system", cast.ana),
        ("staff", cast.fin),
    ]:
        with refused("maintenance_is_the_providers"):
            sql_window(who, kind=kind)
        with refused("maintenance_is_the_providers"):
            sql_notice(window.pk, who, "withdrawn", kind)


@pytest.mark.django_db
def test_thirty_days_hold_whatever_is_sent(cast, contract):
    """The instant of the announcement and whether it is in time are the database's; a reason counts from a manager alone."""
    for who, reason, rule in [
        (cast.ana, "", "maintenance_is_announced_in_time"),
        (cast.max, " ", "maintenance_is_announced_in_time"),
        (cast.ana, "A disk fails.", "late_maintenance_is_a_managers"),
    ]:
        with refused(rule):
            run(CONCERNS, sql_window(who, TOO_SOON, reason), contract.pk)
    run(CONCERNS, pk := sql_window(cast.max, TOO_SOON, "A disk fails."), contract.pk)
    sql_told(sql_notice(pk, cast.max), told(contract))
    assert not MaintenanceContract.objects.get().in_time
    with refused("window_is_still_to_come"):
        sql_window(cast.max, "2026-10-14 08:59+00", "Now.")
    window = MaintenanceWindow.objects.get()
    assert (window.announced_at, window.number[:4]) == (utc("2026-10-14 09:00"), "MW-1")
    run(CONCERNS, pk := sql_window(cast.ana, IN_TIME), contract.pk)
    sql_told(sql_notice(pk, cast.ana), told(contract))
    assert MaintenanceContract.objects.get(window=pk).in_time


@pytest.mark.django_db
@pytest.mark.parametrize("ends", ["infinity", "2100-12-31 00:00+00", "2026-12-14 00:00:01+00"])
def test_a_window_is_of_31_days_at_most(cast, clock, contract, ends):
    """Else one that nobody withdraws stops clocks for years."""
    latest = versions.latest("enghouse-premium").pk
    with refused("window_is_of_a_month_at_most"):
        run(WINDOW, latest, None, IN_TIME, ends, "", None, "staff", cast.ana.pk)
    with pytest.raises(Refused, match="31 days at most"):
        announce(cast.ana, clock, contract, ends="2026-12-15 22:01")


@pytest.mark.django_db
def test_it_concerns_what_its_service_announces_in_the_cloud(cast, contract):
    with refused("maintenance_of_a_service_that_announces_it"):
        sql_window(cast.ana, service="exponential-e-ucc")
    for wrong, rule in [
        (kept_contract(service="enghouse-standard"), "window_concerns_contracts_of_its_service"),
        (kept_contract(deployment="on_premises"), "window_concerns_the_cloud"),
    ]:
        with refused(rule):
            run(CONCERNS, sql_window(cast.ana), wrong.pk)
    premises = another_line(contract, "on_premises").product
    with refused("window_concerns_the_cloud"):
        run(CONCERNS, sql_window(cast.ana, product=premises.pk), contract.pk)
    contract.ends_on = utc("2026-11-12 12:00").date()
    contract.by(TESTS).save()
    with refused("window_concerns_contracts_in_force"):
        run(CONCERNS, sql_window(cast.ana), contract.pk)


@pytest.mark.django_db
def test_a_window_is_told_to_everybody_and_to_nobody_else(cast, contract):
    stranger = ContactFactory(nominated_for_maintenance=True)

    def announced():
        window = sql_window(cast.ana)
        run(CONCERNS, window, contract.pk)
        return sql_notice(window, cast.ana)

    with refused("window_is_announced"):
        run(CONCERNS, sql_window(cast.ana), contract.pk)
    with refused("window_concerns_a_contract"):
        sql_notice(sql_window(cast.ana), cast.ana)
    with refused("window_is_told_to_everybody"):
        announced()
    with refused("maintenance_is_told_to_the_nominated"):
        sql_told(announced(), stranger)
    with refused("told_of_maintenance_by_his_own_mail"):
        sql_told(announced(), told(contract), to="x@elsewhere.example")
    with refused("told_of_maintenance_by_his_own_mail"):
        sql_told(announced(), told(contract), key="another")
    notice = announced()
    sql_told(notice, told(contract))
    connection.check_constraints()
    late = ContactFactory(customer=contract.holder, nominated_for_maintenance=True)
    with refused("window_is_told_to_everybody"):
        sql_told(notice, late)
    with refused("window_is_told_to_everybody"):
        window = sql_window(cast.ana)
        run(CONCERNS, window, kept_contract(contacts=0).pk)
        sql_notice(window, cast.ana)


@pytest.mark.django_db
def test_what_is_announced_is_never_changed(cast, clock, contract, window):
    with refused("window_is_never_changed"):
        run(CONCERNS, window.pk, kept_contract().pk)
    with refused("window_announced_once"):
        sql_notice(window.pk, cast.ana)
    with refused("window_notice_of_a_known_kind"):
        sql_notice(window.pk, cast.ana, "changed")
    with refused("window_moves_with_its_contracts"):
        sql_notice(window.pk, cast.ana, "moved")
    clock(utc("2026-11-15 02:00"))
    with refused("window_is_over"):
        sql_notice(window.pk, cast.ana, "withdrawn")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "attack",
    [
        "SELECT nextval('escalations_maintenance_number')",
        "SELECT maintenance_audience(1, 'announced')",
        *(
            f"{what} escalations_maintenance{table}{rest}"
            for table in LEDGERS
            for what, rest in [("UPDATE", " SET id = id"), ("DELETE FROM", ""), ("TRUNCATE", " CASCADE")]
        ),
    ],
)
def test_what_was_recorded_stays(window, attack):
    with refused("permission denied"):
        run(attack)


@pytest.mark.django_db
def test_a_window_that_moves_says_so_and_stays_what_it_was(cast, contract, window):
    with refused("window_moves_once"):
        successor = sql_window(cast.ana, replaces=window.pk)
        run(CONCERNS, successor, contract.pk)
        sql_told(sql_notice(successor, cast.ana), told(contract))
    with refused("window_moves_as_it_is"):
        sql_window(cast.ana, replaces=window.pk, product=contract.lines.get().product_id)
    with refused("window_moves_with_its_contracts"):
        other = kept_contract()
        successor = sql_window(cast.ana, replaces=window.pk)
        run(CONCERNS, successor, other.pk)
        sql_notice(window.pk, cast.ana, "moved")


@pytest.mark.django_db
def test_no_wait_stops_a_clock_as_maintenance_without_its_window(cast, clock, contract, window):
    product = contract.lines.get().product
    ticket = raise_ticket(contract, utc("2026-11-14 20:00"), priority="P1", product=product)
    clock(utc("2026-11-14 22:00"))
    with refused("announced_waits_have_a_window"):
        Wait.begin(ticket, reason="maintenance", announced_in_time=True, by=ANA, at=utc("2026-11-14 22:00"))
    with refused("announced_waits_have_a_window"):
        timeline.record(
            ticket,
            "wait.started",
            by=ANA,
            at=utc("2026-11-14 22:00"),
            id=7,
            reason="maintenance",
            announced_in_time=True,
        )
    ticket.refresh_from_db()
    wait = Wait.begin(ticket, reason="maintenance", by=ANA, at=utc("2026-11-14 22:00"))
    other = Wait.begin(ticket, reason="vendor", by=ANA, at=utc("2026-11-14 22:00"))
    with refused("stopped_by_its_own_wait"):
        run(STOP, window.pk, ticket.pk, other.pk)
    for at in ("2026-11-14 21:59", "2026-11-15 02:00"):
        clock(utc(at))
        with refused("stopped_while_it_goes_on"):
            run(STOP, window.pk, ticket.pk, wait.pk)
    late = announce(cast.max, clock, contract, at="2026-11-14 10:00", begins="2026-11-14 21:00", reason="x")
    clock(utc("2026-11-14 22:00"))
    with refused("stopped_where_announced_in_time"):
        run(STOP, late.pk, ticket.pk, wait.pk)


@pytest.mark.django_db
def test_who_was_let_go_on_by_hand_is_not_stopped_again_by_a_script(clock, contract, window):
    product = contract.lines.get().product
    ticket = raise_ticket(contract, utc("2026-11-14 20:00"), priority="P1", product=product)
    clock(utc("2026-11-14 22:00"))
    maintenance_stops.sweep()
    first = ticket.waits.get()
    first.end(by=ANA, at=clock(utc("2026-11-14 22:10")))
    with refused("stopped_by_its_own_wait"):
        run(STOP, window.pk, ticket.pk, first.pk)
    wait = Wait.begin(ticket, reason="maintenance", by=ANA, at=clock(utc("2026-11-14 22:20")))
    with refused("let_go_on_by_hand"):
        run(STOP, window.pk, ticket.pk, wait.pk)
