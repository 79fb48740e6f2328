"""The answer: link, code, typed name and what was shown, once; a receipt to both sides (invariants 5, 6, 7, 9)."""

import ast
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from billing import answering, codes, engaging, expiring, links, proofs, timing
from billing.models import Approval, ApprovalEnd, OfferCode, OfferEnd, Signature
from config.env import ROOT
from support.actors import Actor
from support.mail import outbox
from support.models import Mail
from support.refusal import Refused
from tests.attacks import refused
from tests.billing.billing_cases import at, entered, entry, offered, set_clock, signed, yes
from tests.factories import TESTS, ContactFactory


def test_a_yes_is_recorded_with_all_that_proves_it(offer, link, w):
    code = codes.send_code(link, address="203.0.113.24", opened_at=at(17), at=at(18))
    set_clock(at(18.1))
    code = codes.prove(link, f" {links.figures_of(code.nonce)} ")
    approval = yes(code, address="203.0.113.24", agent="Firefox", at=at(18.1))
    row = Signature.objects.get(offer=offer)
    assert (row.typed_name, row.authority, row.how, row.opened_at) == ("Robin S.", 5000, "code", at(17))
    assert (row.contact_name, row.contact_email, row.address) == (w.robin.name, w.robin.email, "203.0.113.24")
    assert approval.decided_at == at(18.1)
    assert approval.balance.room == 240
    engagement = offer.engagement
    engagement.refresh_from_db()
    assert (engagement.state, engagement.ticket.state) == ("approved", "open")
    assert engagement.ticket.events.filter(kind="offer.approved", subject_id=engagement.pk).count() == 1
    connection.check_constraints()


def test_both_sides_get_a_receipt_with_the_document(offer, link, w):
    approval = yes(entered(link, at(18)))
    customer, desk = approval.receipt, Mail.objects.get(key=f"approved:{offer.pk}:desk")
    assert (customer.to, customer.state) == ([w.robin.email], "queued")
    assert desk.to == ["desk@countersign.example"]  # the tests sent the offer, nobody of the desk did
    assert bytes(offer.sha256).hex() in customer.text
    outbox.send(customer.pk)
    customer.refresh_from_db()
    assert customer.state == "sent"
    with customer.files.get(content_type="text/html").open() as file:
        assert file.read() == bytes(offer.document)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"shown_sha256": "00" * 32}, "open it again"),
        ({"shown_sha256": ""}, "open it again"),
        ({"typed_name": "  "}, "Type your full name"),
        ({"typed_name": "4711"}, "with letters alone"),
        ({"typed_name": "\u3164\u3164"}, "with letters alone"),
        ({"typed_name": "Robin\u2800Sample"}, "with letters alone"),
    ],
)
def test_a_yes_to_something_else_is_refused(link, fields, sentence):
    code = entered(link, at(18))
    with pytest.raises(Refused, match=sentence):
        yes(code, **fields)
    assert not Signature.objects.filter(offer=link.offer).exists()


def test_an_offer_is_answered_once(link):
    code = entered(link, at(18))
    yes(code)
    for again in [lambda: yes(code), lambda: answering.decline(code, reason="No.", at=at(18))]:
        with pytest.raises(Refused, match="approved already"):
            again()
    with pytest.raises(Refused, match="can no longer be answered"):
        codes.send_code(link, at=at(18))


def test_no_is_recorded_and_told(link, w):
    end = answering.decline(entered(link, at(18)), reason="Too dear.", typed_name="Robin", at=at(18))
    engagement = link.offer.engagement
    engagement.refresh_from_db()
    assert (end.why, end.contact, engagement.state, engagement.ticket.state) == (
        "declined",
        w.robin,
        "declined",
        "open",
    )
    assert Mail.objects.filter(key__startswith=f"declined:{link.offer_id}:").count() == 2
    with pytest.raises(Refused, match="declined already"):
        yes(OfferCode.objects.latest("pk"))
    assert offered(engagement, w.robin, when=at(18), cap=60, answer_by=at(20)).number == 2


@pytest.mark.parametrize("reason", ["", "  ", "\u200b"])
def test_a_no_says_in_a_few_words_why(link, reason):
    code = entered(link, at(18))
    with pytest.raises(Refused, match="in a few words") as refusal:
        answering.decline(code, reason=reason, at=at(18))
    assert refusal.value.field == "reason"
    with refused("declined_with_a_reason"):
        OfferEnd(
            offer=link.offer, why="declined", contact=link.contact, code=code, reason=" ", typed_name="x"
        ).save(force_insert=True)
    assert answering.decline(code, reason="No.", at=at(18)).reason == "No."


def test_a_declined_change_order_leaves_the_approval_in_force(w):
    further = offered(w.engagement, w.robin, when=at(18), answer_by=at(20))
    answering.decline(entered(further.invitations.get(), at(18)), reason="No.", at=at(18))
    w.engagement.refresh_from_db()
    assert w.engagement.state == "approved"
    entry(w, at(17), at(18)).save()


def test_a_further_approval_adds_to_the_first(w):
    further = signed(offered(w.engagement, w.robin, when=at(18), cap=60, answer_by=at(20)), w.robin, at(18))
    assert Approval.objects.in_force(at(18)).count() == 2
    assert further.balance.room == 60


def test_one_that_replaces_ends_the_older_approval(w):
    offer = offered(w.engagement, w.robin, when=at(18), cap=60, answer_by=at(20), replaces=w.offer)
    assert "It replaces offer 1" in bytes(offer.document).decode()
    new = signed(offer, w.robin, at(18))
    assert (w.approval.end.why, w.approval.end.ended_at) == ("superseded", at(18))
    assert list(Approval.objects.in_force(at(18))) == [new]


def test_a_withdrawn_approval_bills_nothing_more(w):
    timer = timing.start_timer(w.approval, person=w.ana, at=at(18))
    set_clock(at(19))
    answering.withdraw_approval(w.approval, reason="Stop, please.", by=Actor.of(w.robin), at=at(19))
    set_clock(at(20))
    booked = timing.stop_timer(timer, by=Actor.of(w.ana), at=at(20))
    assert [(e.raw_minutes, e.billed_minutes) for e in booked.entries] == [(60, 60), (60, 0)]
    w.engagement.refresh_from_db()
    assert w.engagement.state == "requested"
    assert Mail.objects.filter(key__startswith=f"ended:{w.offer.pk}:").count() == 2
    with pytest.raises(Refused, match="has ended"):
        answering.withdraw_approval(w.approval, reason="Again.", by=TESTS, at=at(20))


def test_only_the_customer_or_the_desk_withdraws(w):
    stranger = Actor.of(ContactFactory())
    with pytest.raises(Refused, match="Only a contact of this customer"):
        answering.withdraw_approval(w.approval, reason="Ha.", by=stranger, at=at(18))


def test_what_the_page_holds_cannot_be_changed(link, w):
    code = entered(link, at(18))
    assert proofs.read_code(link, proofs.sign_code(code)) == code
    assert proofs.read_opening(link, proofs.sign_opening(link, at(17))) == at(17)
    assert proofs.read_opening(link, "2026-10-14") is None
    other = w.offer.invitations.get()
    for field in ["", proofs.sign_code(code) + "x"]:
        with pytest.raises(Refused):
            proofs.read_code(link, field)
    with pytest.raises(Refused):
        proofs.read_code(other, proofs.sign_code(code))
    assert proofs.read_opening(other, proofs.sign_opening(link, at(17))) is None


def test_silence_is_never_a_yes(offer, link):
    entered(link, at(18))
    assert expiring.run() == 0
    set_clock(at(20, day=15))
    assert expiring.run() == 1
    offer.refresh_from_db()
    offer.engagement.refresh_from_db()
    assert (offer.end.why, offer.engagement.state) == ("expired", "requested")
    with pytest.raises(Refused, match="expired already"):
        yes(OfferCode.objects.latest("pk"))
    assert expiring.run() == 0


def test_an_approval_ends_with_its_time_to_work(w):
    set_clock(at(0, day=20, month=12))
    assert expiring.run() == 1
    end = ApprovalEnd.objects.get()
    w.engagement.refresh_from_db()
    assert (end.why, end.ended_at, w.engagement.state) == ("expired", w.offer.work_until, "requested")


def test_a_done_engagement_ends_its_open_offer_and_books_what_was_worked(w):
    offered(w.engagement, w.robin, when=at(18), answer_by=at(20))
    w.engagement.refresh_from_db()
    engaging.finish(w.engagement, by=TESTS, at=at(18))
    assert w.engagement.offers.undecided().count() == 0
    assert (w.engagement.state, w.engagement.ticket.state) == ("done", "open")
    entry(w, at(16), at(17)).save()
    with pytest.raises(Refused, match="has ended"):
        timing.start_timer(Approval.objects.get(), person=w.ana, at=at(18))


def test_a_withdrawn_engagement_ends_its_approval(w):
    timer = timing.start_timer(w.approval, person=w.ana, at=at(18))
    with pytest.raises(Refused, match="timer of Ana runs"):
        engaging.withdraw(w.engagement, reason="Enough.", by=TESTS, at=at(18))
    assert not hasattr(Approval.objects.get(), "end")
    timing.stop_timer(timer, by=TESTS, at=at(18))
    engaging.withdraw(w.engagement, reason="Enough.", by=TESTS, at=at(18))
    assert (w.engagement.state, Approval.objects.get().end.reason) == ("withdrawn", "Enough.")


def test_what_was_never_approved_is_withdrawn_not_done(offer):
    with pytest.raises(Refused, match="Nothing was ever approved"):
        engaging.finish(offer.engagement, by=TESTS, at=at(18))


def test_nothing_is_decided_by_reading(offer, link):
    for method in ["get", "head", "options"]:
        getattr(Client(), method)(links.path(links.token_of(link.nonce)))
    assert Signature.objects.filter(offer=offer).count() == 0


def test_no_path_leads_from_mail_or_a_job_to_an_answer():
    """Whoever is reached from the jobs and from mail never imports what decides."""
    reached, waiting = (
        set(),
        [
            "support.tasks",
            "billing.tasks",
            "support.mail.outbox",
            "support.mail.secrets",
            "support.mail.ingesting",
        ],
    )
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        file = ROOT / Path(*name.split(".")).with_suffix(".py")
        file = file if file.exists() else ROOT / Path(*name.split(".")) / "__init__.py"
        for node in ast.walk(ast.parse(file.read_text())) if file.exists() else []:
            if isinstance(node, ast.ImportFrom) and node.module:
                waiting += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Import):
                waiting += [alias.name for alias in node.names]
    assert "billing.expiring" in reached
    assert {"billing.answering", "billing.written", "billing.codes"} & reached == set()
