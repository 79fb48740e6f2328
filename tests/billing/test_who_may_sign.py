"""Who may sign is the same to the page, the reminder and the database; and whoever reads how many sign reads the truth."""

import pytest

from billing import links, offering, reminding, signers
from billing.shown import standing
from support.models import Contact, Mail
from support.refusal import Refused
from support.roles import Role
from tests.billing.billing_cases import at, entered, offered, requested, set_clock, yes
from tests.factories import TESTS, ContactFactory, UserFactory


def changed(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    row.by(TESTS).save()


@pytest.fixture
def account(w):
    """Robin's own."""
    user = UserFactory(name=w.robin.name, email=w.robin.email, kind="customer")
    user.give_roles([Role.CUSTOMER], by=TESTS, at=at(18))
    changed(w.robin, user=user)
    return user


def test_whose_account_is_disabled_is_not_asked_to_say_it_once_more(client, w, account, time_machine):
    time_machine.move_to(at(18), tick=False)
    changed(w.robin.customer, second_signature_above=100)
    set_clock(at(18))
    offer = offered(requested(w.contract, ticket=w.ticket), w.robin, when=at(18), answer_by=at(20, day=15))
    sam = ContactFactory(customer=w.robin.customer, name="Sam Other", approves_up_to=5000)
    sams, own = offering.invite(offer, sam, by=TESTS, at=at(18)), offer.invitations.get(contact=w.robin)
    assert yes(entered(own, at(18))) is None
    changed(account, is_active=False)
    assert yes(entered(sams, at(18)), typed_name="Sam Other") is None
    changed(w.robin.customer, second_signature_above=None)
    assert signers.lacks(offer) is None
    assert standing(offer.engagement, w.ana, at(18)).offers[0].confirms == "Sam Other"
    asked = {
        each.contact.name: "Confirm your yes" in client.get(links.path(links.token_of(each.nonce))).text
        for each in (own, sams)
    }
    assert asked == {w.robin.name: False, "Sam Other": True}
    set_clock(at(8, day=15))
    reminding.run()
    keys = Mail.objects.filter(key__startswith="reminder:").values_list("key", flat=True)
    assert list(keys) == [f"reminder:{offer.pk}:{sam.pk}:half"]


def test_who_cannot_answer_reads_it_before_a_code_is_mailed_and_the_desk_is_told(
    client, w, account, time_machine
):
    time_machine.move_to(at(18), tick=False)
    offer = offered(requested(w.contract, ticket=w.ticket), w.robin, when=at(18), answer_by=at(20, day=15))
    own = offer.invitations.get()
    page = links.path(links.token_of(own.nonce))
    assert not standing(offer.engagement, w.ana, at(18)).offers[0].unasked
    changed(account, is_active=False)
    assert "no longer answers for" in client.get(page).text
    code = client.post(f"{page}code/")
    assert (code.status_code, "You no longer answer for" in code.text) == (409, True)
    assert not own.codes.exists()
    client.force_login(w.ana)
    desk = client.get(f"/engagements/{offer.engagement.reference}/").text
    assert "Nobody who was asked may sign any more" in desk


def test_the_database_refuses_whom_no_form_offers(w, account):
    assert list(Contact.objects.signing()) == [w.robin]
    for lose in ({"is_active": False}, {"is_active": True}):
        changed(account, **lose)
        robin = Contact.objects.get(pk=w.robin.pk)
        assert robin.may_sign is Contact.objects.signing().exists() is account.is_active
        offer = requested(w.contract)
        if account.is_active:
            assert offered(offer, w.robin, when=at(18), answer_by=at(20, day=15))
        else:
            with pytest.raises(Refused, match="whose account is disabled"):
                offered(offer, w.robin, when=at(18), answer_by=at(20, day=15))


@pytest.mark.parametrize(
    ("above", "sentence"),
    [(None, ""), (0, "Two people sign each offer."), (100, "Above $100.00 two people sign.")],
)
def test_the_customer_reads_from_which_amount_on_two_sign(client, w, account, above, sentence):
    changed(w.robin.customer, second_signature_above=above)
    client.force_login(account)
    page = client.get(f"/my/engagements/{w.engagement.reference}/").text
    assert ("wo people sign" in page, sentence in page) == (bool(sentence), True)
