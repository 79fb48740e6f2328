"""A customer's own page of his case with Microsoft: what he may take, the proof that he did, and what he tells the desk."""

from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from billing import assist_notes, assisting
from billing.models import AssistNote, AssistTaking
from support.actors import Actor
from support.models import Message
from tests.billing.assist_cases import handed, made
from tests.billing.billing_cases import at, set_clock, world
from tests.billing.test_assist_pages import CALL, CASE, REQUEST
from tests.billing.test_portal import signs_in
from tests.factories import TESTS, ContactFactory, granted
from tests.ground import standing_on
from tests.support.page_cases import post


@standing_on
def w():
    made = world()
    set_clock(timezone.now())
    return made


@pytest.fixture
def robin(w, client):
    return signs_in(w.robin, client)


def page(client, w):
    return client.get(reverse("billing:own-assist-page", args=[w.engagement.reference]))


def take(client, w, number=1):
    return client.post(reverse("billing:own-assist-take", args=[w.engagement.reference, number]))


def test_before_it_is_handed_over_there_is_nothing(robin, w):
    made(w)
    assert page(robin, w).status_code == 404
    assert take(robin, w).status_code == 404
    own = reverse("billing:own-engagement-page", args=[w.engagement.reference])
    assert "case with Microsoft" not in robin.get(own).text
    assert post(robin, "billing:own-assist-tell", w.engagement.reference, "case", **CASE).status_code == 404


def test_he_takes_the_pack_byte_for_byte_and_the_first_time_is_written_down(robin, w):
    pack = made(w)
    handed(w, pack)
    made(w)
    for address in (
        reverse("billing:own-engagement-page", args=[w.engagement.reference]),
        reverse("support:own-page", args=[w.ticket.number]),
    ):
        assert reverse("billing:own-assist-page", args=[w.engagement.reference]) in robin.get(address).text
    said = page(robin, w).text
    assert "Download pack 1" in said
    assert "pack 2" not in said, "the desk has not handed it over"
    assert take(robin, w, 2).status_code == 404
    assert not AssistTaking.objects.exists(), "who only reads takes nothing"
    for _time in range(2):
        answer = take(robin, w)
        assert answer.content == pack.content()
        assert answer["Content-Disposition"].startswith("attachment")
        assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
    assert AssistTaking.objects.get().contact == w.robin
    address = reverse("billing:own-assist-take", args=[w.engagement.reference, 1])
    assert robin.get(address).status_code == 405
    told = robin.get(reverse("support:own-page", args=[w.ticket.number])).text
    assert "Robin Sample took Microsoft assist pack 1 away" in told
    assert "pack 2" not in told


def test_the_stored_file_itself_is_no_way_around(robin, w):
    pack = made(w)
    handed(w, pack)
    assert robin.get(reverse("support:file-download", args=[pack.file.key])).status_code == 404


def test_he_tells_the_number_asks_for_more_and_says_when_a_call_is(robin, w):
    handed(w)
    for kind, said, shown in [
        ("case", CASE, "2610140040001234"),
        ("request", REQUEST, "Headers of three mails."),
        ("call", CALL, "+1 555 0100"),
    ]:
        empty = post(robin, "billing:own-assist-tell", w.engagement.reference, kind)
        assert empty.status_code == 422
        assert post(robin, "billing:own-assist-tell", w.engagement.reference, kind, **said).status_code == 302
        assert shown in page(robin, w).text
    assert list(AssistNote.objects.order_by("number").values_list("actor_kind", flat=True)) == ["contact"] * 3
    assert Message.objects.filter(kind="received", text__contains="2610140040001234").exists()
    address = reverse("billing:own-assist-tell", args=[w.engagement.reference, "case"])
    assert robin.get(address).status_code == 405
    for kind in ("answer", "outcome", "rumour"):
        assert post(robin, "billing:own-assist-tell", w.engagement.reference, kind).status_code == 404


def test_what_is_typed_is_shown_as_text(robin, w):
    handed(w)
    said = {**REQUEST, "text": "<img src=x onerror=alert(1)>"}
    post(robin, "billing:own-assist-tell", w.engagement.reference, "request", **said)
    assert "<img" not in page(robin, w).text


def test_a_closed_ticket_refuses_in_words(robin, w):
    handed(w)
    w.ticket.refresh_from_db()
    by, now = Actor.of(w.ana), timezone.now()
    w.ticket.resolve(outcome="resolved", by=by, at=now)
    w.ticket.close(by=by, at=now, reason="confirmed")
    answer = post(robin, "billing:own-assist-tell", w.engagement.reference, "request", **REQUEST)
    assert (answer.status_code, "becomes a new one" in answer.text) == (422, True)
    assert not AssistNote.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "left", "grant ended", "desk"])
def test_nobody_else_takes_it(client, w, who):
    pack = made(w)
    handed(w, pack)
    contact = ContactFactory(customer=w.ticket.customer) if who == "left" else ContactFactory()
    if who == "desk":
        client.force_login(w.ana)
    else:
        signs_in(contact, client)
    if who == "left":
        contact.active = False
        contact.by(TESTS).save()
    if who == "grant ended":
        granted(contact, w.ticket.customer).by(TESTS).delete()
    for answer in (page(client, w), take(client, w)):
        assert answer.status_code in {"desk": {403}, "left": {302, 403}}.get(who, {404})
        assert "pack" not in answer.text.lower()
    assert not AssistTaking.objects.exists()


def test_a_partner_takes_it_by_his_grant_and_reads_no_names(client, w):
    pack, partner = made(w), ContactFactory(name="Pat Partner")
    handed(w, pack)
    granted(partner, w.ticket.customer)
    signs_in(partner, client)
    assert "On a stick, at the meeting." not in page(client, w).text
    assert take(client, w).status_code == 200
    assert AssistTaking.objects.get().contact_name == "Pat Partner"
    assert post(client, "billing:own-assist-tell", w.engagement.reference, "call", **CALL).status_code == 302
    assert AssistNote.objects.get().actor_name == "Pat Partner"


def test_a_partner_reads_no_name_but_his_own(client, w):
    partner = ContactFactory(name="Pat Partner")
    handed(w, made(w))
    granted(partner, w.ticket.customer)
    by, robin = Actor.of(w.ana), Actor.of(w.robin)
    now, on = timezone.now(), timezone.localdate()
    assist_notes.tell_case(w.engagement, case_number="4711", severity="B", on=on, by=robin, at=now)
    request = assist_notes.ask_for_more(w.engagement, text="Headers.", on=on, by=robin, at=now)
    assist_notes.answer(request, text="Here they are.", by=by, at=now)
    call = assist_notes.schedule(w.engagement, starts_at=now, bridge="", text="Soon.", by=robin, at=now)
    assist_notes.conclude(call, joined=[w.ana], text="They look.", by=by, at=now)
    signs_in(partner, client)
    post(client, "billing:own-assist-tell", w.engagement.reference, "call", **CALL)
    said = unescape(page(client, w).text)
    for shown in (
        "noted by the customer's side",
        "Here they are. (the desk",
        "The desk joined.",
        "Pat Partner",
    ):
        assert shown in said
    for name in (w.robin.name, "Ana,", "Ana joined"):
        assert name not in said
    signs_in(w.robin, client)
    assert "noted by Robin Sample" in page(client, w).text


def test_his_page_costs_the_same_however_much_happened(robin, w, django_assert_num_queries):
    def grow():
        pack = made(w)
        handed(w, pack)
        assisting.take(pack, w.robin, at=at(18))

    grow()
    page(robin, w)
    with django_assert_num_queries(11):
        page(robin, w)
    grow()
    grow()
    with django_assert_num_queries(11):
        page(robin, w)
