"""Notices of outages: written by people, sent to the whole audience at once; the desk is alarmed when one is owed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from escalations import notice_mail, outages
from escalations.models import DueNotice, Notice, NoticeRecipient, Outage, OutageState
from escalations.rules import must_be_seen, verb
from support.actors import Actor
from support.mail import outbox
from support.models import Contact, Customer, Ticket
from support.refusal import Refused, Stale

BATCH = 100  # due notices in a transaction

# countersign_now() is volatile: compared bare, it would be asked anew for every row. A notice that is being written holds its row.
CLAIM = """
UPDATE escalations_duenotice SET {stamp} = countersign_now() WHERE id IN (
    SELECT d.id FROM escalations_duenotice d WHERE d.{stamp} IS NULL AND d.told_at IS NULL AND d.{instant} <= (SELECT countersign_now())
        AND NOT EXISTS (SELECT FROM escalations_notice n WHERE n.due_id = d.id)
    ORDER BY d.{instant}, d.id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING id
"""
WARNED, TOLD = (
    CLAIM.format(stamp="warned_at", instant="warn_at"),
    CLAIM.format(stamp="told_at", instant="due_at"),
)


def audience(outage: Outage) -> QuerySet[Contact]:
    """Active contacts of affected customers who are nominated for outages, as of now. The database counts the same."""
    return designated(outage.contracts.values("contract__holder"))


def designated(customers) -> QuerySet[Contact]:
    """Of these customers, whoever is told of outages."""
    found = Contact.objects.filter(active=True, nominated_for_outages=True, customer__active=True)
    return found.filter(customer__in=customers).select_related("customer").order_by("customer__name", "name")


def unheard(customers) -> QuerySet[Customer]:
    """Of these customers, those of whom nobody would be told."""
    heard = designated(customers).order_by().values("customer")
    return Customer.objects.filter(pk__in=customers, active=True).exclude(pk__in=heard).order_by("name")


@verb
def send(
    outage: Outage,
    *,
    details: str,
    impact: str,
    expected_at: datetime | None,
    shown: str | None = None,
    by: Actor,
    at: datetime,
) -> Notice:
    """To the whole audience, in as many statements for one recipient as for two thousand; an update on each linked ticket
    whose customer received it. `shown` is the kind that its writer saw; Stale where it would go out as another."""
    must_be_seen(details=details, impact=impact)
    if expected_at is not None and expected_at <= at:
        raise Refused(past_sentence(), "expected_at")
    row = Notice(
        outage=outage,
        what=Notice.What.SENT,
        details=details.strip(),
        impact=impact.strip(),
        expected_at=expected_at,
    )
    _write(row, by)
    if shown is not None and shown != row.kind:
        raise Stale(other_kind_sentence(outage, row))
    contacts = list(audience(outage))
    if len(contacts) != row.recipients:
        raise Refused(_("The audience has changed this moment: send the notice again."))
    mails = outbox.queue_all(notice_mail.drafts(row, contacts, at=at))
    NoticeRecipient.objects.bulk_create(
        NoticeRecipient(notice=row, contact=contact, mail=mail)
        for contact, mail in zip(contacts, mails, strict=True)
    )
    told = {contact.customer_id for contact in contacts}
    linked = list(Ticket.objects.undone().filter(outages__outage=outage, customer__in=told))
    if linked:
        outages.tell(linked, "notice.sent", by=by, at=at, outage=outage.number, kind=row.kind)
    return row


@verb
def skip(outage: Outage, *, due: int | None, reason: str, by: Actor, at: datetime) -> Notice:
    """The one that is owed is not sent, for a reason; the next is due an interval after this one was. `due` is the place of
    the one that is meant: no other is skipped for it, and none before the desk is warned of it."""
    must_be_seen(reason=reason)
    meant = outage.dues.filter(position=due).first()
    row = Notice(outage=outage, what=Notice.What.SKIPPED, due=meant, reason=reason.strip())
    _write(row, by)
    return row


@verb
def close(outage: Outage, *, reason: str, by: Actor, at: datetime) -> Notice:
    """Nobody is left to be told that it is over, for every customer whom it hit has left: a manager writes why it ends untold.
    Whatever follows the resolution notification follows this."""
    if outage.state != OutageState.VALIDATED:
        raise Refused(outages.turn_sentence(outage))
    must_be_seen(reason=reason)
    row = Notice(outage=outage, what=Notice.What.SKIPPED, reason=reason.strip())
    _write(row, by)
    linked = list(Ticket.objects.undone().filter(outages__outage=outage))
    if linked:
        outages.tell(linked, "outage.closed", by=by, at=at, outage=outage.number)
    return row


def past_sentence() -> str:
    return _("That is past already: write an instant that is still to come, or none.")


def _write(row: Notice, by: Actor) -> None:
    row.position, row.recipients, row.actor = 0, 0, by
    row.save(force_insert=True)
    outage = row.outage
    row.refresh_from_db()
    outage.refresh_from_db()
    row.outage = outage


def other_kind_sentence(outage: Outage, row: Notice) -> str:
    facts = {"number": outage.number, "state": outage.get_state_display(), "kind": row.get_kind_display()}
    return (
        _(
            "%(number)s has changed while you wrote (%(state)s): this would go out as “%(kind)s”. Read it again."
        )
        % facts
    )


def sweep(at: datetime) -> int:
    """Warn of each notice that is soon due and tell of each that is, once; answers how many mails were written.

    It writes to the desk alone: no word to an audience is a machine's.
    """
    return _alarm(TOLD, "due", at) + _alarm(WARNED, "warn", at)


def _alarm(claim: str, name: str, at: datetime) -> int:
    found = 0
    while claimed := _claimed(claim, name, at):
        found += claimed
    return found


@transaction.atomic
def _claimed(claim: str, name: str, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(claim, [BATCH])
        ids = [pk for (pk,) in cursor.fetchall()]
    rows: Sequence[DueNotice] = DueNotice.objects.filter(pk__in=ids).select_related("outage").order_by("id")
    outbox.queue_all(notice_mail.alarms(rows, name, at=at))
    return len(ids)
