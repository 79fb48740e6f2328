"""The desk's page of a customer's own case with Microsoft: a pack is looked at, made, handed over; what came of the case."""

import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from billing import assist_notes, assisting
from billing.models import AssistHandover, AssistNote, AssistPack
from support import versions
from support.actors import Actor
from support.desk import attaching
from support.models import Mail
from tests.billing.assist_cases import LOG, SAID, case
from tests.billing.billing_cases import signed
from tests.billing.page_cases import engagement_for, offer_for
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db
CASE = {"case_number": "2610140040001234", "severity": "B", "on": "2026-10-14"}
REQUEST = {"text": "Headers of three mails.", "on": "2026-10-14"}
CALL = {"starts_at": "2026-10-15T09:00", "bridge": "+1 555 0100", "text": ""}


@pytest.fixture
def engagement(cast):
    """Approved a moment ago."""
    offer = offer_for(cast)
    signed(offer, cast.robin_contact, timezone.now())
    return offer.engagement


@pytest.fixture
def file(cast, engagement):
    upload = SimpleUploadedFile("trace.txt", LOG, "text/plain")
    by, at = Actor.of(cast.ana), timezone.now()
    return attaching.attach(engagement.ticket, [upload], visibility="customer", by=by, at=at)[0]


@pytest.fixture
def ana(client, cast):
    client.force_login(cast.ana)
    return client


def page(client, engagement):
    return client.get(reverse("billing:assist-page", args=[engagement.reference]))


def made(cast, engagement):
    return assisting.make(engagement, case(), files=[], by=Actor.of(cast.ana), at=timezone.now())


def test_the_form_begins_with_what_is_known(ana, cast, engagement, file):
    said = page(ana, engagement).text
    for known in ("No dial tone", "Robin Sample", cast.robin_contact.email, "trace.txt", "B Urgent"):
        assert known in said, known
    service = versions.definition(engagement.service)
    assert service.vendor.opened_by in said
    assert "Opening or escalating a Microsoft case in the customer&#x27;s place" in said
    made(cast, engagement)
    assert "Mail from outside arrives hours late." in page(ana, engagement).text


def test_it_is_looked_at_first_and_then_made(ana, engagement, file):
    said = {**SAID, "severity": "B", "files": [file.pk]}
    seen = post(ana, "billing:assist-make", engagement.reference, **said, look="1")
    assert (seen.status_code, AssistPack.objects.count()) == (200, 0)
    for expected in ("As the document would read", "Gives the people needed", file.sha256):
        assert expected in seen.text
    wrong = post(ana, "billing:assist-make", engagement.reference, **{**said, "summary": ""}, look="1")
    assert (wrong.status_code, AssistPack.objects.count()) == (422, 0)
    sent = post(ana, "billing:assist-make", engagement.reference, **said)
    assert sent.url == reverse("billing:assist-page", args=[engagement.reference])
    pack = AssistPack.objects.get()
    assert (pack.enclosed, pack.actor_name) == ([file.pk], "Ana")
    assert "Not handed over" in page(ana, engagement).text
    panel = ana.get(reverse("billing:engagement-page", args=[engagement.reference])).text
    assert "not handed over" in panel
    answer = ana.get(reverse("support:file-download", args=[pack.file.key]))
    names = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()
    assert "files/01-trace.txt" in names


def test_only_files_of_the_ticket_are_taken_and_not_too_much(ana, cast, engagement, file, settings):
    by, at = Actor.of(cast.ana), timezone.now()
    upload = SimpleUploadedFile("ours.txt", LOG, "text/plain")
    [hidden] = attaching.attach(engagement.ticket, [upload], visibility="internal", by=by, at=at)
    assert "ours.txt" not in page(ana, engagement).text
    for chosen in (hidden.pk, "nonsense", 10**12):
        sent = post(ana, "billing:assist-make", engagement.reference, **SAID, files=[chosen])
        assert sent.status_code == 422
    settings.UPLOAD_MAX_BYTES = 2 * 1024 * 1024 + 10
    for look in ({}, {"look": "1"}):
        sent = post(ana, "billing:assist-make", engagement.reference, **SAID, files=[file.pk], **look)
        assert (sent.status_code, "a pack takes 10" in sent.text) == (422, True)
    assert not AssistPack.objects.exists()


def test_without_a_yes_nothing_is_made(ana, cast):
    engagement = engagement_for(cast)
    assert "has not said yes to this work yet" in page(ana, engagement).text
    sent = post(ana, "billing:assist-make", engagement.reference, **SAID)
    assert (sent.status_code, "has not said yes" in sent.text) == (422, True)
    assert "case with Microsoft" not in ana.get(engagement.ticket.get_absolute_url()).text


def test_it_is_handed_over_by_mail_or_otherwise(ana, cast, engagement):
    made(cast, engagement)
    to = {"contact": cast.robin_contact.pk}
    for name, said in (("send", {"text": ""}), ("hand", {"way": "mail", "words": "x"})):
        sent = post(ana, f"billing:assist-{name}", engagement.reference, 1, **to, **said)
        assert (sent.status_code, AssistHandover.objects.count()) == (422, 0)
    stranger = post(
        ana, "billing:assist-send", engagement.reference, 1, contact=cast.kim_contact.pk, text="x"
    )
    assert stranger.status_code == 422
    assert post(ana, "billing:assist-send", engagement.reference, 1, **to, text="For you.").status_code == 302
    Mail.objects.filter(to=[cast.robin_contact.email]).update(state="failed", error="Mailbox full")
    said = page(ana, engagement).text
    assert "Could not be sent" in said
    assert "Mailbox full" in said
    hand = {**to, "way": "person", "words": "On a stick."}
    assert post(ana, "billing:assist-hand", engagement.reference, 1, **hand).status_code == 302
    assisting.take(AssistPack.objects.get(), cast.robin_contact, at=timezone.now())
    assert "Taken by the customer" in page(ana, engagement).text


def test_what_came_of_the_case_is_written_down(ana, cast, engagement):
    for kind, said, shown in [
        ("case", CASE, "2610140040001234"),
        ("request", REQUEST, "Not answered"),
        ("call", CALL, "+1 555 0100"),
    ]:
        empty = post(ana, "billing:assist-note", engagement.reference, kind)
        assert empty.status_code == 422
        assert post(ana, "billing:assist-note", engagement.reference, kind, **said).status_code == 302
        assert shown in page(ana, engagement).text
    assert post(ana, "billing:assist-answer", engagement.reference, 2, text="").status_code == 422
    assert post(ana, "billing:assist-answer", engagement.reference, 2, text="In the pack.").status_code == 302
    ending = {"joined": [cast.ana.pk], "text": "A rule is the cause."}
    assert post(ana, "billing:assist-conclude", engagement.reference, 3, text="").status_code == 422
    assert post(ana, "billing:assist-conclude", engagement.reference, 3, **ending).status_code == 302
    said = page(ana, engagement).text
    for shown in ("In the pack.", "Ana joined. A rule is the cause."):
        assert shown in said
    again = post(ana, "billing:assist-conclude", engagement.reference, 3, **ending)
    assert (again.status_code, "written down already" in again.text) == (422, True)


def test_the_same_form_twice_acts_once(ana, engagement):
    key = "6d1d7c1e-9f57-4c3b-8f0e-2f3b1c9f7a11"
    for _time in range(2):
        assert post(ana, "billing:assist-make", engagement.reference, key=key, **SAID).status_code == 302
    assert AssistPack.objects.count() == 1


NAMES = [("make", []), ("send", [1]), ("hand", [1]), ("note", ["case"]), ("answer", [2]), ("conclude", [3])]


@pytest.mark.parametrize(("name", "args"), [("page", []), *NAMES])
def test_strangers_get_404_and_get_gets_405(client, cast, engagement, name, args):
    made(cast, engagement)
    told = {"by": Actor.of(cast.ana), "at": timezone.now()}
    assist_notes.tell_case(engagement, **{**CASE, "on": timezone.localdate()}, **told)
    assist_notes.ask_for_more(engagement, text="x", on=timezone.localdate(), **told)
    assist_notes.schedule(engagement, starts_at=timezone.now(), bridge="", text="", **told)
    address = reverse(f"billing:assist-{name}", args=[engagement.reference, *args])
    for person, status in [(cast.kim, 404), (cast.robin, 404), (cast.fin, 200 if name == "page" else 403)]:
        client.force_login(person)
        answer = client.get(address) if name == "page" else client.post(address)
        assert answer.status_code == status, person
    client.force_login(cast.ana)
    if name == "page":
        assert client.get(reverse("billing:assist-page", args=["ENG-9999"])).status_code == 404
        return
    assert client.get(address).status_code == 405
    wrong = {"make": [], "note": ["rumour"]}.get(name, [9])
    reference = "ENG-9999" if name == "make" else engagement.reference
    assert post(client, f"billing:assist-{name}", reference, *wrong).status_code == 404


def test_finance_reads_and_does_nothing(client, cast, engagement):
    made(cast, engagement)
    client.force_login(cast.fin)
    said = page(client, engagement).text
    assert "Pack 1" in said
    assert not re.findall(r'<form[^>]*action="[^"]*/assist/', said)


def test_the_page_costs_the_same_however_much_happened(
    ana, cast, engagement, file, django_assert_num_queries
):
    told = {"by": Actor.of(cast.ana), "at": timezone.now()}

    def grow():
        pack = made(cast, engagement)
        assisting.hand(pack, cast.robin_contact, way="person", words="x", **told)
        assisting.take(pack, cast.robin_contact, at=timezone.now())
        assist_notes.ask_for_more(engagement, text="x", on=timezone.localdate(), **told)
        call = assist_notes.schedule(engagement, starts_at=timezone.now(), bridge="", text="", **told)
        assist_notes.conclude(call, joined=[cast.ana], text="x", **told)

    grow()
    page(ana, engagement)
    with django_assert_num_queries(18):
        page(ana, engagement)
    grow()
    grow()
    with django_assert_num_queries(18):
        page(ana, engagement)


def test_the_records_show_them_to_managers(client, cast, engagement):
    pack = made(cast, engagement)
    note = assist_notes.tell_case(
        engagement, **{**CASE, "on": timezone.localdate()}, by=Actor.of(cast.ana), at=timezone.now()
    )
    client.force_login(cast.max)
    for row in (pack, note):
        name = row._meta.model_name
        assert engagement.reference in client.get(reverse(f"admin:billing_{name}_changelist") + "?q=ENG").text
        assert client.get(reverse(f"admin:billing_{name}_change", args=[row.pk])).status_code == 200
        assert client.get(reverse(f"admin:billing_{name}_add")).status_code == 403
    assert AssistNote.objects.count() == 1
