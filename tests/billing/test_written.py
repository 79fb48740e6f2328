"""A yes on paper: one of the desk records it with its original, another one confirms it, and from then on it is in force."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from billing import answering, chain, links, offering, written
from billing.models import Approval, EvidenceLink, OfferEnd, Signature, WrittenCheck, WrittenYes
from support.actors import Actor
from support.models import Mail
from support.refusal import Refused
from support.roles import Role
from tests.billing.billing_cases import at, entered, set_clock, signed, somebody, yes
from tests.billing.written_cases import confirmed, recorded
from tests.factories import TESTS, ContactFactory


def test_nothing_is_in_force_before_another_one_confirms(offer, w):
    said = recorded(offer, w.robin, w.ana, dated_on=at(9).date())
    assert not Approval.objects.filter(offer=offer).exists()
    set_clock(at(19))
    approval = confirmed(said, w.max, at(19))
    approval.refresh_from_db()
    assert approval.decided_at == at(19), "from the confirmation, never from the letter's date"
    signature = Signature.objects.get(offer=offer)
    assert (signature.how, signature.typed_name, signature.authority) == ("order", "Robin Sample", 5000)
    assert (signature.code, signature.signed_at) == (None, at(19))
    offer.engagement.refresh_from_db()
    assert offer.engagement.state == "approved"
    connection.check_constraints()


def test_the_timeline_says_who_did_what_in_ids_and_figures(offer, w):
    confirmed(recorded(offer, w.robin, w.ana), w.max)
    told = list(w.ticket.events.order_by("-seq").values_list("kind", "actor_name")[:3])
    assert told == [("wait.ended", "Max"), ("offer.confirmed", "Max"), ("offer.written", "Ana")]
    facts = w.ticket.events.get(kind="offer.written").facts
    assert facts == {"offer": offer.pk, "hash": f"sha256:{bytes(offer.sha256).hex()}"}


def test_both_sides_have_the_receipt_and_it_says_how_the_yes_came(offer, w):
    confirmed(recorded(offer, w.robin, w.ana), w.max)
    customers = Mail.objects.get(key=f"approved:{offer.pk}:customer")
    assert customers.to == [w.robin.email]
    for key in ("customer", "desk"):
        text = Mail.objects.get(key=f"approved:{offer.pk}:{key}").text
        assert "Purchase order of 14 Oct 2026, signed “Robin Sample”" in text
        assert "Its number is PO 4711." in text
        assert "Recorded by Ana, compared with the original and confirmed by Max." in text
    assert [file.name for file in customers.files.all()] == [f"{offer.reference}.html"], "the original stays"


def test_whoever_recorded_it_never_confirms_or_refuses_it(offer, w):
    said = recorded(offer, w.robin, w.ana)
    with pytest.raises(Refused, match="Whoever recorded a written yes never confirms"):
        confirmed(said, w.ana)
    with pytest.raises(Refused, match="Whoever recorded a written yes never confirms"):
        written.refuse(said, reason="No.", by=Actor.of(w.ana), at=at(18))


def test_a_refusal_has_its_reason_and_lets_it_be_recorded_again(offer, w):
    said = recorded(offer, w.robin, w.ana)
    with pytest.raises(Refused, match="Write down why"):
        written.refuse(said, reason=" ", by=Actor.of(w.max), at=at(18))
    written.refuse(said, reason="It is for another ticket.", by=Actor.of(w.max), at=at(18))
    mail = Mail.objects.get(key=f"unwritten:{said.pk}")
    assert "It is for another ticket." in mail.text
    assert w.ana.email in mail.to
    assert w.ticket.events.last().kind == "offer.unwritten"
    assert offer.undecided
    with pytest.raises(Refused, match="confirmed or refused this already"):
        confirmed(said, w.max)
    assert confirmed(recorded(offer, w.robin, w.ana), w.max).offer == offer


def test_where_two_have_to_sign_paper_and_code_go_together(offer, w):
    w.ticket.customer.second_signature_above = 900
    w.ticket.customer.by(TESTS).save()
    other = ContactFactory(customer=w.ticket.customer, approves_up_to=1)
    assert confirmed(recorded(offer, w.robin, w.ana), w.max) is None
    assert offer.undecided
    assert w.ticket.waits.filter(ended_at=None).exists()
    assert signed(offer, other, at(18)) is not None


def test_two_may_both_sign_on_paper(offer, w):
    w.ticket.customer.second_signature_above = 900
    w.ticket.customer.by(TESTS).save()
    other = ContactFactory(customer=w.ticket.customer, approves_up_to=1)
    first, second = recorded(offer, w.robin, w.ana), recorded(offer, other, w.ana)
    assert confirmed(first, w.max) is None
    assert confirmed(second, w.max) is not None


def test_a_paper_that_its_signer_signs_over_later_stays_told(client, offer, w, time_machine):
    time_machine.move_to(at(18), tick=False)
    w.robin.approves_up_to = 10
    w.robin.by(TESTS).save()
    assert confirmed(recorded(offer, w.robin, w.ana), w.max) is None
    w.robin.approves_up_to = 5000
    w.robin.by(TESTS).save()
    invited = offering.invite(offer, w.robin, by=TESTS, at=at(18))
    assert yes(entered(invited, at(18))) is not None
    text = Mail.objects.get(key=f"approved:{offer.pk}:customer").text
    assert ("Its number is PO 4711." in text, text.count("Signed “")) == (True, 1)
    page = client.get(links.path(links.token_of(invited.nonce))).text
    assert (page.count("approved for"), page.count("How we knew it was Robin Sample")) == (1, 2)


def test_a_smaller_limit_does_not_suffice_on_paper_either(offer, w):
    small = ContactFactory(customer=w.ticket.customer, approves_up_to=999)
    assert confirmed(recorded(offer, small, w.ana), w.max) is None
    assert offer.undecided


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"shown_sha256": "00" * 32}, "open the page again"),
        ({"reference": " "}, "number of the purchase order"),
        ({"signed_name": "Robin\nSample"}, "letters alone"),
        ({"dated_on": at(9, day=12).date()}, "dated before this offer was sent"),
        ({"dated_on": at(9, day=16).date()}, "or after today"),
    ],
)
def test_what_cannot_be_recorded_is_said(offer, w, fields, sentence):
    with pytest.raises(Refused, match=sentence):
        recorded(offer, w.robin, w.ana, **fields)
    assert not WrittenYes.objects.exists()


def test_only_what_was_shown_is_confirmed(offer, w):
    said = recorded(offer, w.robin, w.ana)
    for fields in ({"shown_sha256": "00" * 32}, {"original_sha256": "00" * 32}):
        with pytest.raises(Refused, match="open the page again"):
            confirmed(said, w.max, **fields)


def test_an_original_that_was_changed_or_lost_is_not_confirmed(offer, w):
    said = recorded(offer, w.robin, w.ana)
    path = default_storage.path(said.original.path)
    with open(path, "wb") as stored:
        stored.write(b"Another paper")
    with pytest.raises(Refused, match="stored original is not what was recorded"):
        confirmed(said, w.max)
    default_storage.delete(said.original.path)
    with pytest.raises(Refused, match="not in the storage any more"):
        confirmed(said, w.max)
    assert not WrittenCheck.objects.exists()


@pytest.mark.parametrize("step", ["record", "confirm"])
def test_after_the_time_to_answer_paper_comes_too_late(offer, w, step):
    said = recorded(offer, w.robin, w.ana) if step == "confirm" else None
    set_clock(offer.answer_by + timedelta(seconds=1))
    late = offer.answer_by + timedelta(seconds=1)
    with pytest.raises(Refused, match="time to answer this offer is over"):
        confirmed(said, w.max, late) if said else recorded(offer, w.robin, w.ana, late)


def test_a_decided_offer_takes_no_paper(offer, w):
    said = recorded(offer, w.robin, w.ana)
    signed(offer, w.robin, at(18))
    with pytest.raises(Refused, match="is approved already"):
        confirmed(said, w.max)
    with pytest.raises(Refused, match="is approved already"):
        recorded(offer, w.robin, w.ana)


def test_finance_neither_records_nor_confirms(offer, w):
    with pytest.raises(Refused, match="agents and support managers alone"):
        recorded(offer, w.robin, w.fin)
    said = recorded(offer, w.robin, w.ana)
    with pytest.raises(Refused, match="agents and support managers alone"):
        confirmed(said, w.fin)
    assert confirmed(said, somebody("Bea", Role.AGENT)) is not None


def test_recording_refusing_and_confirming_are_links_of_the_chain(offer, w):
    written.refuse(recorded(offer, w.robin, w.ana), reason="Blurred.", by=Actor.of(w.max), at=at(18))
    said = recorded(offer, w.robin, w.ana)
    confirmed(said, w.max)
    links = list(EvidenceLink.objects.order_by("seq"))
    assert [link.kind for link in links[1:]] == [
        *("written_yes", "written_check", "written_yes", "written_check"),
        "approval",
    ]
    assert dict(chain.fields(links[2].text))["check_reason"] == "Blurred."
    told = dict(chain.fields(links[-1].text))
    assert (told["how"], told["way"], told["written_reference"]) == ("order", "order", "PO 4711")
    assert (told["original_sha256"], told["dated_on"]) == (said.original_sha256, "2026-10-14")
    assert told["recorded_by"] == f"staff {w.ana.pk} Ana"
    assert told["checked_by"] == f"staff {w.max.pk} Max"


def test_an_approval_on_paper_is_withdrawn_like_any_other(offer, w):
    approval = confirmed(recorded(offer, w.robin, w.ana), w.max)
    answering.withdraw_approval(approval, reason="Enough.", by=Actor.of(w.robin), at=at(18))
    assert approval.end.why == "withdrawn"
    assert not OfferEnd.objects.filter(offer=offer).exists()
