"""Statements of work: in versions, named by their hash in the offer, required above the size that the rate card says."""

import hashlib
import io
import re
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from billing import approval_paper, engaging, invoicing, stating, tracing
from billing.models import Offer, StatementOfWork
from support.actors import Actor
from support.refusal import Refused
from tests.attacks import refused, run
from tests.billing.at_once import at_once
from tests.billing.billing_cases import at, entry, offered, requested, set_clock, signed, world
from tests.billing.page_cases import link_of
from tests.billing.test_engagement_pages import local
from tests.billing.test_portal import signs_in
from tests.factories import TESTS
from tests.ground import standing_on
from tests.paper import needs_pango
from tests.support.page_cases import post

TEXT = "We capture calls for a day.\n\nThen <b>Robin</b> names the sites & we rebuild them."


@standing_on
def w():
    """An engagement that nobody offered yet beside the one that is approved."""
    w = world()
    w.fresh = requested(w.contract, ticket=w.ticket)
    return w


def write(w, text=TEXT, engagement=None):
    return stating.write(engagement or w.fresh, text=text, by=Actor.of(w.ana), at=at(18))


def offer(w, **fields):
    return offered(w.fresh, w.robin, when=at(18), answer_by=at(20), **fields)


def test_the_offer_names_the_newest_version_by_its_hash(w):
    write(w)
    second = write(w, "Otherwise.")
    sent = offer(w)
    assert (second.version, sent.statement) == (2, second)
    document = bytes(sent.document).decode()
    assert hashlib.sha256(bytes(second.document)).hexdigest() in document
    assert "statement of work, version 2" in document


def test_what_was_typed_is_escaped_and_kept(w):
    made = write(w)
    document = stating.shown(made)
    assert "Then &lt;b&gt;Robin&lt;/b&gt; names the sites &amp; we rebuild them." in document
    assert "version 1" in document
    assert made.text == TEXT


def test_an_offer_that_is_out_goes_on_as_it_was_sent(w):
    write(w)
    sent = offer(w)
    write(w, "Something else.")
    approval = signed(sent, w.robin, at(18))
    assert approval.offer.statement.version == 1


@pytest.mark.parametrize(
    ("text", "sentence"), [(" \u200b", "Write what"), (TEXT, "Version 1 says this already")]
)
def test_what_is_no_version_is_refused(w, text, sentence):
    write(w)
    with pytest.raises(Refused, match=sentence):
        write(w, text)


def test_an_engagement_that_has_ended_gets_none(w):
    engaging.withdraw(w.fresh, reason="Not wanted.", by=TESTS, at=at(18))
    with pytest.raises(Refused, match="has ended"):
        write(w)


def test_the_database_keeps_it_and_what_the_offer_says_of_it(w):
    first = write(w)
    for sql in (
        "UPDATE billing_statementofwork SET text = 'x'",
        "DELETE FROM billing_statementofwork",
        "TRUNCATE billing_statementofwork",
    ):
        with refused("permission denied"):
            run(sql)
    row = {"engagement": w.fresh, "text": "x", "actor_kind": "staff", "actor_name": "x"}
    with refused("statement_hash_is_of_its_bytes"):
        StatementOfWork.objects.bulk_create([StatementOfWork(document=b"x", sha256=first.sha256, **row)])
    write(w, "Newer.")
    sent = offer(w)
    terms = {
        field.name: getattr(sent, field.name)
        for field in Offer._meta.fields
        if field.name not in ("id", "number")
    }
    engaging.end_offer(sent, "withdrawn", by=TESTS)
    for older in (first, None):
        with refused("the_newest_statement_is_offered"):
            Offer.objects.bulk_create([Offer(**{**terms, "statement": older})])


def test_two_who_write_at_once_write_two_versions(own_database):
    w = world()
    w.fresh = requested(w.contract, ticket=w.ticket)
    assert sorted(at_once(4, lambda i: write(w, f"Text {i}").version, clock=at(18))) == [1, 2, 3, 4]
    set_clock(None)


def words(content):
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).replace("\n", " ")


@needs_pango
def test_it_is_on_paper_and_in_the_copy_of_the_approval(w):
    made = write(w)
    content = stating.as_pdf(made)
    assert content == stating.as_pdf(made)
    assert "names the sites & we rebuild them." in words(content)
    approval = signed(offer(w), w.robin, at(18))
    assert "names the sites & we rebuild them." in words(approval_paper.render(approval))


def test_the_evidence_of_a_line_holds_it_and_the_script_compares_it(w, tmp_path):
    set_clock(at(10.5))
    write(w)
    approval = signed(offer(w), w.robin, at(10.5))
    set_clock(at(18))
    entry(w, at(13), at(14), engagement=w.fresh, offer=approval.offer, approval=approval).save()
    [invoice] = invoicing.run(w.entity, at(0, day=1).date(), by=TESTS, at=at(18))
    packed = tracing.bundle(tracing.trace(invoice.lines.get()))
    zipfile.ZipFile(io.BytesIO(packed)).extractall(tmp_path)

    def check():
        return subprocess.run([sys.executable, tmp_path / "check.py"], capture_output=True, text=True)

    assert check().returncode == 0
    (tmp_path / "statement.html").write_text("Something else.")
    assert "The statement of work is not the one that the offer names." in check().stdout


@pytest.fixture
def ana(client, w, time_machine):
    time_machine.move_to(at(18))
    client.force_login(w.ana)
    return client


def test_an_agent_writes_and_reads_it(ana, w):
    reference = w.fresh.reference
    assert post(ana, "billing:statement-write", reference, text=TEXT).status_code == 302
    page = ana.get(reverse("billing:statement-page", args=[reference, 1]))
    assert "names the sites &amp; we rebuild them." in page.text
    assert bytes(StatementOfWork.objects.get().sha256).hex() in page.text
    engagement = ana.get(reverse("billing:engagement-page", args=[reference])).text
    assert reverse("billing:statement-page", args=[reference, 1]) in engagement
    assert "Write a further version" in engagement
    again = post(ana, "billing:statement-write", reference, text=TEXT)
    assert (again.status_code, "Version 1 says this already" in again.text) == (422, True)
    assert ana.get(reverse("billing:statement-page", args=[reference, 2])).status_code == 404


def test_what_another_wrote_meanwhile_is_read_and_not_overwritten(client, ana, w):
    address = reverse("billing:engagement-page", args=[w.fresh.reference])

    def on_page(text):
        return int(re.search(r'name="base" value="(\d+)"', text)[1])

    def keep(text, base):
        return post(client, "billing:statement-write", w.fresh.reference, text=text, base=base)

    base = on_page(ana.get(address).text)
    assert base == 0
    stating.write(w.fresh, text="Two days, without DNS.", base=base, by=Actor.of(w.max), at=at(18))
    stale = keep("Two days, better.", base)
    assert stale.status_code == 409
    for words in ["Max has written version 1 since", "Two days, better.", "<p>Two days, without DNS.</p>"]:
        assert words in stale.text
    assert on_page(stale.text) == 1
    assert keep("Two days, better, without DNS.", 1).status_code == 302
    assert on_page(ana.get(address).text) == 2
    assert list(w.fresh.statements.values_list("version", flat=True)) == [1, 2]


def test_whoever_is_asked_reads_it_by_his_link_and_on_his_page(client, w):
    write(w)
    sent = offer(w)
    page = client.get(link_of(sent))
    assert "names the sites &amp; we rebuild them." in page.text
    paper = client.get(f"{link_of(sent)}statement/")
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    assert paper["Referrer-Policy"] == "no-referrer"
    signs_in(w.robin, client)
    assert client.get(reverse("billing:own-statement-pdf", args=[w.fresh.reference, 1])).status_code == 200


def test_nobody_else_reads_it(client, cast, w):
    write(w)
    addresses = [
        reverse("billing:statement-page", args=[w.fresh.reference, 1]),
        reverse("billing:statement-pdf", args=[w.fresh.reference, 1]),
    ]
    for person, status in [(cast.robin, 404), (w.fin, 200)]:
        client.force_login(person)
        for address in addresses:
            assert client.get(address).status_code == status
    client.force_login(cast.robin)
    assert client.get(reverse("billing:own-statement-pdf", args=[w.fresh.reference, 1])).status_code == 404
    assert post(client, "billing:statement-write", w.fresh.reference, text="x").status_code == 404
    client.force_login(w.ana)
    assert client.get(reverse("billing:statement-write", args=[w.fresh.reference])).status_code == 405
    signs_in(w.robin, client)  # not offered yet
    assert client.get(reverse("billing:own-statement-pdf", args=[w.fresh.reference, 1])).status_code == 404


def test_an_offer_names_the_version_that_its_sender_read(ana, w):
    write(w, "First.")
    reference, now = w.fresh.reference, timezone.now()
    page = ana.get(reverse("billing:engagement-page", args=[reference]))
    days = {name: local(now + timedelta(days=n)) for name, n in [("answer_by", 7), ("work_until", 30)]}
    said = {"contact": w.robin.pk, "cap": 60, **days}
    said["statement"] = page.context["forms"]["offer"]["statement"].value()
    write(w, "Second.")
    answer = post(ana, "billing:offer-send", reference, **said)
    assert (answer.status_code, w.fresh.offers.count()) == (422, 0)
    assert "Ana wrote version 2 of the statement of work meanwhile" in answer.text
    assert post(ana, "billing:offer-send", reference, **{**said, "statement": 2}).status_code == 302
