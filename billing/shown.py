"""How an engagement stands, worked out for pages: its offers, what is left, what lets the timer start or keeps it from it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from billing import document, gdap, gdap_words, minimums, signers, timing, wording, worth
from billing.correcting import with_may_be_corrected
from billing.models import (
    Approval,
    ApprovalEnd,
    Delivery,
    Engagement,
    Offer,
    Signature,
    TimeEntry,
    Timer,
    WrittenYes,
)
from billing.money import Money, price, total
from billing.rules import ask
from support import saying
from support.models import Contact

SHOWN = 50  # entries, the newest


@dataclass(frozen=True, slots=True)
class OfferShown:
    """`state` is undecided, approved, ended or one of OfferEnd.Why; `approval` where there is one."""

    offer: Offer
    state: str
    words: str
    money: str
    cap: str
    sent: str
    approval: Approval | None = None
    signed_by: str = ""
    once_more: str = ""  # whoever signed under a lower limit than he has by now
    confirms: str = ""  # whoever signed and has to say so once more, since nobody else has to any more
    unasked: bool = False  # nobody who was asked may sign any more


@dataclass(slots=True)
class Standing:
    """Approved, used and left are of the approvals in force; `why_not` says what keeps a timer from starting."""

    offers: list[OfferShown] = field(default_factory=list)
    in_force: Approval | None = None
    approved: str = ""
    used: str = ""
    left: str = ""
    under: str = ""  # what the timer starts under: offer, rate, what is left
    share: float = 0
    money: tuple[str, str, str] = ("", "", "")
    fixed: list[tuple[Approval, Delivery | None]] = field(default_factory=list)  # in force or delivered
    past: str = ""  # what was used, once no approval is in force any more
    minimum: str = ""  # what will be asked for besides the time, where that comes to less than was signed
    both: bool = False  # by the hour and at a fixed price are in force
    visits: int = 0  # on site that are left
    on_site: bool = False  # an approved offer names work on site
    why_not: str = ""
    gdap: str = ""  # nothing where none is needed, "active" or "missing"
    gdap_lacks: list[str] = field(default_factory=list)
    gdap_as_of: str = ""
    timer: Timer | None = None
    own_timer: bool = False
    others_timers: list[Timer] = field(default_factory=list)  # that run on it
    entries: list[TimeEntry] = field(default_factory=list)
    earlier: int = 0  # entries that are not among those

    @property
    def was_approved(self) -> bool:
        return any(shown.approval for shown in self.offers)


def standing(engagement: Engagement, user, now: datetime) -> Standing:
    """Everything that the engagement page and its panel show, in the reader's zone."""
    stands = Standing()
    rows = engagement.offers.select_related(
        "approval__balance", "approval__end", "approval__delivery", "end", "statement"
    )
    rows = rows.defer("statement__document", "statement__text")
    on_paper = Prefetch("written", WrittenYes.objects.select_related("original", "check_made"))
    signed = Prefetch("signatures", Signature.objects.select_related("contact__customer", "contact__user"))
    rows = rows.prefetch_related(signed, on_paper).order_by("-number")
    stands.offers = [offer_shown(offer, now) for offer in rows]
    stands.on_site = any(shown.approval and shown.offer.visits for shown in stands.offers)
    running = [shown.approval for shown in stands.offers if shown.approval and _runs(shown.approval, now)]
    if running:
        _balance(stands, running)
    # what was delivered under an approval that has ended since stays what it was
    over = [each.approval for each in stands.offers if each.approval and not _runs(each.approval, now)]
    stands.fixed += [(each, each.delivery) for each in over if hasattr(each, "delivery")]
    if over and not running:
        stands.past = _past(over)
    if any(shown.approval and shown.offer.minimum_charge for shown in stands.offers):
        stands.minimum = _minimum(engagement)
    timers = list(Timer.objects.filter(approval__engagement=engagement).select_related("person"))
    stands.timer = next(
        (timer for timer in timers if timer.person_id == user.pk), timers[0] if timers else None
    )
    stands.others_timers = [timer for timer in timers if timer.person_id != user.pk]
    stands.own_timer = stands.timer is not None and stands.timer.person_id == user.pk
    if engagement.gdap_roles:
        _gdap(stands, engagement)
    stands.why_not = _why_not(engagement, running, stands)
    entries = engagement.time_entries.filter(superseded_by=None).select_related("person")
    stands.entries = list(with_may_be_corrected(entries.with_who_stopped()).order_by("-started_at")[:SHOWN])
    if len(stands.entries) == SHOWN:
        stands.earlier = entries.count() - SHOWN
    return stands


def _past(over: list[Approval]) -> str:
    """What was used in the end, of all approvals of an engagement that has none in force."""
    worth_of, minutes = worth.used(over), sum(approval.balance.used for approval in over)

    def signed(approval: Approval) -> Decimal:  # of what was replaced no more than was used
        end = getattr(approval, "end", None)
        replaced = end is not None and end.why == ApprovalEnd.Why.SUPERSEDED
        return worth_of[approval.pk] if replaced else approval.offer.amount

    said = {
        "time": saying.duration(minutes),
        "spent": _sum(over, lambda each: worth_of[each.pk]),
        "signed": _sum(over, signed),
    }
    if minutes:
        return _("Used of what was approved: %(time)s, %(spent)s of %(signed)s.") % said
    return _("Used of what was approved: %(spent)s of %(signed)s.") % said


def _minimum(engagement: Engagement) -> str:
    if not (found := minimums.to_come(engagement)):
        return ""
    approval, left = found
    currency = approval.offer.currency
    facts = {
        "minimum": str(Money(approval.offer.minimum_charge, currency)),
        "left": str(Money(left, currency)),
    }
    if engagement.undone:
        return (
            _(
                "At least %(minimum)s was approved: as it stands, %(left)s is charged besides once the work is done."
            )
            % facts
        )
    return _("At least %(minimum)s was approved: %(left)s is charged besides the time.") % facts


def _runs(approval: Approval, now: datetime) -> bool:
    return approval.balance.ended_at is None and approval.balance.work_until > now


def _balance(stands: Standing, running: list[Approval]) -> None:
    cap = sum(approval.balance.cap for approval in running)
    used = sum(approval.balance.used for approval in running)
    oldest_first = sorted(running, key=lambda each: (each.decided_at, each.pk))
    stands.in_force = chosen = timing.with_room(oldest_first)
    fixed = [each for each in running if each.offer.fixed_price]
    stands.both = 0 < len(fixed) < len(running)
    stands.fixed = [(each, getattr(each, "delivery", None)) for each in fixed]
    stands.under = _("offer %(number)d at its fixed price: nothing is billed by the hour") % {
        "number": chosen.offer.number
    }
    if not chosen.offer.fixed_price:
        stands.under = _under(chosen)
    stands.approved, stands.used, stands.left = (
        saying.duration(minutes) if cap else "" for minutes in (cap, used, cap - used)
    )
    stands.share = round(100 * used / cap, 1) if cap else 0
    used_up = worth.used(running)
    stands.money = (
        _sum(running, lambda each: each.offer.amount),
        _sum(running, lambda each: used_up[each.pk]),
        _sum(running, lambda each: each.offer.amount - used_up[each.pk]),
    )
    stands.visits = sum(ask("SELECT visits_left(%s)", each.pk)[0] for each in running if each.offer.visits)


def _under(chosen: Approval) -> str:
    return _("offer %(number)d at %(rate)s an hour, %(left)s under its cap") % {
        "number": chosen.offer.number,
        "rate": Money(chosen.offer.rate, chosen.offer.currency),
        "left": saying.duration(chosen.balance.room),
    }


def _sum(running: list[Approval], amount: Callable[[Approval], Decimal]) -> str:
    """Of each approval, by currency."""
    priced = [Money(amount(each), each.offer.currency) for each in running]
    currencies = sorted({money.currency for money in priced})
    return " + ".join(
        str(total((money for money in priced if money.currency == one), one)) for one in currencies
    )


@dataclass(frozen=True, slots=True)
class Priced:
    """What the next offer goes by: nothing but the estimate where the contract has no rate card."""

    estimate: str
    amount: str = ""
    rate: str = ""
    basis: str = ""


def priced(engagement: Engagement) -> Priced:
    estimate = wording.span(engagement.estimate)
    rate = getattr(engagement.contract, "rate", None)
    if rate is None:
        return Priced(estimate)
    card = rate.card
    return Priced(
        estimate=estimate,
        amount=str(Money(price(engagement.estimate, card.hourly_rate), card.currency)),
        rate=str(Money(card.hourly_rate, card.currency)),
        basis=document.rounding(card.increment, card.minimum),
    )


def offer_shown(offer: Offer, now: datetime) -> OfferShown:
    """One offer with what became of it, in the reader's zone."""
    approval, end = getattr(offer, "approval", None), getattr(offer, "end", None)
    if approval is not None:
        over = getattr(approval, "end", None)
        state, words = "ended" if over else "approved", _("Approved in writing")
        when = saying.here(approval.decided_at, now)
        when = f"{when}; {_ended(offer, over, now)}" if over else when
    elif end is not None:
        state, words, when = end.why, end.get_why_display(), saying.here(end.ended_at, now)
    else:
        state, words = "undecided", _("Waiting for a yes")
        when = _("answer by %(instant)s") % {"instant": saying.here(offer.answer_by, now)}
    return OfferShown(
        offer=offer,
        state=state,
        words=f"{words}, {when}",
        money=str(Money(offer.amount, offer.currency)),
        cap=wording.span(offer.cap) if offer.cap else _("fixed price"),
        sent=saying.here(offer.sent_at, now),
        approval=approval,
        signed_by=signers.names(offer.signatures.all()),
        **(_signed_and_waiting(offer) if state == "undecided" else {}),
        unasked=state == "undecided"
        and not offer.invitations.filter(contact__in=Contact.objects.signing()).exists(),
    )


def _signed_and_waiting(offer: Offer) -> dict[str, str]:
    """Who of those that signed has to say it once more, and for which reason."""
    signed = list(offer.signatures.all())
    lacks = signers.lacks(offer) if signed else ""
    if lacks == "authority_suffices":
        return {"once_more": signers.names(signers.under_lower_limits(offer, signed))}
    may = [one for one in signed if one.contact.may_sign]
    return {"confirms": signers.names(may)} if lacks is None else {}


def _ended(offer: Offer, over: ApprovalEnd, now: datetime) -> str:
    """What became of a yes: it was one all the same, and what was worked under it stands."""
    if over.why == ApprovalEnd.Why.EXPIRED:
        until = saying.here(offer.work_until, now)
        return _("work was allowed until %(instant)s") % {"instant": until}
    return f"{over.get_why_display().lower()} {saying.here(over.ended_at, now)}"


def _gdap(stands: Standing, engagement: Engagement) -> None:
    """As the gate says it, by the database's clock."""
    [now] = ask("SELECT countersign_now()")
    last = engagement.ticket.customer.gdap_readings.filter(read_at__lte=now).first()
    stands.gdap_as_of = gdap_words.as_of(last, now)
    stands.gdap = "active" if gdap.active(engagement) else "missing"
    if stands.gdap == "missing":
        stands.gdap_lacks = gdap_words.missing(last, engagement.gdap_roles, now) or [
            _("It was read of another tenant: the customer’s tenant id has changed since.")
        ]


def _why_not(engagement: Engagement, running: list[Approval], stands: Standing) -> str:
    if not engagement.undone:
        return _("It has ended; time that was worked before can still be entered by hand.")
    if not running:
        undecided = any(shown.state == "undecided" for shown in stands.offers)
        return _("The customer has not said yes yet.") if undecided else _("There is no approval in force.")
    if all(approval.balance.room <= 0 and not approval.offer.fixed_price for approval in running):
        return _("The approved time is used up: send a further offer.")
    if stands.gdap == "missing":
        return " ".join([_("GDAP is not active enough to start."), *stands.gdap_lacks])
    return ""
