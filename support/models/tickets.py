"""Tickets: what a customer needs, under which contract and service, and how it stands."""

from datetime import datetime

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from support import timeline
from support.actors import Actor, ActorKind
from support.models.contracts import DEPLOYMENTS, Contract, Product
from support.models.customers import Customer
from support.models.definitions import ServiceVersion
from support.models.our_time import instants_in_our_time
from support.models.people import Contact, User
from support.models.teams import Team
from support.models.words import vector
from support.refusal import Refused, refusing


class TicketState(models.TextChoices):
    OPEN = "open", _("Open")
    WAITING = "waiting", _("Waiting")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


OPEN, WAITING, RESOLVED, CLOSED = TicketState
MOVES = {OPEN: {WAITING, RESOLVED}, WAITING: {OPEN, RESOLVED}, RESOLVED: {OPEN, CLOSED}, CLOSED: {OPEN}}
UNDONE = (OPEN, WAITING)


class Outcome(models.TextChoices):
    RESOLVED = "resolved", _("Resolved")
    RESTORED = "restored", _("Restored")
    WORKAROUND = "workaround", _("Workaround")
    ARCHIVED = "archived", _("Archived")
    NON_PRODUCT = "non_product", _("Non-product issue")
    REDIRECTED = "redirected", _("Redirected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    MERGED = "merged", _("Merged")


class Channel(models.TextChoices):
    PHONE = "phone", _("Phone")
    CHAT = "chat", _("Chat")
    EMAIL = "email", _("E-mail")
    PORTAL = "portal", _("Portal")
    IMPORT = "import", _("Import")


class TicketNumber(models.Func):
    """SR- and six digits from a sequence, more after a million; gaps are allowed."""

    template = "('SR-' || to_char(nextval('support_ticket_number'), 'FM9999999000000'))"
    arity = 0
    output_field = models.CharField()


class TicketQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see every ticket; a customer's person those of the customers he sees."""
        if user.is_staff:
            return self
        return self.filter(customer__in=Customer.objects.visible_to(user).values("id"))

    def undone(self):
        return self.filter(state__in=UNDONE)

    def most_urgent_first(self):
        """The ticket whose next promise is due first stands first; without any promise last. Stable for paging."""
        return self.order_by(models.F("next_due_at").asc(nulls_last=True), "id")


class Ticket(models.Model):
    """Its history is the timeline; clocks, waits and messages are rows of their own."""

    number = models.CharField(max_length=12, unique=True, db_default=TicketNumber(), editable=False)
    title = models.CharField(max_length=200)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="tickets")
    raised_by = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="tickets")
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, blank=True, related_name="tickets")
    contract_reason = models.CharField(
        max_length=300, blank=True, help_text=_("Why this contract, or why none.")
    )
    service = models.ForeignKey(ServiceVersion, models.PROTECT, null=True, blank=True, related_name="tickets")
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="tickets")
    deployment = models.CharField(max_length=12, choices=DEPLOYMENTS, blank=True)
    channel = models.CharField(max_length=8, choices=Channel)
    covered = models.BooleanField(default=True)
    state = models.CharField(max_length=8, choices=TicketState, default=OPEN)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    priority = models.CharField(
        max_length=20, blank=True, help_text=_("As the service codes it; empty without one.")
    )
    rank = models.PositiveSmallIntegerField(
        default=99, help_text=_("1 is the service's most urgent priority.")
    )
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="owned_tickets")
    worker = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="worked_tickets")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="tickets")
    party = models.CharField(
        max_length=40, blank=True, help_text=_("Who else works it: distributor, Microsoft, a resolver group.")
    )
    survivor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_tickets")
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    last_seq = models.PositiveIntegerField(default=0, help_text=_("Of its last event."))
    next_due_at = models.DateTimeField(
        null=True, blank=True, help_text=_("The first open promise of ours; set by every event.")
    )

    words = models.GeneratedField(
        expression=vector("number", "title"), output_field=SearchVectorField(), db_persist=True
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-id"]
        indexes = [
            GinIndex("words", name="ticket_words"),
            models.Index(
                models.F("next_due_at").asc(nulls_last=True),
                "id",
                name="ticket_by_urgency",
                condition=Q(state__in=UNDONE),
            ),
            models.Index("customer", "opened_at", name="ticket_of_customer_by_month"),
            models.Index("owner", name="ticket_of_owner", condition=Q(state__in=UNDONE)),
        ]
        constraints = [
            instants_in_our_time("ticket_in_our_time", "opened_at", "changed_at", "done_at", "next_due_at"),
            models.CheckConstraint(
                condition=Q(state__in=UNDONE, outcome="", done_at=None)
                | (Q(state__in=[RESOLVED, CLOSED], done_at__isnull=False) & ~Q(outcome="")),
                name="a_ticket_done_says_how",
            ),
            models.CheckConstraint(
                condition=Q(covered=True, contract__isnull=False) | Q(covered=False),
                name="cover_is_a_contracts",
            ),
            models.CheckConstraint(condition=~Q(title__regex=r"[\x01-\x1f\x7f]"), name="a_title_is_one_line"),
            models.CheckConstraint(condition=~Q(survivor=models.F("id")), name="survivor_is_another_ticket"),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    def get_absolute_url(self):
        return reverse("support:ticket-page", args=[self.number])

    @property
    def undone(self) -> bool:
        return self.state in UNDONE

    def resolve(self, *, outcome: Outcome, by: Actor, at: datetime) -> None:
        """Done: everything that waits is over, and every clock stops."""
        from support.models.waits import Wait

        with transaction.atomic():
            self._must_be_able_to_become(RESOLVED)
            for wait in Wait.objects.filter(ticket=self, ended_at=None):
                wait.end(by=by, at=at)
            self._move(RESOLVED, "ticket.resolved", by=by, at=at, outcome=outcome)

    def close(self, *, by: Actor, at: datetime, reason: str) -> None:
        """For good, after its resolution; what still runs is cancelled."""
        self._move(CLOSED, "ticket.closed", by=by, at=at, reason=reason)

    def reopen(self, *, by: Actor, at: datetime) -> None:
        """Not done after all: the fix runs anew with its whole target, the first result stays."""
        with transaction.atomic():
            self.lock()
            if self.undone:
                raise Refused(
                    _("Ticket %(number)s is %(state)s: there is nothing to open again.")
                    % {"number": self.number, "state": self.get_state_display().lower()}
                )
            reason = "customer" if by.kind == ActorKind.CONTACT else "desk"
            self._move(OPEN, "ticket.reopened", by=by, at=at, reason=reason)

    def hand_to(self, owner: User | None, *, by: Actor, at: datetime) -> None:
        """Another owner talks to the customer from now on."""
        with transaction.atomic():
            self.lock()
            old = self.owner_id
            if old == (owner.pk if owner else None):
                return
            self.owner = owner
            timeline.record(self, "owner.changed", by=by, at=at, old=old, new=owner.pk if owner else None)
            self.save(update_fields=["owner"])

    def lock(self) -> None:
        """Hold this ticket until the transaction ends, as it now is; everybody else waits."""
        self.refresh_from_db(from_queryset=Ticket.objects.select_for_update())

    def become(self, state: TicketState) -> None:
        """Open or waiting, as its waits say; called by the verbs of a wait, which have written the event."""
        if state != self.state:
            self._check(state)
            self.state = state
            self.save(update_fields=["state"])

    def _must_be_able_to_become(self, to: TicketState) -> None:
        self.lock()
        self._check(to)

    def _check(self, to: TicketState) -> None:
        if to not in MOVES[TicketState(self.state)]:
            raise Refused(
                _("Ticket %(number)s is %(state)s; it cannot become %(to)s.")
                % {
                    "number": self.number,
                    "state": self.get_state_display().lower(),
                    "to": TicketState(to).label.lower(),
                }
            )

    @transaction.atomic
    def _move(self, to: TicketState, kind: str, *, by: Actor, at: datetime, **facts) -> None:
        self._must_be_able_to_become(to)
        timeline.record(self, kind, by=by, at=at, **facts)
        if to in UNDONE:
            self.outcome, self.done_at = "", None
        elif self.state in UNDONE:
            self.outcome, self.done_at = facts["outcome"], at
        self.state = to
        with refusing({}):  # a guard of billing speaks for a customer who was asked and has not answered
            self.save(update_fields=["state", "outcome", "done_at"])
