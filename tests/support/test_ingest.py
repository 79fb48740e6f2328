"""Mail in: stored first, then a reply, a ticket or a stub; never an answer to a machine, never another customer's ticket."""

import hashlib
import io
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from config.env import ROOT
from support.mail import ingesting
from support.mail.addresses import is_ours, reply_address, ticket_number_in
from support.models import InboundMail, Mail, Message, Ticket, Wait
from tests.attacks import refused, run
from tests.factories import ANA, TESTS, ContactFactory
from tests.support.desk_cases import contract_under, due, raise_ticket, utc
from tests.support.mail_cases import NOW, ingest, message

pytestmark = pytest.mark.django_db


@pytest.fixture
def robin(cast):
    contact = cast.robin_contact
    contact.email = "robin@northwind.example"
    contact.by(TESTS).save()
    return contact


@pytest.fixture
def ticket(robin):
    contract = contract_under("microsoft-o365-dedicated", holder=robin.customer)
    return raise_ticket(contract, utc("2026-10-14 09:00"), contact=robin, priority="A")


def answer(ticket, text="It is still dead.", **fields):
    return message(text, to=reply_address(ticket.number), **fields)


def test_a_reply_goes_onto_its_ticket_and_stops_the_customers_clock(ticket, robin):
    row = ingest(answer(ticket))
    assert (row.state, row.ticket) == ("reply", ticket)
    said = row.message
    assert (said.kind, said.text, said.contact, said.actor_name) == (
        "received",
        "It is still dead.",
        robin,
        robin.name,
    )
    first, second = ticket.clocks.filter(kind="customer_update").order_by("cycle")
    assert (first.state, first.verdict, second.started_at) == ("stopped", "met", NOW)
    assert due(ticket, "response") == "2026-10-14 10:00"  # ours runs on


def test_it_ends_a_wait_for_the_customer(ticket):
    Wait.begin(ticket, reason="customer", by=ANA, at=utc("2026-10-14 09:30"))
    ingest(answer(ticket))
    assert Wait.objects.get().ended_at == NOW


def test_our_own_mail_leads_back_to_the_ticket(ticket):
    Message.reply(ticket, "Please try again.", by=ANA, at=utc("2026-10-14 09:30"))
    mail = Mail.objects.get(key__startswith="message:")
    assert ticket_number_in(mail.reply_to) == ticket.number
    quoted = "\n".join(f"> {line}" for line in mail.text.splitlines())
    row = ingest(message(f"No change.\n\nOn Wed, the desk wrote:\n{quoted}", to=mail.reply_to))
    assert (row.ticket, row.message.text) == (ticket, "No change.")


def test_a_message_of_a_contact_is_a_new_ticket_and_is_acknowledged_once(robin):
    contract_under("enghouse-premium", holder=robin.customer)
    row = ingest(message("Since this morning.", subject="P1: everything is down"))
    made = row.ticket
    assert (row.state, made.title, made.channel, made.raised_by) == (
        "ticket",
        "P1: everything is down",
        "email",
        robin,
    )
    assert made.priority == "P3"  # by mail nobody declares more
    mail = Mail.objects.get(key=f"received:{row.pk}")
    assert (mail.to, mail.automatic, ticket_number_in(mail.reply_to)) == ([robin.email], True, made.number)
    ingest(message("And another thing.", message_id="<2@x>"))
    assert Mail.objects.filter(key__startswith="received:").count() == 1
    ingest(message("Much later.", message_id="<3@x>"), at=utc("2026-10-14 11:01"))
    assert Mail.objects.filter(key__startswith="received:").count() == 2


def test_another_customers_contact_with_the_right_address_learns_nothing(ticket, cast):
    kim = cast.kim_contact
    contract_under("enghouse-premium", holder=kim.customer)
    row = ingest(answer(ticket, sender=kim.email, subject=f"Re: [{ticket.number}] No dial tone"))
    assert (row.state, row.ticket.customer) == ("ticket", kim.customer)
    assert row.ticket != ticket
    assert ticket.number not in Mail.objects.get(key=f"received:{row.pk}").text


def test_a_number_in_the_subject_leads_nowhere(ticket):
    row = ingest(
        message("Me too.", subject=f"Re: [{ticket.number}] No dial tone", sender="eve@elsewhere.example")
    )
    assert (row.state, row.ticket, row.why) == (
        "stub",
        None,
        "Its sender is nobody\u2019s contact, or is disabled.",
    )


@pytest.mark.parametrize("change", ["number", "signature", "domain"])
def test_a_signed_address_that_was_changed_is_none(ticket, change):
    address = reply_address(ticket.number)
    name, _at, domain = address.partition("@")
    local, _dot, signature = name.rpartition(".")
    other = {
        "number": f"{local[:-1]}{(int(local[-1]) + 1) % 10}.{signature}@{domain}",
        "signature": f"{local}.{signature[:-1]}{'a' if signature[-1] != 'a' else 'b'}@{domain}",
        "domain": f"{name}@elsewhere.example",
    }[change]
    assert ticket_number_in(address.upper()) == ticket.number
    assert ticket_number_in(other) == ""


def test_an_absence_note_is_kept_and_moves_nothing(ticket):
    Wait.begin(ticket, reason="customer", by=ANA, at=utc("2026-10-14 09:30"))
    before = due(ticket, "customer_update")
    row = ingest(answer(ticket, "I am away.", Auto_Submitted="auto-replied"))
    assert (row.state, row.automatic) == ("reply", True)
    assert (due(ticket, "customer_update"), Wait.objects.get().ended_at) == (before, None)
    assert not Mail.objects.exists()


def test_an_absence_note_does_not_open_a_resolved_ticket_again(ticket):
    ticket.resolve(outcome="resolved", by=ANA, at=utc("2026-10-14 09:30"))
    ingest(answer(ticket, "I am away.", Auto_Submitted="auto-replied"))
    ticket.refresh_from_db()
    assert ticket.state == "resolved"
    ingest(answer(ticket, "It came back."))
    ticket.refresh_from_db()
    assert ticket.state == "open"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"sender": "eve@elsewhere.example"}, "nobody\u2019s contact"),
        ({"Precedence": "bulk"}, "A machine wrote it"),
        ({"sender": "desk@countersign.example"}, "desk\u2019s own address"),
        ({"sender": "desk+sr-100001.x@countersign.example"}, "desk\u2019s own address"),
    ],
)
def test_what_leads_nowhere_is_a_stub_and_is_not_answered(robin, fields, why):
    row = ingest(message(**fields))
    assert row.state == "stub"
    assert why in row.why
    assert not Mail.objects.exists()
    assert not Ticket.objects.exists()


def test_several_customers_or_contracts_are_a_question_to_the_desk(robin, cast):
    contract_under("enghouse-premium", holder=robin.customer)
    contract_under("exponential-e-ucc", holder=robin.customer)
    assert "Several contracts are in force" in ingest(message()).why
    ContactFactory(customer=cast.tailspin, email=robin.email)
    assert "several customers" in ingest(message(message_id="<2@x>")).why
    assert not Ticket.objects.exists()


def test_the_same_bytes_are_one_message_whatever_they_call_themselves(ticket):
    raw = answer(ticket).as_bytes()
    first, again = (
        ingesting.ingest(raw, mailbox="desk", at=NOW),
        ingesting.ingest(raw, mailbox="desk", at=NOW),
    )
    assert (first[1], again[1], first[0].pk) == (True, False, again[0].pk)
    other = ingest(answer(ticket, "Something else."))  # the same Message-ID
    assert other.pk != first[0].pk
    assert ticket.messages.filter(kind="received").count() == 3  # the first words, and two


def test_whatever_goes_wrong_is_a_stub_and_the_next_one_is_read(ticket, monkeypatch):
    monkeypatch.setattr(ingesting, "read", lambda *_args, **_more: 1 / 0)
    row = ingest(answer(ticket))
    assert (row.state, row.why) == ("stub", "It could not be read: division by zero")
    monkeypatch.undo()
    assert ingest(answer(ticket, "The next one.")).state == "reply"


def test_one_that_was_cut_short_is_read_when_it_comes_again(ticket, monkeypatch):
    raw = answer(ticket).as_bytes()

    def cut(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(ingesting, "_deal", cut)
    with pytest.raises(KeyboardInterrupt):
        ingesting.ingest(raw, mailbox="desk", at=NOW)
    assert bytes(InboundMail.objects.get().raw) == raw
    monkeypatch.undo()
    assert ingest(raw).state == "reply"


def test_the_bytes_and_what_became_of_them_stay(ticket):
    ingest(answer(ticket))
    for attack in ["SET raw = 'x'", "SET sha256 = sha256('x')"]:
        with refused("permission denied"):
            run(f"UPDATE support_inboundmail {attack}")
    with refused("told_once"):
        InboundMail.objects.update(why="Nothing happened")
    with refused("inbound_hash_is_of_its_bytes"):
        InboundMail(mailbox="x", sha256=hashlib.sha256(b"y").digest(), raw=b"x", received_at=NOW).save()


def test_the_command_prints_what_became_of_it(ticket, monkeypatch):
    def piped(raw, **options):
        said = io.StringIO()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        call_command("ingest_email", stdout=said, **options)
        return said.getvalue().strip()

    raw = answer(ticket).as_bytes()
    assert piped(raw) == f"reply {ticket.number}"
    assert piped(raw) == f"reply {ticket.number} (known already)"
    assert piped(message(sender="eve@x.example").as_bytes()).startswith("stub ")
    hidden = message("By the server.", to="undisclosed-recipients:;").as_bytes()
    assert piped(hidden, recipient=reply_address(ticket.number)) == f"reply {ticket.number}"
    with pytest.raises(CommandError, match="no message"):
        piped(b"  \n")


def test_a_mail_server_that_finds_no_database_keeps_the_message():
    done = subprocess.run(
        [sys.executable, "manage.py", "ingest_email"],
        input=b"From: a@x.example\n\nHello",
        capture_output=True,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "DATABASE_URL": "postgresql://x@127.0.0.1:1/none"},
    )
    assert done.returncode not in (0, 1)


def test_our_own_addresses_are_known():
    assert is_ours("Desk+sr-1.x@Countersign.example")
    assert not is_ours("desk@elsewhere.example")


def test_its_words_are_searched_by_nobody_of_another_customer(ticket, cast):
    assert connection.vendor == "postgresql"
    ingest(answer(ticket, "Blue elephants."))
    assert not Ticket.objects.visible_to(cast.kim).filter(pk=ticket.pk).exists()


@pytest.mark.parametrize(
    "sender",
    [
        "robin@northwınd.example",
        "robin@northwind.example <eve@evil.example>",
        "<robin@northwind.example> <eve@evil.example>",
        "=?utf-8?q?a=0D=0A?= <robin@northwind.example>",
    ],
)
def test_a_sender_that_reads_in_two_ways_is_nobody(ticket, sender):
    raw = f"From: {sender}\nTo: {reply_address(ticket.number)}\nSubject: x\n\nHello".encode()
    assert ingest(raw).why == "it is not from one address"


def test_a_closed_ticket_stays_closed_and_the_message_is_a_new_one(ticket):
    ticket.resolve(outcome="resolved", by=ANA, at=utc("2026-10-14 09:30"))
    ticket.close(by=ANA, at=utc("2026-10-14 09:40"), reason="agreed")
    row = ingest(answer(ticket))
    ticket.refresh_from_db()
    assert (row.state, row.ticket != ticket, ticket.state) == ("ticket", True, "closed")


def test_what_happens_on_the_ticket_while_it_is_read_does_not_lose_it(ticket):
    Message.note(ticket, "Looked into it.", by=ANA, at=utc("2026-10-14 10:01"))
    assert ingest(answer(ticket), at=NOW).state == "reply"  # a minute earlier


def test_what_was_stored_and_left_is_read_by_a_worker(ticket, monkeypatch):
    monkeypatch.setattr(ingesting, "deal", lambda *_args: None)
    row = ingest(message(to="desk@countersign.example"), recipient=reply_address(ticket.number))
    monkeypatch.undo()
    ingesting.deal_with_left(NOW + ingesting.LEFT)
    row.refresh_from_db()
    assert row.state == "stored"  # it may be at work
    ingesting.deal_with_left(NOW + 2 * ingesting.LEFT)
    row.refresh_from_db()
    assert (row.state, row.ticket) == ("reply", ticket)
