"""A yes counts only from somebody who may give it, once, to what was shown (invariants 4, 5, 7, 9)."""

import hashlib

import pytest
from django.db import connection

from billing import answering, codes, delivery, offering, reminding
from billing.models import (
    Approval,
    Invitation,
    Offer,
    OfferCode,
    OfferEnd,
    Signature,
)
from support.actors import Actor
from support.models import Contact, Mail, User
from support.refusal import Refused
from tests.attacks import refused, run
from tests.billing.billing_cases import at, offered, requested, set_clock, signed
from tests.factories import TESTS, ContactFactory, UserFactory

UNSIGNED = (
    "INSERT INTO billing_signature (offer_id, contact_id, contact_name, contact_email, typed_name, sentence, "
    "sha256, how, code_id, agent) SELECT %s, %s, '', '', 'x', '', '', 'code', 1, ''"
)


@pytest.fixture
def offer(w):
    """A further offer that nobody has answered."""
    return offered(requested(w.contract, ticket=w.ticket), w.robin, when=at(18))


def proven(invitation):
    """A code that was entered, written past the verb: that one wants a transaction of its own."""
    code = codes.send_code(invitation, at=at(18))
    code.proved_at = at(18)
    code.save(update_fields=["proved_at"])
    return code


def signature(offer, contact, **fields):
    invitation = offer.invitations.filter(contact=contact).first() or offer.invitations.first()
    fields = {
        "code": fields.get("code") or proven(invitation),
        "typed_name": "Robin",
        "sentence": offer.sentence,
        "sha256": offer.sha256,
        **fields,
    }
    row = Signature(offer=offer, contact=contact, **fields)
    row.save(force_insert=True)
    return row


def approve(offer):
    return Approval(offer=offer, engagement=offer.engagement).save(force_insert=True)


def test_without_a_signature_there_is_no_approval(offer):
    with refused("authority_suffices"):
        approve(offer)


def test_authority_is_the_contacts_own_whatever_was_written(offer, w):
    signature(offer, w.robin, authority=10**6)
    row = Signature.objects.get(offer=offer)
    assert (row.authority, row.contact_email) == (5000, w.robin.email)


def test_smaller_limits_do_not_add_up(offer, w):
    for name in ["Sam", "Kit"]:
        contact = ContactFactory(customer=w.ticket.customer, name=name, approves_up_to=999)
        assert signed(offer, contact, at(18)) is None
    with refused("authority_suffices"):
        approve(offer)
    assert signed(offer, w.robin, at(18)).offer == offer


def test_a_limit_that_was_lowered_meanwhile_covers_no_more(offer, w):
    w.ticket.customer.second_signature_above = 900
    w.ticket.customer.by(TESTS).save()
    assert signed(offer, w.robin, at(18)) is None
    w.robin.approves_up_to = 10
    w.robin.by(TESTS).save()
    second = ContactFactory(customer=w.ticket.customer, approves_up_to=10)
    assert signed(offer, second, at(18)) is None
    with refused("authority_suffices"):
        approve(offer)
    with pytest.raises(Refused, match="signed this offer already"):
        signed(offer, second, at(18))
    second.approves_up_to = 5000
    second.by(TESTS).save()
    assert signed(offer, second, at(18)).offer == offer


def test_a_customer_may_ask_for_two(offer, w):
    w.ticket.customer.second_signature_above = 900
    w.ticket.customer.by(TESTS).save()
    assert signed(offer, w.robin, at(18)) is None
    with refused("two_signatures_above_an_amount"):
        approve(offer)
    second = ContactFactory(customer=w.ticket.customer, approves_up_to=1)
    assert signed(offer, second, at(18)) is not None


def test_a_stranger_never_signs(offer, w):
    stranger = ContactFactory(approves_up_to=9000)
    with refused("an_active_contact_of_the_customer"):
        signature(offer, stranger)


@pytest.mark.parametrize("when", ["before signing", "before deciding"])
def test_a_contact_who_left_never_decides(offer, w, when):
    row = signature(offer, w.robin) if when == "before deciding" else None
    w.robin.active = False
    w.robin.by(TESTS).save()
    with refused("authority_suffices" if row else "an_active_contact_of_the_customer"):
        approve(offer) if row else run(UNSIGNED, offer.pk, w.robin.pk)


@pytest.mark.parametrize("when", ["before signing", "before deciding"])
def test_a_disabled_company_never_decides(offer, w, when):
    row = signature(offer, w.robin) if when == "before deciding" else None
    w.ticket.customer.active = False
    w.ticket.customer.by(TESTS).save()
    with refused("authority_suffices" if row else "an_active_contact_of_the_customer"):
        approve(offer) if row else run(UNSIGNED, offer.pk, w.robin.pk)


def test_a_disabled_company_is_asked_and_told_nothing(offer, w):
    w.ticket.customer.active = False
    w.ticket.customer.by(TESTS).save()
    before = Mail.objects.latest("pk").pk
    set_clock(at(19, day=20))
    reminding.run()
    answering.withdraw_approval(w.approval, reason="They are gone.", by=Actor.of(w.max), at=at(19, day=20))
    offering.withdraw_offer(offer, reason="They are gone.", by=Actor.of(w.ana), at=at(19, day=20))
    assert not [mail.key for mail in Mail.objects.filter(pk__gt=before) if w.robin.email in mail.to]
    with pytest.raises(Refused, match="Ask an active contact"):
        offered(
            w.engagement, Contact.objects.get(pk=w.robin.pk), when=at(19, day=20), answer_by=at(9, day=22)
        )


def test_nobody_who_has_left_is_sent_the_copy_again(w):
    copy = Mail.objects.filter(key=f"approved:{w.offer.pk}:customer")
    copy.update(state=Mail.State.FAILED)
    w.ticket.customer.active = False
    w.ticket.customer.by(TESTS).save()
    with pytest.raises(Refused, match=f"Nobody is reached at {w.robin.email} any more"):
        delivery.send_copy_again(w.approval, by=Actor.of(w.ana), at=at(18))
    assert copy.get().state == Mail.State.FAILED


def test_a_contact_with_a_disabled_account_never_decides(offer, w):
    code = proven(offer.invitations.get())
    user = UserFactory(kind="customer", is_active=False)
    w.robin.user = user
    w.robin.by(TESTS).save()
    with refused("an_active_contact_of_the_customer"):
        signature(offer, w.robin, code=code)


def test_staff_never_signs(offer, w):
    with refused("contact_is_never_staff"):
        Contact(customer=w.ticket.customer, name="S", email="s@x.example", user=w.ana).by(TESTS).save()
    user = UserFactory(kind="customer")
    w.robin.user = user
    w.robin.by(TESTS).save()
    connection.check_constraints()
    with refused("contact_is_never_staff"):
        User.objects.filter(pk=user.pk).update(kind="staff")


def test_only_what_was_shown_is_signed(offer, w):
    with refused("signed_is_what_was_shown"):
        signature(offer, w.robin, sha256=hashlib.sha256(b"other").digest())
    with refused("signed_is_what_was_shown"):
        signature(offer, w.robin, sentence="I approve anything.")


def test_nobody_signs_with_the_code_of_another_offer(offer, w):
    code = OfferCode.objects.exclude(invitation__offer=offer).latest("pk")
    with refused("answered_with_a_code"):
        signature(offer, w.robin, code=code)


def test_a_decided_offer_is_not_decided_again(offer, w):
    signed(offer, w.robin, at(18))
    with refused("decided_once"):
        approve(offer)
    with refused("decided_once"):
        OfferEnd(offer=offer, why="withdrawn").save(force_insert=True)
    with refused("decided_once"):
        Invitation.objects.create(
            offer=offer,
            contact=w.robin,
            nonce="n" * 12,
            token_sha256=b"n" * 32,
            mail=offer.invitations.get().mail,
        )


def test_an_ended_offer_is_never_approved(offer, w):
    signature(offer, w.robin)
    OfferEnd(offer=offer, why="withdrawn").save(force_insert=True)
    with refused("decided_once"):
        approve(offer)


def test_after_the_time_to_answer_nothing_is_approved(offer, w):
    signature(offer, w.robin)
    set_clock(at(12, day=21))
    with refused("offer_is_open"):
        approve(offer)


def test_a_second_offer_needs_the_first_to_end(offer):
    with refused("one_undecided_offer"):
        offer.pk = None
        offer.save(force_insert=True)


def test_an_offer_is_its_bytes_and_its_price(offer):
    OfferEnd(offer=offer, why="withdrawn").save(force_insert=True)
    offer.pk, document = None, offer.document
    offer.document = b"something else"
    with refused("offer_hash_is_of_its_bytes"):
        offer.save(force_insert=True)
    offer.document, offer.amount = document, 999
    with refused("offer_amount_is_its_price"):
        offer.save(force_insert=True)


@pytest.mark.parametrize("model", [Offer, Invitation, OfferEnd, Signature, Approval])
@pytest.mark.django_db
def test_evidence_is_only_ever_added(model):
    table = model._meta.db_table
    for attack in [f"DELETE FROM {table}", f"UPDATE {table} SET id = id", f"TRUNCATE {table} CASCADE"]:
        with refused("permission denied"):
            run(attack)


def test_even_the_owners_slip_is_stopped(own_database):
    with connection.as_owner():
        for table in ["billing_offer", "billing_approval", "billing_evidencelink", "billing_scopedecision"]:
            with refused(f"{table}_append_only"):
                run(f"DELETE FROM {table}")
            with refused(f"{table}_append_only"):
                run(f"TRUNCATE {table} CASCADE")
