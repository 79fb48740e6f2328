"""The six figures: five tries, fifteen minutes, a few an hour, stored nowhere."""

import pytest
from django.db import transaction

from billing import codes, links, offering
from billing.models import OfferCode
from support.refusal import Refused
from tests.billing.billing_cases import at, offered, requested, set_clock, world
from tests.factories import TESTS, ContactFactory


def test_five_wrong_tries_and_the_code_is_worthless(link):
    code = codes.send_code(link, at=at(18))
    right = links.figures_of(code.nonce)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for left in [4, 3, 2, 1, 0]:
        with pytest.raises(Refused, match=f"Tries left: {left}"):
            codes.prove(link, wrong)
    with pytest.raises(Refused, match="tried too often"):
        codes.prove(link, right)


def test_a_wrong_try_counts_although_it_is_refused(own_database):
    w = world()
    link = offered(
        requested(w.contract, ticket=w.ticket), w.robin, when=at(18), answer_by=at(20)
    ).invitations.get()
    code = codes.send_code(link, at=at(18))
    with pytest.raises(Refused):
        codes.prove(link, "x")
    assert OfferCode.objects.get(pk=code.pk).tries == 1
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        codes.prove(link, "x")


def test_a_code_lasts_fifteen_minutes_and_only_the_newest_counts(link):
    first = codes.send_code(link, at=at(18))
    second = codes.send_code(link, at=at(18))
    with pytest.raises(Refused, match="not the code"):
        codes.prove(link, links.figures_of(first.nonce))
    set_clock(at(18.25))
    with pytest.raises(Refused, match="too old"):
        codes.prove(link, links.figures_of(second.nonce))
    with pytest.raises(Refused, match="code first"):
        codes.prove(offering.invite(link.offer, link.contact, by=TESTS, at=at(18)), "123456")


def test_the_figures_are_nowhere_stored(link):
    code = codes.send_code(link, at=at(18))
    figures = links.figures_of(code.nonce)
    assert figures not in code.mail.text
    assert links.figures_in(code.mail, code.nonce) == figures
    assert links.figures_in(link.mail, code.nonce) is None


def test_codes_are_limited_per_link_and_per_network(w, link):
    for _ in range(codes.AN_HOUR_PER_LINK):
        codes.send_code(link, address="198.51.100.7", at=at(18))
    with pytest.raises(Refused, match="Several codes"):
        codes.send_code(link, address="192.0.2.1", at=at(18))
    another = offering.invite(
        link.offer, ContactFactory(customer=w.robin.customer, approves_up_to=1), by=TESTS, at=at(18)
    )
    codes.send_code(another, address="192.0.2.1", at=at(18))  # whoever signs as well is not locked out
    codes.AN_HOUR_PER_NETWORK, before = 5, codes.AN_HOUR_PER_NETWORK
    try:
        other = offered(requested(w.contract, ticket=w.ticket), w.robin, when=at(18), answer_by=at(20))
        with pytest.raises(Refused, match="from your network"):
            codes.send_code(other.invitations.get(), address="198.51.100.99", at=at(18))
        codes.send_code(other.invitations.get(), address="198.51.101.1", at=at(18))
    finally:
        codes.AN_HOUR_PER_NETWORK = before


@pytest.mark.parametrize(
    ("address", "network"),
    [("198.51.100.7", "198.51.100.0/24"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("", ""), ("x", "")],
)
def test_networks(address, network):
    assert codes.network_of(address) == network
