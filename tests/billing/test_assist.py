"""Packs for a customer's own case with Microsoft: what is in them, and how it is proved that he got them."""

import io
import zipfile
from datetime import timedelta

import pytest
from pypdf import PdfReader

from billing import assist_pack, assisting, engaging, timing
from billing.models import AssistHandover, AssistPack, AssistTaking, TimeEntry
from support import pdf, versions
from support.actors import Actor
from support.models import Mail, Message, Wait
from support.refusal import Refused
from tests.billing.assist_cases import LOG, case, handed, log, made, screenshot, sha256, stored
from tests.billing.billing_cases import at, requested
from tests.factories import TESTS, ContactFactory
from tests.paper import needs_pango
from tests.support.desk_cases import raise_ticket

pytestmark = pytest.mark.django_db


def opened(pack):
    with zipfile.ZipFile(io.BytesIO(pack.content())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def words(parts):
    [document] = [content for name, content in parts.items() if name.endswith(".pdf")]
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages).replace("\n", " ")


@needs_pango
def test_a_pack_holds_the_document_the_files_and_the_hash_of_each(w):
    w.ticket.customer.time_zone = "America/Denver"
    w.ticket.customer.by(TESTS).save()
    Message.reply(w.ticket, "We trace your mail.", by=Actor.of(w.ana), at=at(18))
    Message.note(w.ticket, "The customer is difficult.", by=Actor.of(w.ana), at=at(18))
    hidden = log(w, "ours.txt", visibility="internal")
    pack = made(w, [log(w), screenshot(w)])
    parts = opened(pack)
    document = f"microsoft-case-{w.engagement.reference}-1.pdf"
    assert set(parts) == {document, "files/01-trace.txt", "files/02-screen.png", "index.txt"}
    assert parts["files/01-trace.txt"] == LOG
    listed = dict(line.split("  ")[::-1] for line in parts["index.txt"].decode().splitlines())
    assert listed == {name: sha256(parts[name]) for name in parts if name != "index.txt"}
    said = words(parts)
    for expected in (
        "Mail from outside arrives hours late.",
        "B Urgent",
        "Gives the people needed",
        "northwind.example",
        "Send a mail from outside.",
        "Traced twenty messages.",
        "America/Denver",
        "12:00",
        "We trace your mail.",
        "Robin Sample",
        "trace.txt",
    ):
        assert expected in said, expected
    for internal in ("difficult", hidden.name, "an offer", "approval"):
        assert internal not in said


def test_without_pango_the_document_is_html(w, monkeypatch):
    monkeypatch.setattr(pdf, "lacking", lambda: "Install Pango.")
    parts = opened(made(w))
    document = parts[f"microsoft-case-{w.engagement.reference}-1.html"].decode()
    assert "Mail from outside arrives hours late." in document


def test_what_is_typed_is_escaped(w):
    document = assist_pack.shown(w.engagement, case(summary="<script>alert(1)</script>"), [], at(18))
    assert "&lt;script&gt;" in document
    assert "<script" not in document


def test_only_what_the_customer_reads_on_this_ticket_can_be_chosen(w):
    other = raise_ticket(w.contract, at(18), channel="email")
    log(w, "ours.txt", visibility="internal")
    log(w, "other.txt", ticket=other)
    stored(w, "loose.txt", visibility="customer")
    expected = {log(w).pk, screenshot(w).pk}
    assert set(assist_pack.files_of(w.ticket).values_list("pk", flat=True)) == expected


def test_a_file_that_was_changed_in_the_storage_is_not_packed(w, settings):
    file = log(w)
    (settings.MEDIA_ROOT / file.path).chmod(0o600)
    (settings.MEDIA_ROOT / file.path).write_bytes(b"Another log.")
    with pytest.raises(Refused, match=r"trace\.txt is not what was stored"):
        made(w, [file])
    (settings.MEDIA_ROOT / file.path).unlink()
    with pytest.raises(Refused, match=r"trace\.txt is not what was stored"):
        made(w, [file])
    assert not AssistPack.objects.exists()


def test_a_pack_that_was_changed_in_the_storage_is_not_given_out(w, settings):
    pack = made(w)
    path = settings.MEDIA_ROOT / pack.file.path
    path.chmod(0o600)
    path.write_bytes(b"PK")
    with pytest.raises(Refused, match="not what was stored"):
        pack.content()


def test_a_pack_is_bounded_and_says_how(w, settings, monkeypatch):
    settings.UPLOAD_MAX_BYTES = assist_pack.DOCUMENT + 100
    with pytest.raises(Refused, match=r"These files are 101.bytes; a pack takes 100.bytes"):
        made(w, [log(w, content=b"x" * 101)])
    monkeypatch.setattr(assist_pack, "FILES", 1)
    with pytest.raises(Refused, match="A pack takes 1 files"):
        made(w, [log(w), log(w, "b.txt")])


def test_a_long_story_is_cut_and_says_so(w, monkeypatch):
    monkeypatch.setattr(assist_pack, "ENTRIES", 2)
    for text in ("First.", "Second.", "Third. " + "x" * 5000):
        Message.reply(w.ticket, text, by=Actor.of(w.ana), at=at(18))
    document = assist_pack.shown(w.engagement, case(), [], at(18))
    assert "What happened before that is left out." in document
    assert "First." not in document
    assert document.index("Second.") < document.index("Third.")
    assert "x" * 2001 not in document


def test_what_was_said_can_be_left_out(w):
    Message.reply(w.ticket, "We trace your mail.", by=Actor.of(w.ana), at=at(18))
    log(w)
    document = assist_pack.shown(w.engagement, case(with_messages=False), [], at(18))
    assert "We trace your mail." not in document
    assert "Ana attached 1 file" in document


def test_before_the_yes_and_after_the_end_nothing_is_put_together(w):
    fresh = requested(w.contract, ticket=w.ticket)
    with pytest.raises(Refused, match="has not said yes"):
        assisting.make(fresh, case(), files=[], by=Actor.of(w.ana), at=at(18))
    made(w)
    engaging.finish(w.engagement, by=Actor.of(w.ana), at=at(18))
    with pytest.raises(Refused, match="work of a further one"):
        made(w)


def test_by_mail_it_is_a_reply_to_whom_it_is_handed_with_the_way_to_it(w):
    dana = ContactFactory(customer=w.ticket.customer, name="Dana Cole")
    sent = assisting.send(made(w), dana, text="For your case.", by=Actor.of(w.ana), at=at(18))
    assert (sent.way, sent.contact_name, sent.mail.to) == ("mail", "Dana Cole", [dana.email])
    for part in (
        "For your case.",
        f"/my/engagements/{w.engagement.reference}/assist/",
        "code that is mailed",
    ):
        assert part in sent.mail.text
    assert not sent.mail.files.exists()
    assert Message.objects.filter(kind="reply", ticket=w.ticket).count() == 1
    assert w.ticket.events.filter(kind="message.sent").count() == 1, "an update as any other reply"
    kinds = list(
        w.ticket.events.filter(kind__startswith="assist.").order_by("seq").values_list("kind", "facts")
    )
    pack = AssistPack.objects.get()
    assert kinds == [
        ("assist.made", {"id": pack.pk, "number": 1}),
        ("assist.handed", {"id": sent.pk, "number": 1}),
    ]


def test_to_nobody_else_and_with_words(w):
    pack, stranger = made(w), ContactFactory()
    gone = ContactFactory(customer=w.ticket.customer, active=False)
    for contact in (stranger, gone):
        with pytest.raises(Refused, match="active contact of the customer"):
            assisting.send(pack, contact, text="x", by=Actor.of(w.ana), at=at(18))
        with pytest.raises(Refused, match="active contact of the customer"):
            handed(w, pack, contact)
    for act, said in ((assisting.send, {"text": " "}), (assisting.hand, {"way": "person", "words": " "})):
        with pytest.raises(Refused, match="Write"):
            act(pack, w.robin, **said, by=Actor.of(w.ana), at=at(18))
    assert not AssistHandover.objects.exists()
    assert not Mail.objects.filter(key__startswith="message:").exists()


def test_the_first_time_that_each_takes_it_is_the_proof(w):
    pack, dana = made(w), ContactFactory(customer=w.ticket.customer, name="Dana Cole")
    with pytest.raises(Refused, match="has not been handed over"):
        assisting.take(pack, w.robin, at=at(18))
    handed(w, pack)
    for _time in range(2):
        assisting.take(pack, w.robin, at=at(18))
    assisting.take(pack, dana, at=at(18))
    assert list(AssistTaking.objects.values_list("contact_name", flat=True)) == ["Robin Sample", "Dana Cole"]
    told = w.ticket.events.filter(kind="assist.taken").values_list("actor_name", flat=True)
    assert list(told) == ["Robin Sample", "Dana Cole"]


def test_it_moves_no_clock_and_the_work_is_time_like_any_other(w):
    before = {clock.key: clock.due_at for clock in w.ticket.clocks.all()}
    pack = made(w)
    handed(w, pack)
    assisting.take(pack, w.robin, at=at(18))
    assert {clock.key: clock.due_at for clock in w.ticket.clocks.all()} == before
    assert not Wait.objects.filter(ticket=w.ticket, ended_at=None).exists()
    said = {"person": w.ana, "started_at": at(16), "stopped_at": at(16.5), "text": "Put it together"}
    timing.book(w.engagement, approval=w.approval, **said, by=Actor.of(w.ana), at=at(18))
    assert TimeEntry.objects.get().billed_minutes == 30


def test_why_the_desk_opens_no_case_is_the_services_own_sentence(w):
    why = assisting.why_not_ours(w.engagement)
    service = versions.definition(w.engagement.service)
    assert (why.service, why.sentence) == (service.name, service.vendor.opened_by)
    [listed] = [item.text for item in service.scope.items if item.code == "microsoft-case"]
    assert why.items == (listed,)


def test_packs_are_numbered_and_a_pack_made_meanwhile_is_told(w, monkeypatch):
    real = assist_pack.packed

    def meanwhile(*args):
        content = real(*args)
        monkeypatch.setattr(assist_pack, "packed", real)
        made(w)
        return content

    monkeypatch.setattr(assist_pack, "packed", meanwhile)
    with pytest.raises(Refused, match="Somebody else has just made a pack"):
        made(w)
    assert [made(w).number, made(w).number] == [1, 2]
    assert AssistPack.objects.latest("pk").made_at - at(18) < timedelta(seconds=1)
