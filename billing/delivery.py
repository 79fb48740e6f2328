"""How papers get to whom they are for: the state of their mails in words, and sending them again."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from billing import letters
from billing.models import Approval, Paper, Sending
from billing.rules import verb
from support import saying
from support.actors import Actor
from support.mail import outbox
from support.models import File, Mail
from support.refusal import Refused


@dataclass(frozen=True, slots=True)
class Delivered:
    """A mail as pages show it; `state` is one of Mail.State."""

    state: str
    words: str
    error: str = ""


@dataclass(slots=True)
class CopyShown:
    """The copy of one approval: its file, once it is made, and its mails."""

    file: File | None = None
    mails: list[Delivered] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return any(mail.state == Mail.State.FAILED for mail in self.mails)


def told(mail: Mail, now: datetime) -> Delivered:
    said = {"to": ", ".join(mail.to)}
    if mail.state == Mail.State.SENT:
        words = _("Sent to %(to)s, %(at)s") % {**said, "at": saying.here(mail.sent_at, now)}
    elif mail.state == Mail.State.FAILED:
        words = _("Could not be sent to %(to)s") % said
    else:
        words = _("On its way to %(to)s") % said
    return Delivered(mail.state, words, mail.error)


def copies(approvals: Iterable[Approval], now: datetime) -> dict[int, CopyShown]:
    """Of each approval by its number, in two queries."""
    shown = {approval.pk: CopyShown() for approval in approvals}
    if not shown:
        return {}
    of_offer = {f"approved:{approval.offer_id}": approval.pk for approval in approvals}
    for paper in Paper.objects.filter(approval__in=shown).select_related("file"):
        shown[paper.approval_id].file = paper.file
    for mail in _receipts(approvals):
        shown[of_offer[mail.key.rpartition(":")[0]]].mails.append(told(mail, now))
    return shown


@verb
def send_copy_again(approval: Approval, *, by: Actor, at: datetime) -> None:
    """Let the receipts of an approval that could not be sent try again: the same mails, under the same Message-IDs."""
    failed = list(_receipts([approval]).filter(state=Mail.State.FAILED).select_for_update(no_key=True))
    if not failed:
        raise Refused(_("The copy has been sent, or is on its way."))
    there = {*letters.reached(approval.offer)}
    again = [mail for mail in failed if mail.key.endswith(":desk") or there.issuperset(mail.to)]
    if not again:
        gone = sorted({address for mail in failed for address in mail.to} - there)
        sentence = _(
            "Nobody is reached at %(gone)s any more: whoever signed and is there takes the copy from his own pages, or hand it over yourself."
        )
        raise Refused(sentence % {"gone": saying.listed(gone)})
    for mail in again:
        outbox.send_again(mail)
        sending = Sending(approval=approval, mail=mail)
        sending.actor = by
        sending.save(force_insert=True)


def _receipts(approvals: Iterable[Approval]):
    keys = [f"approved:{approval.offer_id}:{side}" for approval in approvals for side in ("customer", "desk")]
    return Mail.objects.filter(key__in=keys).order_by("pk")
