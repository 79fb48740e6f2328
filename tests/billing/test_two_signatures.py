"""Two people's yes: one mailbox is one person, and what was signed is never stuck."""

import pytest
from django.db import transaction

from billing import answering, codes, engaging, links, offering, reminding, timing
from billing.models import Approval, Engagement, Invitation, Signature, Timer
from billing.shown import standing
from support.actors import Actor
from support.models import Mail
from support.refusal import Refused
from tests.attacks import run
from tests.billing.at_once import at_once, both
from tests.billing.billing_cases import at, entered, offered, requested, set_clock, world, yes
from tests.factories import TESTS, ContactFactory


@pytest.fixture
def two(w):
    """An offer for which two have to sign, and Sam's address to be chosen."""
    customer = w.robin.customer
    customer.second_signature_above = 100
    customer.by(TESTS).save()
    set_clock(at(18))
    offer = offered(requested(w.contract, ticket=w.ticket), w.robin, when=at(18), answer_by=at(20, day=15))

    def with_sam(email):
        sam = ContactFactory(customer=customer, name="Sam Other", email=email, approves_up_to=5000)
        return offer, offering.invite(offer, sam, by=TESTS, at=at(18))

    return with_sam


def changed(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    row.by(TESTS).save()


def test_two_addresses_of_one_mailbox_are_one_person(w, two):
    name, _at, domain = w.robin.email.partition("@")
    offer, sams = two(f"{name}+2@{domain}")
    assert yes(entered(offer.invitations.get(contact=w.robin), at(18))) is None
    assert yes(entered(sams, at(18)), typed_name="Sam Other") is None
    assert not Approval.objects.filter(offer=offer).exists()


def test_two_people_are_enough(w, two):
    offer, sams = two("sam@other.example")
    assert yes(entered(offer.invitations.get(contact=w.robin), at(18))) is None
    assert yes(entered(sams, at(18)), typed_name="Sam Other").offer == offer


def test_whoever_signed_and_left_reads_nothing_more(w, two):
    offer, sams = two("sam@other.example")
    eve, eva = (
        ContactFactory(customer=w.robin.customer, name=name, approves_up_to=5000)
        for name in ("Eve Leaver", "Eva Silent")
    )
    yes(entered(offering.invite(offer, eve, by=TESTS, at=at(18)), at(18)), typed_name="Eve Leaver")
    offering.invite(offer, eva, by=TESTS, at=at(18))
    for left in (eve, eva):
        changed(left, active=False)
    yes(entered(sams, at(18)), typed_name="Sam Other")
    approval = yes(entered(offer.invitations.get(contact=w.robin), at(18)))
    answering.withdraw_approval(approval, reason="Budget cut by the board.", by=Actor.of(w.robin), at=at(18))
    told = Mail.objects.filter(key__regex=f"^(approved|ended|withdrawn):{offer.pk}:")
    assert told.count() == 4
    for mail in told:
        assert not {eve.email, eva.email} & set(mail.to), mail.key
    assert set(told.get(key=f"ended:{offer.pk}:customer").to) == {"sam@other.example", w.robin.email}


def test_whoever_signed_confirms_when_nobody_else_has_to_any_more(w, two):
    offer, _sams = two("sam@other.example")
    own = offer.invitations.get(contact=w.robin)
    assert yes(entered(own, at(18))) is None
    with pytest.raises(Refused, match="signed this offer already"):
        yes(entered(own, at(18)))
    changed(w.robin.customer, second_signature_above=None)
    assert yes(entered(own, at(18))).offer == offer
    assert Signature.objects.filter(offer=offer).count() == 2  # a yes of its own, with its own code


@pytest.mark.parametrize(
    ("since", "sentence"),
    [
        ({"email": "robin.new@customer.example"}, "present address"),
        ({"active": False}, "Only an active contact"),
        ({"approves_up_to": 0}, "may not approve money"),
    ],
)
def test_whoever_completes_is_asked_all_that_a_first_signer_is(w, two, since, sentence):
    offer, _sams = two("sam@other.example")
    own = offer.invitations.get(contact=w.robin)
    assert yes(entered(own, at(18))) is None
    second = entered(own, at(18))
    changed(w.robin, **since)
    changed(w.robin.customer, second_signature_above=None)
    with pytest.raises(Refused, match=sentence):
        yes(second)
    assert not Approval.objects.filter(offer=offer).exists()


def test_the_figures_of_a_code_are_good_for_an_hour_after_they_were_entered(link):
    code = codes.send_code(link, at=at(18))
    figures = links.figures_of(code.nonce)
    codes.prove(link, figures)
    set_clock(at(18.9))
    assert codes.prove(link, figures) == code
    set_clock(at(19.1))
    with pytest.raises(Refused, match="too old"):
        codes.prove(link, figures)


def test_one_mailbox_that_goes_from_hand_to_hand_is_one_person(w, two):
    mailbox = w.robin.email
    offer, sams = two("sam@other.example")
    assert yes(entered(offer.invitations.get(contact=w.robin), at(18))) is None
    changed(w.robin, email="robin.new@customer.example")
    changed(sams.contact, email=mailbox)
    sams = Invitation.objects.get(pk=sams.pk)
    assert yes(entered(sams, at(18)), typed_name="Sam Other") is None
    assert not Approval.objects.filter(offer=offer).exists()


def test_who_signs_again_from_a_new_address_is_not_two_people_with_whoever_has_his_old_one(w, two):
    name, _at, domain = w.robin.email.partition("@")
    changed(w.robin, approves_up_to=200)
    offer, sams = two("sam@other.example")
    robins = offer.invitations.filter(contact=w.robin)
    yes(entered(robins.get(), at(18)))
    changed(w.robin, email=f"robin.new@{domain}")
    changed(sams.contact, email=f"{name}+team@{domain}", approves_up_to=200)  # Robin's old mailbox
    yes(entered(sams, at(18)), typed_name="Sam Other")
    changed(w.robin, approves_up_to=5000)
    yes(entered(robins.get(), at(18)))
    assert (offer.signatures.count(), Approval.objects.filter(offer=offer).exists()) == (3, False)
    changed(sams.contact, active=False)  # his signature counts no more, and joins theirs all the same
    pat = ContactFactory(
        customer=w.robin.customer, name="Pat Third", email=f"{name}+pat@{domain}", approves_up_to=1
    )
    assert yes(entered(offering.invite(offer, pat, by=TESTS, at=at(18)), at(18)), typed_name="Pat") is None
    pat = ContactFactory(customer=w.robin.customer, name="Pat Third", approves_up_to=1)
    pats = offering.invite(offer, pat, by=TESTS, at=at(18))
    assert yes(entered(pats, at(18)), typed_name="Pat Third").offer == offer  # somebody else is


def test_a_signature_that_counts_again_can_be_completed(w, two):
    offer, sams = two("sam@other.example")
    assert yes(entered(offer.invitations.get(contact=w.robin), at(18))) is None
    changed(w.robin, active=False)
    assert yes(entered(sams, at(18)), typed_name="Sam Other") is None
    changed(w.robin, active=True)
    assert yes(entered(sams, at(18)), typed_name="Sam Other").offer == offer


def test_the_page_asks_him_to_confirm(client, w, two, time_machine):
    time_machine.move_to(at(18), tick=False)
    offer, _sams = two("sam@other.example")
    own = offer.invitations.get(contact=w.robin)
    yes(entered(own, at(18)))
    path = links.path(links.token_of(own.nonce))
    assert "It takes one more person’s yes" in client.get(path).text
    changed(w.robin.customer, second_signature_above=None)
    assert "Confirm your yes once more" in client.get(path).text
    [shown] = standing(offer.engagement, w.ana, at(18)).offers
    assert (shown.confirms, shown.once_more) == (w.robin.name, "")
    set_clock(at(8, day=15))
    reminding.run()
    mail = Mail.objects.get(key=f"reminder:{offer.pk}:{w.robin.pk}:half")
    assert "confirm your yes once more" in mail.text


def test_whose_limit_was_raised_is_asked_to_sign_once_more(client, w, two, time_machine):
    time_machine.move_to(at(18), tick=False)
    offer, sams = two("sam@other.example")
    changed(sams.contact, approves_up_to=10)
    yes(entered(Invitation.objects.get(pk=sams.pk), at(18)), typed_name="Sam Other")
    path = links.path(links.token_of(sams.nonce))
    assert "It takes one more person’s yes" in client.get(path).text
    changed(sams.contact, approves_up_to=20)  # which does not cover it either
    assert "It takes one more person’s yes" in client.get(path).text
    changed(sams.contact, approves_up_to=4000)
    assert "You have signed under a lower limit" in client.get(path).text
    [shown] = standing(offer.engagement, w.ana, at(18)).offers
    assert (shown.signed_by, shown.once_more) == ("Sam Other", "Sam Other")
    set_clock(at(8, day=15))
    reminding.run()
    mail = Mail.objects.get(key=f"reminder:{offer.pk}:{sams.contact_id}:half")
    assert (mail.to, "You have signed under a lower limit" in mail.text) == ([sams.contact.email], True)
    set_clock(at(18))
    assert yes(entered(Invitation.objects.get(pk=sams.pk), at(18)), typed_name="Sam Other") is None
    assert "It takes one more person’s yes" in client.get(path).text
    assert yes(entered(offer.invitations.get(contact=w.robin), at(18))).offer == offer
    [shown] = standing(offer.engagement, w.ana, at(18)).offers
    assert (offer.signatures.count(), shown.signed_by) == (3, f"Sam Other, {w.robin.name}")
    assert client.get(path).text.count("Sam Other approved for") == 1
    mail = Mail.objects.get(key=f"approved:{offer.pk}:customer")
    assert mail.text.count("Sam Other") == 2  # as typed, and as known


def test_who_may_not_sign_any_more_is_not_asked_to_complete_it(client, w, two, time_machine):
    time_machine.move_to(at(18), tick=False)
    offer, sams = two("sam@other.example")
    yes(entered(offer.invitations.get(contact=w.robin), at(18)))
    changed(w.robin, approves_up_to=10)
    changed(sams.contact, approves_up_to=100)
    yes(entered(sams, at(18)), typed_name="Sam Other")
    changed(w.robin.customer, second_signature_above=None)
    changed(sams.contact, approves_up_to=0)
    changed(w.robin, approves_up_to=5000)
    asked = {
        each.contact.name: "Confirm your yes once more"
        in client.get(links.path(links.token_of(each.nonce))).text
        for each in offer.invitations.select_related("contact")
    }
    assert asked == {"Sam Other": False, w.robin.name: True}


def test_whose_limit_was_taken_away_is_not_the_second_one(w, two):
    offer, sams = two("sam@other.example")
    assert yes(entered(sams, at(18)), typed_name="Sam Other") is None
    changed(sams.contact, approves_up_to=0)
    assert yes(entered(offer.invitations.get(contact=w.robin), at(18))) is None
    changed(sams.contact, approves_up_to=1)
    assert yes(entered(offer.invitations.get(contact=w.robin), at(18))).offer == offer


def test_a_code_counts_only_for_the_address_that_it_went_to(link, w):
    code = codes.send_code(link, at=at(18))
    changed(w.robin, email="robin.new@customer.example")
    code = codes.prove(link, links.figures_of(code.nonce))
    with pytest.raises(Refused, match="present address"):
        yes(code)
    link = Invitation.objects.get(pk=link.pk)
    again = codes.send_code(link, at=at(18))
    approval = yes(codes.prove(link, links.figures_of(again.nonce)))
    assert approval.offer.signatures.get().contact_email == again.mail.to[0] == "robin.new@customer.example"


@both
def test_no_timer_starts_on_what_is_being_finished(own_database, guarded, monkeypatch):
    w = world()

    def start(_place):
        run("SET lock_timeout = '100ms'")
        if not guarded:
            monkeypatch.setattr(Engagement, "lock", lambda engagement: None)
        try:
            return timing.start_timer(Approval.objects.get(pk=w.approval.pk), person=w.ana, at=at(18))
        except Refused as refused:
            return refused.sentence

    with transaction.atomic():
        engaging.finish(w.engagement, by=TESTS, at=at(18))
        [answer] = at_once(1, start, clock=at(18))
    assert ("Somebody else is booking" in f"{answer}") is guarded
    assert Timer.objects.exists() is not guarded


def test_who_reads_and_who_reminds_waits_for_nobody_that_writes(own_database):
    w = world()
    changed(w.robin.customer, second_signature_above=100)
    set_clock(at(18))
    offer = offered(requested(w.contract, ticket=w.ticket), w.robin, when=at(18), answer_by=at(20, day=15))
    yes(entered(offer.invitations.get(), at(18)))

    def read(_place):
        run("SET lock_timeout = '100ms'")
        [shown] = standing(offer.engagement, w.ana, at(18)).offers
        return reminding.run(), shown.signed_by

    with transaction.atomic():
        changed(w.robin.customer, second_signature_above=None)
        changed(w.robin, phone="1-555")
        assert at_once(1, read, clock=at(8, day=15)) == [(0, w.robin.name)]
    assert at_once(1, read, clock=at(8, day=15)) == [(1, w.robin.name)]
    set_clock(None)
