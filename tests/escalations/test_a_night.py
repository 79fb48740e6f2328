"""A night, played: Severity A at 19:10 in New York, a case with Microsoft, two hand-offs, an outage with twelve notices, and a
worker that is killed in the middle of it."""

from collections import Counter

from django.core import mail as sent
from django.db import transaction

from escalations import handing, handoff_alarms, notices, outages, vendors
from escalations.models import HandOff, HandOffAlarm, Notice
from support import tasks
from support.actors import Actor
from support.desk import promising
from support.models import Event, Mail, Message
from tests.billing.billing_cases import set_clock
from tests.cases import Cast
from tests.escalations.handoff_cases import WORDS, on_duty, person, severe
from tests.escalations.outage_cases import SAID, hit_contract
from tests.escalations.review_cases import october_of
from tests.escalations.test_notice_sending import DIES_WITH_A_MAIL_IN_THE_AIR, child, nominate
from tests.escalations.vendor_cases import CLAIM, NUMBER
from tests.support.desk_cases import utc

AUDIENCE = 5
SENT_IN_TIME = ["00:25", "01:20", "02:15", "05:30", "06:25", "07:20", "08:15", "09:10"]  # UTC, after midnight


def clock(at):
    """The instant, which is the database's too; the night begins on the 14th."""
    instant = utc(f"2026-10-{14 if at > '12' else 15} {at}")
    set_clock(instant)
    return instant


class Night:
    """Who works, whom it hits, and what runs."""

    def __init__(self):
        clock("23:10")
        self.cast = Cast.made()
        self.ana, self.sol = self.cast.ana, person("Sol")
        on_duty(self.sol)
        on_duty(self.ana, "us", "2026-10-15 10:00", "2026-10-15 18:00")
        self.ticket = severe("2026-10-14 23:10", holder=self.cast.northwind, owner=self.ana)
        self.contract = hit_contract(self.cast.northwind, contacts=0)
        nominate(self.cast.northwind, AUDIENCE)

    def evening(self):
        """Until the United States close at midnight UTC."""
        by = Actor.of(self.ana)
        Message.reply(self.ticket, "We see it, and call Microsoft.", by=by, at=clock("23:15"))
        promising.promise(self.ticket, utc("2026-10-15 05:00"), "Mail flows again", by=by, at=clock("23:16"))
        now = clock("23:20")
        said = {"party": "microsoft", "number": NUMBER, "severity": "A", "opened_at": now}
        self.case = vendors.open_case(self.ticket, **said, opened_how="portal", by=by, at=now)
        given = handing.offer(self.ticket, **WORDS, by=by, at=clock("23:25"))
        now = clock("23:30")
        facts = {"title": "Mail is down", "began_at": utc("2026-10-14 23:00"), "product": None}
        self.outage = outages.declare(
            [self.contract], priority="1", tickets=[self.ticket], **facts, by=by, at=now
        )
        notices.send(self.outage, **SAID, by=by, at=now)
        assert handoff_alarms.sweep() == 1
        handing.ask_back(given, text="Which domain is left?", by=Actor.of(self.sol), at=clock("23:35"))
        handing.answer(given, text="The third one.", by=by, at=clock("23:45"))
        handing.accept(given, by=Actor.of(self.sol), at=clock("23:50"))
        clock("00:01")
        assert handoff_alarms.sweep() == 0

    def night(self, until_the_kill):
        """Australia's: a notice an hour, one late, one left out, and Microsoft late twice."""
        by = Actor.of(self.sol)
        for at in SENT_IN_TIME[:3]:
            notices.send(self.outage, **SAID, by=by, at=clock(at))
            if at == "00:25":
                now = clock("01:10")
                vendors.answered(self.case, claimed_at=now, **CLAIM, by=by, at=now)
        until_the_kill()
        assert [notices.sweep(clock(at)) for at in ("03:14", "03:15", "03:16")] == [1, 1, 0]
        assert notices.send(self.outage, **SAID, by=by, at=clock("03:40")).late
        said = {"due": outages.owed(self.outage).position, "reason": "The bridge is open, and all are on it."}
        notices.skip(self.outage, **said, by=by, at=clock("04:35"))
        for at in SENT_IN_TIME[3:]:
            notices.send(self.outage, **SAID, by=by, at=clock(at))

    def morning(self):
        """The United States open at ten."""
        sol, ana = Actor.of(self.sol), Actor.of(self.ana)
        self.ticket.refresh_from_db()
        back = handing.offer(self.ticket, **WORDS, by=sol, at=clock("09:15"))
        assert back.cases == [self.case.pk]
        now = clock("09:30")
        vendors.dispatched(self.case, claimed_at=now, **CLAIM, by=sol, at=now)
        handing.accept(back, by=ana, at=clock("09:50"))
        outages.resolve(
            self.outage, ended_at=utc("2026-10-15 10:00"), text="Mail flows.", by=ana, at=clock("10:05")
        )
        outages.validate(self.outage, text="Sent and read in two domains.", by=ana, at=clock("10:07"))
        notices.send(self.outage, **SAID, by=ana, at=clock("10:09"))
        now = clock("10:15")
        vendors.close(self.case, text="Their fault, mended.", claimed_at=now, **CLAIM, by=ana, at=now)
        self.ticket.refresh_from_db()
        self.ticket.resolve(outcome="resolved", by=ana, at=clock("10:20"))


def test_a_night_from_the_first_call_to_the_validated_end(own_database, tmp_path):
    with transaction.atomic():
        night = Night()
    air = tmp_path / "air"
    night.evening()
    night.night(until_the_kill=lambda: child(own_database, DIES_WITH_A_MAIL_IN_THE_AIR, air))
    night.morning()
    the_notices(night)
    the_hand_offs(night)
    the_timeline(night)
    whose_the_misses_were(night)
    every_mail_left(air)


def the_notices(night):
    rows = Notice.objects.filter(outage=night.outage).order_by("position")
    told = [(f"{row.at:%H:%M}", row.kind, row.what, row.late, row.recipients) for row in rows]
    in_time = [(at, "update", "sent", False, AUDIENCE) for at in SENT_IN_TIME]
    assert told == [
        ("23:30", "first", "sent", False, AUDIENCE),
        *in_time[:3],
        ("03:40", "update", "sent", True, AUDIENCE),
        ("04:35", "update", "skipped", False, 0),
        *in_time[3:],
        ("10:09", "resolution", "sent", False, AUDIENCE),
    ]
    assert len(told) == 12
    night.outage.refresh_from_db()
    assert (night.outage.state, outages.owed(night.outage)) == ("closed", None)


def the_hand_offs(night):
    rows = HandOff.objects.filter(ticket=night.ticket).order_by("position")
    crossed = [
        (row.from_region.code, row.to_region.code, row.state, f"{row.closes_at:%H:%M}") for row in rows
    ]
    assert crossed == [("us", "au", "accepted", "00:00"), ("au", "us", "accepted", "10:00")]
    assert HandOffAlarm.objects.get().handoff == rows[0]
    assert night.ticket.owner == night.ana


def the_timeline(night):
    happened = Event.objects.filter(ticket=night.ticket).order_by("seq").values_list("kind", flat=True)
    update = ["notice.sent"]
    assert list(happened) == [
        "ticket.opened",
        "message.sent",
        *("message.sent", "commitment.made"),
        "case.opened",
        "handoff.offered",
        "outage.linked",
        *update,
        *("handoff.returned", "handoff.answered", "handoff.accepted", "owner.changed"),
        *update,
        "case.answered",
        *update * 2,
        *update,  # the late one; what was left out is on no customer's timeline
        *update * 5,
        "handoff.offered",
        "case.dispatched",
        *("handoff.accepted", "owner.changed"),
        "outage.validated",
        *update,
        "case.closed",
        "ticket.resolved",
    ]


def whose_the_misses_were(night):
    """No clock of ours stopped for a hand-off; the promise fell because Microsoft was late from 00:20 to 01:10, and on site from 03:20."""
    clocks = {row.kind: row for row in night.ticket.clocks.all()}
    assert clocks["response"].verdict == "met"
    promise = clocks["committed"]
    assert (promise.verdict, f"{promise.due_at:%H:%M}") == ("missed", "05:00")
    misses = {miss.kind: (miss.whose, miss.whose_why) for miss in october_of(night.ticket.customer).misses}
    assert {kind: whose for kind, (whose, _why) in misses.items()} == {
        "Committed time": "Microsoft",
        "Vendor’s response": "Microsoft",
        "Vendor on site": "Microsoft",
    }
    assert "for 7 h while this ran; it is 5 h 20 late" in misses["Committed time"][1]


def every_mail_left(air):
    """The worker died with one mail in the air; the next one sends what is left, that one again under its Message-ID."""
    for number in Mail.objects.values_list("pk", flat=True):
        tasks.send_mail(mail=number)
    left = Counter(air.read_text().split() + [each.extra_headers["Message-ID"] for each in sent.outbox])
    assert not Mail.objects.exclude(state="sent").exists()
    assert set(left) == set(Mail.objects.values_list("message_id", flat=True))
    assert sorted(left.values())[-2:] == [1, 2]
    assert Mail.objects.filter(key__startswith="notice:").count() == 11 * AUDIENCE
