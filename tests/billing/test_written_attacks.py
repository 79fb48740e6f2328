"""A yes on paper is forged by nobody, whatever SQL he runs as the application's role (invariants 4, 5, 8, 9)."""

import pytest
from django.db import connection

from billing.models import Approval, Signature, WrittenCheck, WrittenYes
from support.models import User
from support.roles import Role
from tests.attacks import refused, run
from tests.billing.billing_cases import at, offered, requested, set_clock, signed, somebody
from tests.billing.written_cases import check, check_and_sign, kept, recorded, row, sign
from tests.factories import TESTS, ContactFactory


def approve(offer):
    Approval(offer=offer, engagement=offer.engagement).save(force_insert=True)


def test_written_past_the_verbs_it_takes_two_and_then_counts(offer, w):
    """The positive control of all that follows."""
    said = row(offer, w.robin, w.ana)
    check(said, w.max)
    signature = sign(said, authority=10**6, address="203.0.113.1", agent="x", opened_at=at(1))
    assert (signature.typed_name, signature.authority) == (w.robin.name, 5000)
    assert (signature.address, signature.agent, signature.opened_at) == (None, "", None)
    approve(offer)
    connection.check_constraints()
    assert offer.approval.decided_at == at(18)


def test_instants_and_hashes_are_the_databases(offer, w):
    said = row(offer, w.robin, w.ana, recorded_at=at(1), contact_name="Eve", original_sha256="0" * 64)
    assert (said.recorded_at, said.contact_name) == (at(18), w.robin.name)
    assert said.original_sha256 == said.original.sha256
    made = check(said, w.max, confirmed=False, reason="No.", checked_at=at(1))
    made.refresh_from_db()
    assert made.checked_at == at(18)


def test_its_recorder_never_checks_it(offer, w):
    said = row(offer, w.robin, w.ana)
    with refused("confirmed_by_another"):
        check(said, w.ana)
    with refused("confirmed_by_another"):
        check(said, w.ana, confirmed=False, reason="No.")


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Somebody", "ana+second@{domain}"),
        ("Somebody", "ANA@{domain}"),
        ("  ana ", "other@{domain}"),
    ],
)
def test_nor_does_a_second_account_of_the_same_person(offer, w, name, email):
    w.ana.email = "ana@desk.example"
    w.ana.by(TESTS).save()
    said = row(offer, w.robin, w.ana)
    twin = somebody("Twin", Role.MANAGER)
    twin.name, twin.email = name, email.format(domain="desk.example" if "+" in email else "desk2.example")
    if email.startswith("ANA"):
        w.ana.email, twin.email = "ana.new@desk.example", "ANA@desk.example"
        w.ana.by(TESTS).save()  # the address that she had when she recorded it
    twin.by(TESTS).save()
    with refused("confirmed_by_another"):
        check(said, twin)


@pytest.mark.parametrize("who", ["finance", "gone", "contact", "system", "customer", "nobody"])
def test_only_agents_and_managers_record_and_check(offer, w, who):
    person = w.fin
    if who == "gone":
        person = somebody("Gone", Role.AGENT)
        person.is_active = False
        person.by(TESTS).save()
    actor = {
        "contact": ("contact", w.robin.pk),
        "customer": ("staff", w.robin.pk + 100_000),
        "system": ("system", w.max.pk),
        "nobody": ("staff", None),
    }.get(who, ("staff", person.pk))
    good = row(offer, w.robin, w.ana)
    with refused("two_of_the_desk"):
        made = WrittenCheck(
            written=good, confirmed=True, sha256=good.sha256, original_sha256=good.original_sha256
        )
        made.actor_kind, made.actor_id, made.actor_name = *actor, "Somebody"
        made.save(force_insert=True)
    with refused("two_of_the_desk"):
        good.pk, good.contact = None, ContactFactory(customer=w.ticket.customer, approves_up_to=1)
        good.actor_kind, good.actor_id = actor
        good.save(force_insert=True)


def test_a_customers_account_is_nobody_of_the_desk(offer, w):
    buyer = User(name="Buyer", email="buyer@customer.example", kind="customer").by(TESTS)
    buyer.save()
    buyer.give_roles([Role.AGENT], by=TESTS, at=at(18))
    with refused("two_of_the_desk"):
        row(offer, w.robin, buyer)


def test_without_its_original_nothing_is_recorded(offer, w):
    said = row(offer, w.robin, w.ana)
    with refused("original_is_kept_by_the_desk"):
        run(
            "INSERT INTO billing_writtenyes (offer_id, contact_id, contact_name, contact_email, way, signed_name, reference, "
            "says, dated_on, original_sha256, sha256, actor_kind, actor_id, actor_name) SELECT offer_id, %s, '', '', way, "
            "signed_name, reference, says, dated_on, '', sha256, actor_kind, actor_id, actor_name FROM billing_writtenyes",
            ContactFactory(customer=w.ticket.customer, approves_up_to=1).pk,
        )
    with refused("permission denied"):
        run("UPDATE support_file SET sha256 = '' WHERE id = %s", said.original_id)


def test_the_original_is_this_customers_and_the_desks_alone(offer, w):
    stranger = ContactFactory().customer
    for fields in ({"customer": stranger}, {"customer": None}, {"visibility": "customer"}):
        with refused("original_is_kept_by_the_desk"):
            row(offer, w.robin, w.ana, original=kept(offer, w.ana, **fields))


def test_it_is_the_word_of_an_active_contact_with_authority(offer, w):
    with refused("an_active_contact_of_the_customer"):
        row(offer, ContactFactory(approves_up_to=9000), w.ana)
    with refused("signers_have_authority"):
        row(offer, ContactFactory(customer=w.ticket.customer), w.ana)
    small = row(offer, ContactFactory(customer=w.ticket.customer, approves_up_to=999), w.ana)
    check(small, w.max)
    sign(small)
    with refused("authority_suffices"):
        approve(offer)


def test_who_left_meanwhile_has_not_signed(offer, w):
    said = row(offer, w.robin, w.ana)
    w.robin.active = False
    w.robin.by(TESTS).save()
    with refused("an_active_contact_of_the_customer"):
        check_and_sign(said, w.max)


def test_it_answers_this_offer_as_it_was_shown(offer, w):
    with refused("signed_is_what_was_shown"):
        row(offer, w.robin, w.ana, sha256=b"0" * 32)
    said = row(offer, w.robin, w.ana)
    for fields in ({"sha256": b"0" * 32}, {"original_sha256": "0" * 64}):
        with refused("signed_is_what_was_shown"):
            check(said, w.max, **fields)
    with refused("signed_is_what_was_shown"):
        check_and_sign(said, w.max, sentence="I approve anything.")


def test_what_was_confirmed_of_one_offer_signs_no_other(offer, w):
    other = offered(requested(w.contract, ticket=w.ticket), w.robin, when=at(18), answer_by=at(20))
    said = row(offer, w.robin, w.ana)
    with refused("confirmed_by_another"):
        check_and_sign(said, w.max, offer=other, sentence=other.sentence, sha256=other.sha256)
    with refused("confirmed_by_another"):
        check_and_sign(said, w.max, contact=ContactFactory(customer=w.ticket.customer, approves_up_to=9000))
    with refused("confirmed_by_another"):
        check_and_sign(said, w.max, how="mail")


@pytest.mark.parametrize("answer", ["none", "refused"])
def test_without_a_confirmation_it_is_no_signature(offer, w, answer):
    said = row(offer, w.robin, w.ana)
    if answer == "refused":
        check(said, w.max, confirmed=False, reason="No.")
    with refused("confirmed_by_another"):
        sign(said)


def test_a_signature_is_by_code_or_on_paper(offer, w):
    said = row(offer, w.robin, w.ana)
    code = w.offer.signatures.get().code
    with refused("signed_with_a_code_or_on_paper"):
        check_and_sign(said, w.max, code=code)
    with refused("confirmed_by_another"):
        check_and_sign(said, w.max, written=None)
    with refused("answered_with_a_code"):
        check_and_sign(said, w.max, how="code")


def test_a_confirmation_without_its_signature_does_not_commit(offer, w):
    said = row(offer, w.robin, w.ana)
    with refused("confirmed_is_signed"):
        check(said, w.max)


def test_after_the_end_or_the_decision_nothing_is_written(offer, w):
    said = row(offer, w.robin, w.ana)
    set_clock(offer.answer_by)
    with refused("offer_is_open"):
        check(said, w.max)
    with refused("offer_is_open"):
        row(offer, ContactFactory(customer=w.ticket.customer, approves_up_to=1), w.ana)
    set_clock(at(18))
    signed(offer, w.robin, at(18))
    for attack in (lambda: row(offer, w.robin, w.ana), lambda: check(said, w.max)):
        with refused("decided_once"):
            attack()


def test_one_recording_at_a_time_and_one_answer_to_it(offer, w):
    said = row(offer, w.robin, w.ana)
    with refused("one_written_yes_at_a_time"):
        row(offer, w.robin, w.max)
    check(said, w.max, confirmed=False, reason="No.")
    with refused("checked_once"):
        check(said, w.max)
    assert row(offer, w.robin, w.max).pk


@pytest.mark.parametrize("model", [WrittenYes, WrittenCheck])
def test_they_are_only_ever_added(offer, w, model):
    said = recorded(offer, w.robin, w.ana)
    check(said, w.max, confirmed=False, reason="No.")
    table = model._meta.db_table
    for attack in [f"DELETE FROM {table}", f"UPDATE {table} SET id = id", f"TRUNCATE {table} CASCADE"]:
        with refused("permission denied"):
            run(attack)
    assert not Signature.objects.filter(offer=offer).exists()


def test_even_the_owners_slip_is_stopped(own_database):
    with connection.as_owner():
        for table in ("billing_writtenyes", "billing_writtencheck"):
            for attack in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
                with refused(f"{table}_append_only"):
                    run(attack)
