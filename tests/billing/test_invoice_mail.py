"""An invoice goes to the payer's billing contacts as it is issued, once; again only by a hand, and that is kept."""

import pytest
from django.core import mail as sent
from django.urls import reverse

from billing import invoice_mail, invoicing, papers
from billing.models import Invoice, Paper, Sending
from support import pdf
from support.mail import outbox
from support.models import Mail
from support.refusal import Refused
from tests.billing.at_once import at_once
from tests.billing.billing_cases import at
from tests.billing.invoice_cases import OCTOBER, billing_contact, issued, payer_of, worked
from tests.factories import TESTS
from tests.ground import standing_on
from tests.support.page_cases import post

w = standing_on(worked)


@pytest.fixture
def contact(w):
    return billing_contact(w, email="accounts@customer.example")


def mails(invoice) -> list[Mail]:
    return list(Mail.objects.filter(key__startswith=f"invoice:{invoice.pk}:").order_by("pk"))


def leave(mail: Mail) -> None:
    outbox.send(mail.pk)
    mail.refresh_from_db()


def test_it_is_mailed_with_its_paper_when_it_is_issued(w, contact):
    billing_contact(w, email="gone@customer.example", active=False)
    invoice = issued(w)
    [mail] = mails(invoice)
    assert (mail.to, mail.state, mail.subject) == (
        ["accounts@customer.example"],
        "queued",
        f"Invoice INV-2026-000001 from {w.entity.name}",
    )
    assert "$600.00, due on 13 November 2026" in mail.text
    leave(mail)
    [(name, content, kind)] = sent.outbox[-1].attachments
    assert (name, content, kind) == (
        "INV-2026-000001.pdf",
        Paper.objects.get(invoice=invoice).content(),
        "application/pdf",
    )
    assert Sending.objects.get(invoice=invoice).actor_name == TESTS.name


def test_a_credit_note_is_mailed_too(w, contact):
    note = invoicing.credit(issued(w), reason="Billed twice.", by=TESTS, at=at(18))
    [mail] = mails(note)
    assert mail.subject.startswith("Credit note INV-2026-000002")
    assert "corrects invoice INV-2026-000001: -$600.00" in mail.text
    assert "Billed twice." in mail.text


def test_a_run_that_is_repeated_mails_nothing_again(w, contact):
    invoice = issued(w)
    assert invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18)) == []
    assert len(mails(invoice)) == 1


def test_an_issue_that_is_refused_mails_nothing(w, contact):
    [draft] = invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    invoicing.issue(draft, by=TESTS, at=at(18))
    with pytest.raises(Refused, match="issued already"):
        invoicing.issue(draft, by=TESTS, at=at(18))
    assert len(mails(draft)) == 1


def test_without_pango_it_waits_says_why_and_leaves_later(w, contact, monkeypatch):
    invoice = issued(w)
    [mail] = mails(invoice)
    with monkeypatch.context() as patched:
        patched.setattr(pdf, "_is_here", lambda library: False)
        with pytest.raises(pdf.NotPossible):
            outbox.send(mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.tries) == ("queued", 1)
    assert "install Pango" in mail.error
    leave(mail)
    assert mail.state == "sent"


def test_without_a_billing_contact_it_is_issued_and_both_pages_warn(w, client):
    client.force_login(w.fin)
    month = reverse("billing:month-page", args=[w.entity.number_series, "2026-10"])
    warning = f"{payer_of(w).name} has no billing contact"
    assert warning in client.get(month).text  # while there is still time to name one
    invoice = issued(w)
    assert mails(invoice) == []
    for address in [month, reverse("billing:invoice-page", args=[invoice.reference])]:
        assert warning in client.get(address).text
    assert post(client, "billing:invoice-send", invoice.reference).status_code == 409
    billing_contact(w)
    assert warning not in client.get(month).text


def test_what_was_mailed_warns_of_nobody_who_left_since(w, contact, client):
    issued(w)
    contact.active = False
    contact.by(TESTS).save()
    client.force_login(w.fin)
    month = reverse("billing:month-page", args=[w.entity.number_series, "2026-10"])
    assert "has no billing contact" not in client.get(month).text


def test_finance_sends_it_again_to_who_the_contacts_are_now(w, contact, client):
    invoice = issued(w)
    Mail.objects.filter(pk=mails(invoice)[0].pk).update(state="failed", error="no such mailbox")
    contact.email = "new@customer.example"
    contact.by(TESTS).save()
    client.force_login(w.fin)
    page = client.get(reverse("billing:invoice-page", args=[invoice.reference])).text
    assert "Could not be sent to accounts@customer.example" in page
    assert "no such mailbox" in page
    key = "7b1e0a52-2f6c-4a8e-9a34-0f7f6f0c3c11"
    for _time in range(2):  # pressed twice
        assert post(client, "billing:invoice-send", invoice.reference, key=key).status_code == 302
    first, again = mails(invoice)
    assert (again.to, first.message_id != again.message_id) == (["new@customer.example"], True)
    assert Sending.objects.get(mail=again).actor_name == "Fin"
    leave(again)
    assert sent.outbox[-1].attachments[0][1] == papers.of_invoice(invoice, at(19)).content()
    assert (
        "Sent to new@customer.example"
        in client.get(reverse("billing:invoice-page", args=[invoice.reference])).text
    )


def test_while_one_is_on_its_way_no_other_leaves(w, contact, client):
    invoice = issued(w)
    client.force_login(w.fin)
    response = post(client, "billing:invoice-send", invoice.reference)
    assert (response.status_code, len(mails(invoice))) == (409, 1)
    assert "on its way already" in response.text


def test_sending_is_finances_and_no_link(w, contact, client):
    invoice = issued(w)
    client.force_login(w.fin)
    assert client.get(reverse("billing:invoice-send", args=[invoice.reference])).status_code == 405
    assert post(client, "billing:invoice-send", "INV-2026-000099").status_code == 404
    client.force_login(w.max)
    assert post(client, "billing:invoice-send", invoice.reference).status_code == 403


def test_a_draft_is_not_sent(w, contact):
    [draft] = invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    with pytest.raises(Refused, match="issue it first"):
        invoice_mail.send_again(draft, by=TESTS, at=at(18))


def test_two_hands_at_once_send_one(own_database):
    w = worked()
    billing_contact(w)
    invoice = issued(w)
    leave(mails(invoice)[0])

    def again(_i):
        try:
            return invoice_mail.send_again(Invoice.objects.get(pk=invoice.pk), by=TESTS, at=at(19)).pk
        except Refused as refused:
            return refused.sentence

    answers = at_once(4, again, at(18))
    assert len([each for each in answers if isinstance(each, int)]) == 1, answers
    assert len(mails(invoice)) == 2
