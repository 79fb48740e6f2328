"""The demo's engagements: from "out of scope" to the booked hour, with the customer's own answer in between."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from billing import answering, codes, engaging, gdap, links, offering, scope, timing
from billing.gdap_roles import ROLES
from billing.models import Approval, ContractRate, Engagement, Offer, RateCard, Timer
from config.demo import assist, clock
from config.demo.book import DEMO
from support.actors import Actor
from support.desk import working
from support.desk.opening import open_ticket
from support.models import Channel, Contract, File, Message, Outcome, User, Visibility

EXCHANGE = next(role for role, name in ROLES.items() if name == "Exchange Administrator")
TEAMS = next(role for role, name in ROLES.items() if name == "Teams Administrator")


@dataclass(frozen=True)
class Sketch:
    """What is wanted, how long it may take, whether the customer says yes, and the pieces that are worked."""

    title: str
    included: str
    excluded: str
    deliverables: str
    estimate: int
    cap: int
    says: str = "yes"
    roles: tuple[str, ...] = ()
    pieces: tuple[int, ...] = ()  # minutes each
    item: str = "advanced"  # of the service's list


SKETCHES = [
    Sketch(
        "Rebuild transfer and hunt-group routing for Leeds",
        "Call captures on up to four phones\nNew transfer and hunt-group routing, 62 handsets\nA test session with you",
        "Changes to your network, firewall or DNS\nNew handsets or licences",
        "New routing in operation\nA written test plan",
        estimate=270,
        cap=360,
        roles=(TEAMS,),
        pieces=(50, 48, 95, 20),
    ),
    Sketch(
        "Collect evidence for a Microsoft case on delayed mail",
        "Message traces of one week\nA written description for your own case",
        "Opening or escalating the case with Microsoft",
        "A file with traces and description",
        estimate=120,
        cap=180,
        roles=(EXCHANGE,),
        pieces=(65, 40, 110),  # the last piece goes beyond the cap
        item="microsoft-file",
    ),
    Sketch(
        "Move the shared calendars of two departments",
        "Forty calendars with their rights",
        "Calendars of other departments",
        "The calendars in their new place\nA list of rights",
        estimate=180,
        cap=240,
        pieces=(20, 20, 20, 75),
    ),
    Sketch(
        "Dynamic E911 for three sites",
        "Addresses and policies of three sites\nOne test call per site",
        "Contracts with the emergency provider",
        "Policies in operation",
        estimate=480,
        cap=600,
        says="no",
    ),
    Sketch(
        "Wallboards for the second contact centre",
        "Two wallboards with eight figures each",
        "Screens and their mounting",
        "Two wallboards",
        estimate=240,
        cap=300,
        pieces=(70, 55),
    ),
]
ASKED_TODAY = Sketch(
    "Night routing for Leeds and York",
    "Routing outside business hours for both sites\nAnnouncements in two languages",
    "New numbers",
    "Night routing in operation\nA page that explains it to your people",
    estimate=240,
    cap=300,
    says="nothing yet",
)


def card(at: datetime) -> RateCard:
    """$250.00 an hour in steps of 15 minutes, as the engagement document says."""
    made = RateCard(name="Extended support", terms="Time is tracked and documented on the case.")
    made.by(DEMO, at).save()
    return made


def rate(contract: Contract, made: RateCard, at: datetime) -> None:
    ContractRate(contract=contract, card=made).by(DEMO, at).save()


def play(sketch: Sketch, contract: Contract, agent: User, manager: User, start: datetime) -> Engagement:
    """One engagement from its ticket on; `start` is a morning of the agent's, and the next mornings are his for it.

    The code that a customer types is proved in a transaction of its own, so this cannot be one: each verb is, and
    a demo that was interrupted goes on with the first that is missing.
    """
    by = Actor.of(agent)
    engagement = Engagement.objects.filter(contract=contract, title=sketch.title).first()
    if engagement is None:
        engagement = _request(sketch, contract, agent, start)
    elif not engagement.ticket.undone:  # played to its end, and perhaps by an older version with fewer steps
        return engagement
    offer = engagement.offers.first()
    if offer is None:
        at = clock.set_to(start + timedelta(minutes=55))
        approves = contract.holder.contacts.get(approves_up_to__gt=0)
        terms = {
            "cap": sketch.cap,
            "answer_by": at + timedelta(days=5),
            "work_until": at + timedelta(days=45),
        }
        offer = offering.send(engagement, contact=approves, by=by, at=at, **terms)
    if sketch.says in ("yes", "no") and offer.undecided:
        answer(offer, sketch, start + timedelta(hours=5))
    if sketch.says == "yes":
        morning = start + timedelta(days=1)
        _work(sketch, engagement, Approval.objects.get(offer=offer), agent, manager, morning)
        if sketch.item == "microsoft-file":
            assist.play(engagement, agent, morning + timedelta(days=len(sketch.pieces) - 1, hours=2))
        done = morning + timedelta(days=len(sketch.pieces) - 1, hours=3)
        _end(engagement, "All of it is in operation now; please tell us if anything is missing.", by, done)
    elif sketch.says == "no":
        _end(engagement, "Understood: we leave it as it is.", by, start + timedelta(hours=6))
    return engagement


@transaction.atomic
def _request(sketch: Sketch, contract: Contract, agent: User, start: datetime) -> Engagement:
    """The ticket, the decision that it is out of scope, and the request: whole, or not there."""
    by, at = Actor.of(agent), clock.set_to(start)
    ticket = open_ticket(
        customer=contract.holder,
        title=sketch.title,
        text="Please tell us what it would take.",
        channel=Channel.EMAIL,
        contact=contract.holder.contacts.get(approves_up_to=0),
        product=contract.lines.get().product,
        owner=agent,
        by=by,
        at=at,
    )
    at = clock.set_to(start + timedelta(minutes=15))
    Message.reply(ticket, "Thank you. We look at what it takes, and write to you today.", by=by, at=at)
    if working.Done.DIAGNOSED in dict(working.possible(ticket)):
        working.record(ticket, working.Done.DIAGNOSED, "Not a fault: new work.", by=by, at=at)
    at = clock.set_to(start + timedelta(minutes=25))
    reason = "The plan does not include it."
    scope.decide(ticket, scope="out", item=sketch.item, outcome="engagement", reason=reason, by=by, at=at)
    wanted = engaging.Wanted(
        title=sketch.title,
        included=sketch.included,
        excluded=sketch.excluded,
        deliverables=sketch.deliverables,
        estimate=sketch.estimate,
        gdap_roles=sketch.roles,
        expected_delay="GDAP has to be approved with Microsoft" if sketch.roles else "",
    )
    return engaging.request(ticket, wanted, by=by, at=at)


def answer(offer: Offer, sketch: Sketch, at: datetime, address: str = "203.0.113.24") -> None:
    """The customer opens the link, asks for the code, types it and answers."""
    clock.set_to(at)
    invitation = offer.invitations.get()
    code = codes.send_code(invitation, address=address, opened_at=at, at=at)
    code = codes.prove(invitation, links.figures_of(code.nonce))
    at = clock.set_to(at + timedelta(minutes=4))
    seen = {
        "address": address,
        "agent": "A phone browser",
        "at": at,
        "typed_name": invitation.contact.name,
    }
    if sketch.says == "no":
        answering.decline(code, reason="Not this quarter; the budget is spent.", **seen)
        return
    answering.approve(code, shown_sha256=hashlib.sha256(bytes(offer.document)).hexdigest(), **seen)


def _work(
    sketch: Sketch, engagement: Engagement, approval: Approval, agent: User, manager: User, morning: datetime
) -> None:
    """A piece a day, each by the timer, with GDAP confirmed the same morning where it is needed."""
    for day, minutes in enumerate(sketch.pieces):
        start, end = morning + timedelta(days=day), morning + timedelta(days=day, minutes=minutes)
        if engagement.time_entries.filter(started_at__gte=start, started_at__lt=end).exists():
            continue
        timer = Timer.objects.filter(person=agent, approval=approval).first()
        if timer is None:
            if sketch.roles:
                _confirm_access(sketch, engagement, manager, start - timedelta(minutes=20))
            clock.set_to(start)
            timer = timing.start_timer(approval, person=agent, text=f"Part {day + 1}", at=start)
        with transaction.atomic():
            timing.stop_timer(timer, by=Actor.of(agent), at=clock.set_to(end))
            Message.reply(engagement.ticket, f"Part {day + 1} is done.", by=Actor.of(agent), at=end)


@transaction.atomic
def _end(engagement: Engagement, words: str, by: Actor, at: datetime) -> None:
    """The last words to the customer; the engagement and its ticket are over."""
    ticket, worked = engagement.ticket, engagement.approvals.exists()
    ticket.refresh_from_db()
    if not ticket.undone:
        return
    clock.set_to(at)
    Message.reply(ticket, words, by=by, at=at)
    if worked:
        engaging.finish(engagement, by=by, at=at)
    else:
        engaging.withdraw(engagement, reason="Declined by the customer.", by=by, at=at)
    ticket.resolve(outcome=Outcome.RESOLVED if worked else Outcome.WITHDRAWN, by=by, at=at)


@transaction.atomic
def _confirm_access(sketch: Sketch, engagement: Engagement, manager: User, at: datetime) -> None:
    clock.set_to(at)
    by, customer = Actor.of(manager), engagement.ticket.customer
    upload = SimpleUploadedFile(
        "partner-center.txt", b"Status active, as shown in Partner Center.\n", "text/plain"
    )
    evidence = File.objects.take(upload, customer=customer, visibility=Visibility.INTERNAL, by=by, at=at)
    gdap.confirm(
        customer,
        status="active",
        ends_at=at + timedelta(days=60),
        assigned=True,
        roles=sketch.roles,
        reason="Seen in Partner Center.",
        evidence=evidence,
        seen_at=at,
        by=by,
        at=at,
    )
