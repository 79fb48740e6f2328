"""What becomes of a customer's own case with Microsoft: its number, what Microsoft asks for, calls and who joined them."""

from datetime import date

import pytest

from billing import assist_notes, assist_shown, assisting, engaging
from billing.models import AssistNote
from support.actors import Actor
from support.models import Contact, Mail, Message, Outcome, Wait
from support.refusal import Refused
from tests.billing.assist_cases import case, handed
from tests.billing.billing_cases import at
from tests.billing.test_portal import signs_in
from tests.factories import ContactFactory

pytestmark = pytest.mark.django_db
ON = date(2026, 10, 14)
CASE = {"case_number": "2610140040001234", "severity": "B", "on": ON}


@pytest.fixture
def ana(w):
    return {"by": Actor.of(w.ana), "at": at(18)}


@pytest.fixture
def robin(w, client):
    """The contact's account."""
    handed(w)
    signs_in(w.robin, client)
    return Contact.objects.get(pk=w.robin.pk).user


def shown(w):
    return assist_shown.case(w.engagement, at(18))


def test_the_newest_number_counts_and_the_ones_before_stay(w, ana):
    assist_notes.tell_case(w.engagement, **{**CASE, "case_number": "1"}, **ana)
    assist_notes.tell_case(w.engagement, **CASE, **ana)
    assert [note.case_number for note, _by in shown(w).cases] == ["2610140040001234", "1"]
    facts = w.ticket.events.filter(kind="assist.noted").values_list("facts", flat=True)
    assert [set(each) for each in facts] == [{"id", "what"}] * 2
    assert "2610140040001234" not in str(list(facts)), "no text stands on the timeline"


def test_what_microsoft_asks_for_is_answered_in_words_or_by_a_further_pack(w, ana):
    first = assist_notes.ask_for_more(w.engagement, text="Headers of three mails.", on=ON, **ana)
    second = assist_notes.ask_for_more(w.engagement, text="A network trace.", on=ON, **ana)
    assert [each.is_open for each in shown(w).requests] == [True, True]
    assist_notes.answer(first, text="They are in the pack.", **ana)
    assisting.make(w.engagement, case(), files=[], answers=second, **ana)
    by_words, by_pack = reversed(shown(w).requests)
    assert (by_words.is_open, by_pack.is_open) == (False, False)
    assert by_words.followed[0].startswith("They are in the pack.")
    assert by_pack.followed == ["Pack 1 was made for it."]
    assert "They are in the pack." in Mail.objects.get(key__startswith="message:").text


def test_a_call_has_who_joined_and_what_came_of_it_once(w, ana):
    said = {"starts_at": at(9, day=15), "bridge": "+1 555 0100, code 77", "text": "With the Exchange team."}
    call = assist_notes.schedule(w.engagement, **said, **ana)
    with pytest.raises(Refused, match="what came of it"):
        assist_notes.conclude(call, joined=[], text=" ", **ana)
    assist_notes.conclude(call, joined=[w.ana, w.max], text="A transport rule is the cause.", **ana)
    [told] = shown(w).calls[0].followed
    assert told.startswith("Ana and Max joined. A transport rule is the cause.")
    with pytest.raises(Refused, match="written down already"):
        assist_notes.conclude(call, joined=[], text="Again.", **ana)
    other = assist_notes.schedule(w.engagement, **said, **ana)
    assist_notes.conclude(other, joined=[], text="Microsoft moved it.", **ana)
    assert shown(w).calls[0].followed[0].startswith("Nobody of the desk joined.")


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (assist_notes.tell_case, {**CASE, "case_number": "\u200b"}),
        (assist_notes.ask_for_more, {"text": " ", "on": ON}),
    ],
)
def test_what_says_nothing_is_refused(w, ana, act, said):
    with pytest.raises(Refused, match="Write"):
        act(w.engagement, **said, **ana)


def test_an_answer_goes_to_whoever_asked(w, ana, robin):
    dana = ContactFactory(customer=w.ticket.customer, name="Dana Cole")
    w.ticket.raised_by = dana
    w.ticket.save(update_fields=["raised_by"])
    asked = assist_notes.told(w.engagement, robin, "request", {"text": "Headers.", "on": ON}, at=at(18))
    assist_notes.answer(asked, text="Here they are.", **ana)
    assert Mail.objects.filter(key__startswith="message:").latest("pk").to == [w.robin.email]


def test_what_the_customer_tells_is_a_word_to_the_desk_too(w, ana, robin):
    Wait.begin(w.ticket, reason="customer", awaited="the case number", **ana)
    note = assist_notes.told(w.engagement, robin, "case", CASE, at=at(18))
    assert (note.actor_kind, note.actor_name) == ("contact", "Robin Sample")
    assert not w.ticket.waits.filter(ended_at=None).exists(), "he answered"
    message = Message.objects.latest("pk")
    assert (message.kind, message.contact) == ("received", w.robin)
    assert "Our case with Microsoft is 2610140040001234, severity B" in message.text
    said = {"starts_at": at(9, day=15), "bridge": "https://teams.example/1", "text": ""}
    assist_notes.told(w.engagement, robin, "call", said, at=at(18))
    assert "Thu 15 Oct 2026, 09:00 (UTC).\nhttps://teams.example/1" in Message.objects.latest("pk").text


def test_after_the_end_a_number_is_noted_and_a_request_opens_the_ticket_again(w, ana, robin):
    engaging.finish(w.engagement, **ana)
    w.ticket.refresh_from_db()
    w.ticket.resolve(outcome=Outcome.RESOLVED, **ana)
    assist_notes.told(w.engagement, robin, "case", CASE, at=at(18))
    assert w.ticket.state == "resolved"
    assist_notes.told(w.engagement, robin, "request", {"text": "Headers.", "on": ON}, at=at(18))
    w.ticket.refresh_from_db()
    assert (w.ticket.state, AssistNote.objects.count()) == ("open", 2)
    w.ticket.resolve(outcome=Outcome.RESOLVED, **ana)
    w.ticket.close(reason="confirmed", **ana)
    with pytest.raises(Refused, match="becomes a new one"):
        assist_notes.told(w.engagement, robin, "request", {"text": "More.", "on": ON}, at=at(18))
    assert AssistNote.objects.count() == 2
