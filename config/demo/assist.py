"""The demo's customer with a case of his own with Microsoft: the pack, its hand-over, his number, a request and a call."""

from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from billing import assist_notes, assisting
from billing.assist_pack import Case
from billing.models import AssistNote, AssistPack, AssistTaking, Engagement
from config.demo import clock
from support.actors import Actor
from support.desk import attaching
from support.models import User

TRACE = b"""date,sender,recipient,status,delay_minutes
2026-10-05T08:14Z,orders@supplier.example,dana@contoso.example,Delivered,97
2026-10-05T08:52Z,news@partner.example,alex@contoso.example,Delivered,141
2026-10-05T09:03Z,orders@supplier.example,dana@contoso.example,Delivered,188
"""
CASE = Case(
    summary="Mail from outside reaches our people one to three hours late. Mail among ourselves is in time. It began on a Monday "
    "morning and happens on working days between 08:00 and 11:00.",
    severity="B",
    product="Exchange Online",
    domains="contoso.example",
    users_count=140,
    users="All mailboxes of contoso.example; most of all the shared mailbox orders@contoso.example",
    errors="451 4.7.500 Server busy. Please try again later",
    reproduce="1. Send a mail from an address outside to dana@contoso.example before 11:00.\n2. Trace it: the delay is between acceptance and delivery.",
    steps_taken="Traced twenty messages of one week\nCompared the headers of late and timely mail\nSwitched the transport rules off for an hour: no change",
    tools="Message trace, Message Header Analyzer",
    reached="Dana Cole\ndana@contoso.example\nBy phone, 09:00 to 17:00, America/New_York",
)


def play(engagement: Engagement, agent: User, at: datetime) -> None:
    """Each step is a verb; an interrupted demo goes on with the first that is missing."""
    by, dana = Actor.of(agent), engagement.customer.contacts.get(approves_up_to__gt=0)
    pack = engagement.assist_packs.first() or _made(engagement, by, clock.set_to(at))
    pack.engagement = engagement
    if not pack.handovers.exists():
        clock.set_to(at + timedelta(minutes=2))
        words = "Here is what you need to open your case with Microsoft. Call us if Microsoft wants to talk to us."
        assisting.send(pack, dana, text=words, by=by, at=at + timedelta(minutes=2))
    if not AssistTaking.objects.filter(pack=pack).exists():
        assisting.take(pack, dana, at=clock.set_to(at + timedelta(minutes=9)))
    _case(engagement, by, Actor.of(dana), at)


@transaction.atomic
def _made(engagement: Engagement, by: Actor, at: datetime) -> AssistPack:
    upload = SimpleUploadedFile("message-trace.csv", TRACE, "text/csv")
    files = attaching.attach(engagement.ticket, [upload], visibility="customer", by=by, at=at)
    return assisting.make(engagement, CASE, files=files, by=by, at=at)


def _case(engagement: Engagement, by: Actor, dana: Actor, at: datetime) -> None:
    noted = set(engagement.assist_notes.values_list("kind", flat=True))
    said = {"by": dana, "at": clock.set_to(at + timedelta(minutes=30))}
    if AssistNote.Kind.CASE not in noted:
        known = {"case_number": "2610140040001234", "severity": "B", "on": at.date()}
        assist_notes.tell_case(engagement, **known, **said)
    if AssistNote.Kind.REQUEST not in noted:
        text = "Headers of three mails that came late."
        assist_notes.ask_for_more(engagement, text=text, on=at.date(), **said)
    if AssistNote.Kind.CALL not in noted:
        call = {"starts_at": at + timedelta(minutes=45), "bridge": "+1 555 0100, code 4711", "text": ""}
        assist_notes.schedule(engagement, **call, **said)
    last = {"by": by, "at": clock.set_to(at + timedelta(minutes=58))}
    if AssistNote.Kind.ANSWER not in noted:
        asked = engagement.assist_notes.get(kind=AssistNote.Kind.REQUEST)
        asked.engagement = engagement
        assist_notes.answer(asked, text="They are in the trace: lines 2 to 4.", **last)
    if AssistNote.Kind.OUTCOME not in noted:
        call = engagement.assist_notes.get(kind=AssistNote.Kind.CALL)
        call.engagement = engagement
        joined = list(User.objects.filter(pk=by.id))
        assist_notes.conclude(
            call, joined=joined, text="Microsoft found a throttled connector and takes it on.", **last
        )
