"""Rules about people and contracts that the database holds on every path."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from support.mail import outbox
from support.models import Contact, Customer, PartnerGrant, ServiceKind, ServiceVersion, User
from tests.attacks import refused, run
from tests.cases import NOON
from tests.factories import (
    TESTS,
    ContactFactory,
    ContractFactory,
    CustomerFactory,
    LegalEntityFactory,
    ServiceVersionFactory,
    UserFactory,
    granted,
)

pytestmark = pytest.mark.django_db


def test_we_serve_as_the_app_and_reset_role_leads_back_to_it():
    assert run("SELECT current_user") == [("countersign_app",)]
    run("RESET ROLE")
    assert run("SELECT current_user") == [("countersign_app",)]


def test_staff_is_never_a_contact():
    with refused("contact_is_never_staff"):
        ContactFactory(user=UserFactory(kind="staff"))


def test_a_contact_never_becomes_staff(cast):
    cast.robin.kind, cast.robin.email = "staff", "robin@desk.example"
    with refused("contact_is_never_staff"):
        cast.robin.save()


@pytest.mark.parametrize("address", ["ana@staff.example", "Ana@Staff.Example", "ana+northwind@staff.example"])
def test_nobody_of_the_desk_is_a_contact_under_any_spelling(cast, address):
    with refused("contacts_are_not_of_the_desk"):
        ContactFactory(customer=cast.northwind, email=address)
    cast.robin_contact.email = address
    with refused("contacts_are_not_of_the_desk"):
        cast.robin_contact.by(TESTS).save()
    ContactFactory(customer=cast.northwind, email="ana+staff@example.example")


def test_a_contacts_address_is_nobodys_of_the_desk(cast):
    with refused("contacts_are_not_of_the_desk"):
        UserFactory(kind="staff", email="robin+x@customer.example")
    cast.robin_contact.active = False
    cast.robin_contact.by(TESTS).save()
    UserFactory(kind="staff", email="robin+x@customer.example")


def test_what_roles_may_do_is_not_the_apps_to_say(cast):
    for sql in [
        "UPDATE auth_group SET name = 'Agents' WHERE name = 'Finance'",
        "INSERT INTO auth_group_permissions (group_id, permission_id) SELECT 1, 1",
        "DELETE FROM django_migrations",
        "UPDATE support_mail SET text = ''",
        "UPDATE support_file SET sha256 = ''",
        "UPDATE support_wait SET reason = 'other'",
        "DELETE FROM support_submission",
        "DELETE FROM support_mail_files",
        "UPDATE support_message_files SET file_id = file_id",
        "DELETE FROM django_admin_log",
    ]:
        with refused("permission denied"):
            run(sql)


def test_what_was_told_is_told_once():
    outbox.queue("k", to=["a@b.example"], subject="s", text="t", at=NOON)
    run("UPDATE support_mail SET state = 'sent', sent_at = '2026-11-17 12:00Z'")
    run(
        "INSERT INTO support_submission (key, path, body_sha256, location) VALUES (gen_random_uuid(), '/', '', '/done/')"
    )
    for sql in [
        "UPDATE support_mail SET state = 'queued', sent_at = NULL",
        "UPDATE support_mail SET sent_at = '2026-11-18 12:00Z'",
        "UPDATE support_submission SET location = '/elsewhere/'",
    ]:
        with refused("told_once"):
            run(sql)


@pytest.mark.parametrize(
    "email",
    ["róbin@customer.example", "robin@сustomer.example", "ro bin@b.example", "robin@localhost", "@b.example"],
)
def test_an_address_is_plain(cast, email):
    """The Cyrillic с of the second looks like the Latin one."""
    with pytest.raises(ValidationError):
        ContactFactory.build(customer=cast.northwind, email=email).clean_fields(exclude=["user"])
    with refused("contact_address_is_plain"):
        ContactFactory(customer=cast.northwind, email=email)
    with refused("user_address_is_plain"):
        UserFactory(email=email)


@pytest.mark.parametrize("name", ["\u202e", "\u3164", "4711", "Ana\u2028Lee", "Ana\u202eeeL"])
@pytest.mark.parametrize("factory", [UserFactory, ContactFactory])
def test_a_name_can_be_read(name, factory):
    person = factory.build(name=name)
    with pytest.raises(ValidationError, match="with letters alone"):
        person.clean_fields(exclude=["user", "customer", "password"])


def test_partners_have_no_partner():
    partner = CustomerFactory(partner=CustomerFactory())
    with refused("partners_have_no_partner"):
        CustomerFactory(partner=partner)


def test_a_partner_of_somebody_gets_no_partner_himself():
    partner = CustomerFactory()
    CustomerFactory(partner=partner)
    partner.partner = CustomerFactory()
    with refused("partners_have_no_partner"):
        partner.save()


def test_a_customer_is_shown_to_its_own_partner_alone(cast):
    """Whoever was the partner sees nothing more, so the partner stays while a grant to one of his contacts stands."""
    with refused("grants_are_of_the_partner"):
        PartnerGrant(contact=cast.kim_contact, customer=cast.northwind).by(TESTS).save()
    grant = granted(cast.kim_contact, cast.northwind)
    cast.northwind.partner = CustomerFactory()
    with refused("granted_customers_keep_their_partner"):
        cast.northwind.by(TESTS).save()
    grant.by(TESTS).delete()
    cast.northwind.by(TESTS).save()
    with refused("grants_are_of_the_partner"):
        PartnerGrant(contact=cast.kim_contact, customer=cast.northwind).by(TESTS).save()


@pytest.mark.parametrize("factory", [ContractFactory, LegalEntityFactory])
def test_amounts_are_of_currencies_with_cents(factory):
    for code in ("JPY", "jpy"):
        with refused("_currency_has_cents"):
            factory(currency=code)
    kept = factory(currency="usd")
    kept.refresh_from_db()
    assert kept.currency == "USD"
    with pytest.raises(ValidationError, match="two decimals"):
        factory.build(currency="KWD").clean_fields(exclude=[])


def test_a_contract_pins_services_of_the_right_kind():
    support, engagement = ServiceVersionFactory(), ServiceVersionFactory(kind=ServiceKind.ENGAGEMENT)
    ContractFactory(support_service=support, engagement_service=engagement)
    connection.check_constraints()
    with refused("contract_pins_a_support_service"):
        ContractFactory(support_service=engagement)
    with refused("contract_pins_an_engagement_service"):
        ContractFactory(engagement_service=support)


def test_definitions_are_only_ever_added():
    version = ServiceVersionFactory()
    for attack in [
        lambda: ServiceVersion.objects.update(name="Z"),
        lambda: version.delete(),
        lambda: run("TRUNCATE support_serviceversion CASCADE"),
    ]:
        with refused("permission denied"):
            attack()


@pytest.mark.parametrize("model", [User, Contact, Customer])
def test_people_are_disabled_never_deleted(cast, model):
    with refused("permission denied"):
        run(f"DELETE FROM {model._meta.db_table}")


def test_two_people_cannot_share_an_address_in_another_case(cast):
    with refused("one_user_per_email"):
        UserFactory(email=cast.ana.email.upper())


def test_a_contact_stays_with_its_customer(cast):
    cast.robin_contact.customer = cast.tailspin
    with refused("contacts_stay_with_their_customer"):
        cast.robin_contact.save()
