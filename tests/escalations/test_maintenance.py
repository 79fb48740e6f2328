"""Maintenance is announced to whoever is nominated, 30 calendar days ahead or with a manager's reason; withdrawn and moved with a word."""

import pytest

from escalations import maintenance
from escalations.models import MaintenanceNotice, MaintenanceRecipient, MaintenanceWindow
from support import versions
from support.models import Mail
from support.refusal import Refused
from tests.escalations.maintenance_cases import announce, another_line, kept_contract, move, withdraw
from tests.factories import TESTS, ContactFactory
from tests.support.desk_cases import contract_under, utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(cast):
    cast.northwind.time_zone = "Europe/London"
    cast.northwind.by(TESTS).save()
    return kept_contract(cast.northwind, zone="America/New_York")


def test_each_nominated_contact_gets_one_mail_with_date_time_and_duration_in_his_zone(cast, clock, contract):
    other = kept_contract(contacts=2)
    window = announce(cast.ana, clock, contract, other)
    assert window.number.startswith("MW-")
    told = MaintenanceRecipient.objects.filter(notice__window=window)
    assert told.count() == 3
    assert {row.contact.nominated_for_maintenance for row in told} == {True}
    mail = told.get(contact__customer=contract.holder).mail
    assert mail.subject == f"[{window.number}] Maintenance announced: New storage"
    for words in [
        "Begins: Sat 14 Nov 2026, 17:00 (America/New_York)",
        "Ends: Sat 14 Nov 2026, 21:00 (America/New_York)",
        "Duration: 4 h",
        "The array is replaced",
        f"/my/maintenance/{window.number}/",
    ]:
        assert words in mail.text
    assert mail.key == f"maintenance:{told[0].notice_id}:{told.get(mail=mail).contact_id}"


@pytest.mark.parametrize(
    ("at", "begins", "in_time"),
    [
        ("2026-10-14 09:00", "2026-11-13 00:00", True),  # London: midnight of the thirtieth day
        ("2026-10-14 09:00", "2026-11-12 23:59", False),
        ("2026-10-14 22:59", "2026-11-13 00:00", True),  # 23:59 of the 14th, while the clocks are forward
        ("2026-10-14 23:00", "2026-11-13 12:00", False),  # London's 15th
    ],
)
def test_thirty_days_are_calendar_days_of_the_customers_zone(cast, clock, contract, at, begins, in_time):
    def said(who, **fields):
        return announce(who, clock, contract, at=at, begins=begins, ends="2026-11-20 00:00", **fields)

    assert (maintenance.earliest(contract, utc(at)) <= utc(begins)) is in_time
    if in_time:
        assert said(cast.ana).contracts.get().in_time
        return
    with pytest.raises(Refused, match="at least 30 days before"):
        said(cast.ana)
    with pytest.raises(Refused, match="Only a support manager"):
        said(cast.ana, reason="A disk fails.")
    with pytest.raises(Refused, match="at least 30 days before"):
        said(cast.max, reason=" ")
    assert not Mail.objects.exists()
    window = said(cast.max, reason="A disk fails.")
    assert not window.contracts.get().in_time
    assert "A disk fails" not in Mail.objects.earliest("pk").text


def test_one_window_is_in_time_for_one_customer_and_late_for_another(cast, clock, contract):
    auckland = kept_contract()
    auckland.holder.time_zone = "Pacific/Auckland"
    auckland.holder.by(TESTS).save()
    said = {"at": "2026-10-14 12:00", "begins": "2026-11-13 09:00", "ends": "2026-11-13 11:00"}
    with pytest.raises(Refused, match=auckland.number):
        announce(cast.ana, clock, contract, auckland, **said)  # there it is the 15th already
    window = announce(cast.max, clock, contract, auckland, reason="Agreed by phone.", **said)
    assert dict(window.contracts.values_list("contract__number", "in_time")) == {
        contract.number: True,
        auckland.number: False,
    }


def test_it_concerns_contracts_in_the_cloud_whose_service_announces_maintenance(cast, clock, contract):
    found = maintenance.scopes(utc("2026-10-14 09:00"))
    product = contract.lines.get().product
    assert [(scope.code, scope.product) for scope in found] == [
        ("enghouse-premium", None),
        ("enghouse-premium", product),
    ]
    premises = kept_contract(deployment="on_premises")
    other_service = contract_under("exponential-e-ucc", holder=cast.northwind)
    standard = kept_contract(service="enghouse-standard")
    for wrong, sentence in [
        ([contract, premises], "in the cloud"),
        ([contract, other_service], "does not announce"),
        ([contract, standard], "does not announce"),
        ([], "Choose at least one"),
    ]:
        with pytest.raises(Refused, match=sentence):
            announce(cast.ana, clock, *wrong)
    with pytest.raises(Refused, match="in the cloud"):
        announce(cast.ana, clock, contract, product=standard.lines.get().product)
    line = another_line(contract, "on_premises")
    with pytest.raises(Refused, match="in the cloud"):
        announce(cast.ana, clock, contract, product=line.product)


def test_a_customer_who_has_named_nobody_is_not_announced_to(cast, clock):
    contract = kept_contract(contacts=0)
    with pytest.raises(Refused, match=f"Nobody of {contract.holder.name} is nominated"):
        announce(cast.ana, clock, contract)
    assert not MaintenanceWindow.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"begins": "2026-10-14 08:59", "at": "2026-10-14 09:00"}, "still to come"),
        ({"ends": "2026-11-14 22:00"}, "ends after it begins"),
        ({"title": " "}, "title of one line"),
        ({"title": "\n\x0b"}, "title of one line"),
        ({"details": "  "}, "what is done"),
    ],
)
def test_what_a_window_says_is_whole(cast, clock, contract, wrong, sentence):
    with pytest.raises(Refused, match=sentence):
        announce(cast.max, clock, contract, reason="Soon.", **wrong)


def test_a_title_is_one_line_however_it_was_typed(cast, clock, contract):
    assert announce(cast.ana, clock, contract, title="New\tstorage\r\n").title == "New storage"


def test_a_contract_that_has_ended_by_then_is_left_out(cast, clock, contract):
    contract.ends_on = utc("2026-11-13 12:00").date()
    contract.by(TESTS).save()
    with pytest.raises(Refused, match="not in force then"):
        announce(cast.ana, clock, contract)


def test_whoever_was_told_hears_that_it_is_withdrawn_once(cast, clock, contract):
    window = announce(cast.ana, clock, contract)
    heard = MaintenanceRecipient.objects.get().contact
    heard.nominated_for_maintenance = False
    heard.by(TESTS).save()
    withdraw(window, cast.ana, clock, "2026-10-20 09:00")
    mail = Mail.objects.latest("pk")
    assert (mail.to, mail.subject) == ([heard.email], f"[{window.number}] Maintenance withdrawn: New storage")
    assert "The supplier cannot come." in mail.text
    with pytest.raises(Refused, match="withdrawn or moved already"):
        withdraw(window, cast.ana, clock, "2026-10-21 09:00")
    heard.nominated_for_maintenance = True
    heard.by(TESTS).save()
    with pytest.raises(Refused, match="withdrawn or moved already"):
        move(window, cast.ana, clock, "2026-10-21 09:00", "2026-12-14 22:00", "2026-12-14 23:00")
    assert Mail.objects.count() == 2


def test_a_move_is_another_window_and_one_mail_that_says_both_times(cast, clock, contract):
    window = announce(cast.ana, clock, contract)
    with pytest.raises(Refused, match="30 days before"):
        move(window, cast.ana, clock, "2026-10-20 09:00", "2026-11-16 22:00", "2026-11-17 02:00")
    moved = move(window, cast.ana, clock, "2026-10-20 09:00", "2026-12-01 22:00", "2026-12-02 02:00")
    assert moved.replaces == window
    assert MaintenanceNotice.objects.filter(window=window).latest("pk").kind == "moved"
    mail = Mail.objects.latest("pk")
    assert mail.subject == f"[{moved.number}] Maintenance moved: New storage"
    for words in ["Tue 1 Dec 2026, 17:00", "Instead of: Sat 14 Nov 2026, 17:00", "The supplier comes later."]:
        assert words in mail.text
    assert Mail.objects.count() == 2


def test_a_move_past_the_end_of_a_contract_says_what_to_do_and_that_can_be_done(cast, clock, contract):
    other = kept_contract()
    window = announce(cast.ana, clock, contract, other)
    other.ends_on = utc("2026-11-30 12:00").date()
    other.by(TESTS).save()
    later = ("2026-12-01 22:00", "2026-12-02 02:00")
    with pytest.raises(
        Refused, match=f"without what has ended by then: contract {other.number}\\."
    ) as refused:
        move(window, cast.ana, clock, "2026-10-20 09:00", *later)
    assert refused.value.field == "begins_at"
    assert Mail.objects.count() == 2
    withdraw(window, cast.ana, clock, "2026-10-20 09:00")
    announce(cast.ana, clock, contract, at="2026-10-20 09:01", begins=later[0], ends=later[1])
    told = [mail.subject.split(" ", 1)[1].partition(":")[0] for mail in Mail.objects.order_by("pk")]
    assert told == ["Maintenance announced"] * 2 + ["Maintenance withdrawn"] * 2 + ["Maintenance announced"]


@pytest.mark.parametrize(
    "how", ["no service", "another service", "no customer any more", "nothing in the cloud", "later"]
)
def test_a_move_with_a_contract_to_which_it_is_not_announced_any_more_says_what_to_do(
    cast, clock, contract, how
):
    other = kept_contract()
    window = announce(cast.ana, clock, contract, other)
    if how == "nothing in the cloud":
        for line in other.lines.all():
            line.deployment = "on_premises"
            line.by(TESTS).save()
    elif how == "later":
        other.starts_on = utc("2026-12-24 12:00").date()
        other.by(TESTS).save()
    elif how == "no customer any more":
        other.holder.active = False
        other.holder.by(TESTS).save()
    else:
        other.support_service = versions.latest("exponential-e-ucc") if "another" in how else None
        other.by(TESTS).save()
    with pytest.raises(
        Refused, match=f"Withdraw this window and announce it anew .*: contract {other.number}"
    ):
        move(window, cast.ana, clock, "2026-10-20 09:00", "2026-12-01 22:00", "2026-12-02 02:00")
    assert type(window).objects.count() == 1


def test_a_move_to_the_last_day_of_a_contract_is_one(cast, clock, contract):
    window = announce(cast.ana, clock, contract)
    contract.ends_on = utc("2026-12-01 12:00").date()
    contract.by(TESTS).save()
    moved = move(window, cast.ana, clock, "2026-10-20 09:00", "2026-12-01 22:00", "2026-12-02 02:00")
    assert moved.contracts.get().contract == contract


def test_what_is_over_is_not_called_off(cast, clock, contract):
    window = announce(cast.ana, clock, contract)
    with pytest.raises(Refused, match="is over"):
        withdraw(window, cast.ana, clock, "2026-11-15 02:00")


def test_who_was_told_the_old_time_is_told_the_new_one_though_nominated_no_more(cast, clock, contract):
    window = announce(cast.ana, clock, contract)
    known = contract.holder.contacts.get(nominated_for_maintenance=True)
    ContactFactory(customer=contract.holder, nominated_for_maintenance=True)
    known.nominated_for_maintenance = False
    known.by(TESTS).save()
    moved = move(window, cast.ana, clock, "2026-10-15 09:00", "2026-11-20 22:00", "2026-11-21 02:00")
    again = move(moved, cast.ana, clock, "2026-10-16 09:00", "2026-11-21 22:00", "2026-11-22 02:00")
    for each in (moved, again):
        assert MaintenanceRecipient.objects.filter(contact=known, notice__window=each).count() == 1
        assert each.notices.get(kind="announced").recipients == 2
    known.active = False
    known.by(TESTS).save()
    last = move(again, cast.ana, clock, "2026-10-17 09:00", "2026-11-22 22:00", "2026-11-23 02:00")
    assert not MaintenanceRecipient.objects.filter(contact=known, notice__window=last).exists()
