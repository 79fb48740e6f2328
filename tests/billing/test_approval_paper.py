"""The copy of an approval: a PDF that both sides get, made as the receipt leaves, once, whatever is killed in between."""

import io
import smtplib

import pytest
from django.core import mail as sent
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.urls import reverse
from pypdf import PdfReader

from billing import papers
from billing.models import EvidenceLink, Paper, Sending
from support import pdf
from support.mail import enclosures, outbox
from support.models import File, Mail
from support.refusal import Refused
from support.roles import Role
from tests.attacks import run
from tests.billing.billing_cases import at, entered, somebody, yes
from tests.billing.test_portal import signs_in
from tests.factories import TESTS, ContactFactory, CustomerFactory, granted
from tests.support.page_cases import post


def text_of(content: bytes) -> str:
    """What a reader that is not the maker finds in it, on one line."""
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def receipts(offer) -> list[Mail]:
    return list(Mail.objects.filter(key__startswith=f"approved:{offer.pk}:").order_by("key"))


def attached(message) -> dict[str, bytes]:
    return {name: content for name, content, _type in message.attachments}


def test_the_copy_says_what_was_approved_by_whom_and_how_we_know(w):
    said = text_of(papers.of_approval(w.approval, at(18)).content())
    link = EvidenceLink.objects.get(kind="approval", subject_id=w.approval.pk)
    signature = w.offer.signatures.get()
    told = [w.offer.sentence, "Robin Sample", w.robin.email, "One-time code", "203.0.113.24"]
    told += ["Wed 14 Oct 2026, 10:00 (UTC)", bytes(w.offer.sha256).hex(), bytes(signature.sha256).hex()]
    told += [f"Link {link.seq} of {w.entity.name}", bytes(link.hash).hex()]
    told += ["Call captures", "Each entry is rounded up to the next 15 minutes", "4 hours, $1,000.00"]
    assert [each for each in told if each not in said] == []


def test_it_is_made_as_the_receipt_leaves_and_goes_to_both_sides(offer, link, w):
    manager = somebody("Carla", Role.MANAGER)
    customer = w.contract.holder
    customer.success_manager = manager
    customer.by(TESTS).save()
    link.refresh_from_db()
    approval = yes(entered(link, at(18)))
    assert not Paper.objects.filter(approval=approval).exists()  # nothing slow while the customer decides
    for mail in receipts(offer):
        outbox.send(mail.pk)
    content = Paper.objects.get(approval=approval).content()
    assert [message.to for message in sent.outbox[-2:]] == [
        [w.robin.email],
        sorted([manager.email, "desk@countersign.example"]),
    ]
    for message in sent.outbox[-2:]:
        files = attached(message)
        assert files[f"approval-{approval.reference}.pdf"] == content
        assert files[f"{offer.reference}.html"].encode() == bytes(offer.document)


def test_killed_after_it_was_made_the_same_copy_leaves_under_the_same_message_id(offer, link, monkeypatch):
    yes(entered(link, at(18)))
    mail = receipts(offer)[0]

    def hang_up(self, fail_silently=False):
        raise smtplib.SMTPServerDisconnected("the server hung up")

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", hang_up)
        with pytest.raises(smtplib.SMTPServerDisconnected):
            outbox.send(mail.pk)
    enclosures.enclose(mail.pk, at(19))
    outbox.send(mail.pk)
    assert Paper.objects.filter(approval__offer=offer).count() == 1
    assert File.objects.filter(name__startswith="approval-").count() == 1
    assert mail.files.count() == 2
    assert sent.outbox[-1].extra_headers["Message-ID"] == mail.message_id


def test_without_pango_the_approval_stands_and_the_receipt_leaves_with_the_offers_bytes(
    offer, link, monkeypatch
):
    monkeypatch.setattr(pdf, "_is_here", lambda library: False)
    approval = yes(entered(link, at(18)))
    outbox.send(approval.receipt_id)
    assert list(attached(sent.outbox[-1])) == [f"{offer.reference}.html"]
    assert papers.make_lacking(at(18)) == 0
    monkeypatch.undo()
    assert papers.make_lacking(at(18)) >= 1
    assert Paper.objects.filter(approval=approval).exists()
    assert papers.make_lacking(at(18)) == 0


def test_one_that_cannot_be_made_stops_no_other_and_is_told(offer, link, w, monkeypatch):
    approval = yes(entered(link, at(18)))
    render = papers.approval_paper.render

    def broken(one):
        if one == w.approval:
            raise ZeroDivisionError
        return render(one)

    monkeypatch.setattr("billing.approval_paper.render", broken)
    with pytest.raises(ZeroDivisionError):
        papers.make_lacking(at(18))
    assert Paper.objects.get().approval == approval


def fail(mail: Mail) -> None:
    Mail.objects.filter(pk=mail.pk).update(state="failed", error="no such mailbox", tries=8)


def test_the_engagement_page_says_how_the_copy_fared_and_sends_it_again(offer, link, w, client):
    yes(entered(link, at(18)))
    client.force_login(w.ana)
    reference = offer.engagement.reference
    address = reverse("billing:engagement-page", args=[reference])
    assert f"On its way to {w.robin.email}" in client.get(address).text
    customer, _desk = receipts(offer)
    fail(customer)
    page = client.get(address).text
    assert "no such mailbox" in page
    assert post(client, "billing:copy-send", reference, offer.number).status_code == 302
    customer.refresh_from_db()
    assert (customer.state, customer.tries) == ("queued", 0)
    sending = Sending.objects.get()
    assert (sending.mail, sending.actor_name) == (customer, "Ana")
    outbox.send(customer.pk)
    page = client.get(address).text
    assert f"Sent to {w.robin.email}" in page
    file = Paper.objects.get().file
    response = client.get(reverse("support:file-download", args=[file.key]))
    assert b"".join(response.streaming_content) == Paper.objects.get().content()


def test_a_copy_that_has_not_failed_is_not_sent_again(w, client):
    client.force_login(w.ana)
    response = post(client, "billing:copy-send", w.engagement.reference, 1)
    assert response.status_code == 409
    assert "has been sent, or is on its way" in response.text
    assert not Sending.objects.exists()


def test_sending_it_again_is_nobody_elses_and_no_link(w, client, cast):
    arguments = [w.engagement.reference, 1]
    client.force_login(w.ana)
    assert client.get(reverse("billing:copy-send", args=arguments)).status_code == 405
    assert post(client, "billing:copy-send", w.engagement.reference, 9).status_code == 404
    client.force_login(cast.kim)
    assert post(client, "billing:copy-send", *arguments).status_code == 404


def test_the_customers_own_people_take_it_from_their_page_and_a_partner_is_not_offered_it(w, client):
    paper = papers.of_approval(w.approval, at(18))
    address = reverse("billing:own-engagement-page", args=[w.engagement.reference])
    file = reverse("support:file-download", args=[paper.file.key])
    signs_in(w.robin, client)
    assert file in client.get(address).text
    assert b"".join(client.get(file).streaming_content) == paper.content()
    partner = ContactFactory(customer=CustomerFactory())
    granted(partner, w.contract.holder)
    signs_in(partner, client)
    assert file not in client.get(address).text
    signs_in(ContactFactory(customer=CustomerFactory()), client)
    assert client.get(file).status_code == 404


def test_bytes_that_were_changed_in_the_storage_are_not_handed_out(w):
    paper = papers.of_approval(w.approval, at(18))
    default_storage.delete(paper.file.path)
    default_storage.save(paper.file.path, ContentFile(b"%PDF-1.7 other"))
    with pytest.raises(Refused, match="not what was stored"):
        paper.content()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE billing_paper SET sha256 = ''",
        "DELETE FROM billing_paper",
        "TRUNCATE billing_paper CASCADE",
        "UPDATE billing_sending SET sent_at = now()",
        "DELETE FROM billing_sending",
    ],
)
def test_a_paper_is_never_changed_or_taken_away(w, statement):
    papers.of_approval(w.approval, at(18))
    with pytest.raises(DatabaseError), transaction.atomic():
        run(statement)
