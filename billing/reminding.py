"""What is said without being asked: approved time that runs out, offers that nobody has answered. None of it decides anything."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef

from billing import letters, signers
from billing.models import ApprovalBalance, Engagement, Invitation, Offer, Signature
from billing.rules import ask, verb
from support.models import Contact, Mail

SHARES = (100, 75)  # per cent of the cap, the highest first: whoever passes both at once is told once
A_DAY = timedelta(days=1)


def run() -> int:
    """Send every mail that is due and has not been sent; answers how many. In a simulation its clock decides."""
    [now] = ask("SELECT countersign_now()")
    due = {**dict(_warnings(now)), **dict(_reminders(now))}
    sent = set(Mail.objects.filter(key__in=due).values_list("key", flat=True))
    for key, send in due.items():
        if key not in sent:
            verb(send)()
    return len(due.keys() - sent)


def _warnings(now: datetime) -> Iterator[tuple]:
    """Approvals in force of which so much is used, by the key of the mail to the desk."""
    in_force = ApprovalBalance.objects.filter(
        ended_at=None, work_until__gt=now, approval__engagement__in=Engagement.objects.undone()
    )
    hundredfold = F("used") * 100  # whole numbers: a share of the cap would be cut to whole minutes
    used = in_force.filter(cap__gt=0).alias(hundredfold=hundredfold)
    for balance in used.filter(hundredfold__gte=F("cap") * min(SHARES)).order_by("pk"):
        share = next(share for share in SHARES if balance.used * 100 >= share * balance.cap)
        key = f"used:{balance.pk}:{share}:desk"
        yield key, lambda balance=balance, share=share: letters.tell_of_use(balance, share, at=now)


def _reminders(now: datetime) -> Iterator[tuple]:
    """Contacts who were asked and have not signed, or whose yes counts once they say it again: when half of their time is over, and a
    day before its end."""
    signed = Signature.objects.filter(offer=OuterRef("offer"), contact=OuterRef("contact"))
    open_offers = Offer.objects.undecided().filter(answer_by__gt=now)
    asked = Invitation.objects.annotate(has_signed=Exists(signed)).filter(
        offer__in=open_offers, contact__in=Contact.objects.signing()
    )
    newest = asked.order_by("offer_id", "contact_id", "-pk").distinct("offer_id", "contact_id")
    for invitation in newest.select_related("offer__engagement__ticket", "contact__user", "mail"):
        which = _due(invitation, now)
        if which and (not invitation.has_signed or signers.says_again(invitation.offer, invitation.contact)):
            key = f"reminder:{invitation.offer_id}:{invitation.contact_id}:{which}"
            yield key, lambda invitation=invitation, key=key: letters.remind(invitation, key, at=now)


def _due(invitation: Invitation, now: datetime) -> str:
    """ "half" or "last"; the last one where there are two days to answer in at least, and instead of one that was missed."""
    until = invitation.offer.answer_by
    whole = until - invitation.sent_at
    if whole >= 2 * A_DAY and now >= until - A_DAY:
        return "last"
    return "half" if now >= invitation.sent_at + whole / 2 else ""
