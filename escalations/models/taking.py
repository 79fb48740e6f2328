"""The verbs of an escalation that was raised: accept or decline, acknowledge, act, step down, close."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from escalations import ladder, step_mails, telling
from escalations.models import steps
from escalations.rules import must_be_said
from support import timeline
from support.actors import Actor, ActorKind
from support.refusal import Refused, Stale


class Taking(models.Model):
    class Meta:
        abstract = True

    @transaction.atomic
    def accept(self, *, by: Actor, at: datetime) -> steps.EscalationAcceptance:
        """Its ground holds. Whoever asked for it is told."""
        self._must_be_current(by)
        if hasattr(self, "acceptance"):
            raise Refused(_("%(name)s has accepted it already.") % {"name": self.acceptance.actor_name})
        row = self._accept(by=by, at=at)
        step_mails.accepted(self, by=by, at=at)
        return row

    @transaction.atomic
    def decline(self, *, item: str, words: str = "", by: Actor, at: datetime) -> steps.EscalationDecline:
        """Not accepted, with an entry of the service's list. The ticket stands where it stood before."""
        self._must_be_current(by)
        if hasattr(self, "acceptance") or hasattr(self, "acknowledgement"):
            raise Refused(_("It is accepted already: step down from it, or close it."))
        definition = ladder.definition_of(self.ticket)
        if item not in {each.code for each in definition.not_accepted()}:
            raise Refused(_("Choose an entry of what the service does not accept."), "item")
        row = self._step(steps.EscalationDecline(escalation=self, item=item, words=words), by)
        row.refresh_from_db()
        timeline.record(self.ticket, "escalation.declined", by=by, at=at, level=self.level, item=item)
        telling.declined(self, row, at=at)
        step_mails.declined(self, row, by=by, at=at)
        return row

    @transaction.atomic
    def acknowledge(self, *, by: Actor, at: datetime) -> steps.EscalationAcknowledgement:
        """Somebody of the level has taken it; where nobody had yet, that accepts it too."""
        self._must_be_current(by)
        if hasattr(self, "acknowledgement"):
            raise Refused(
                _("%(name)s has acknowledged it already.") % {"name": self.acknowledgement.actor_name}
            )
        if not hasattr(self, "acceptance"):
            self._accept(by=by, at=at)
        row = self._step(steps.EscalationAcknowledgement(escalation=self), by)
        timeline.record(self.ticket, "escalation.acknowledged", by=by, at=at, level=self.level)
        for each in self._of_each_asker():
            telling.acknowledged(self, each, row, at=at)
        step_mails.acknowledged(self, by=by, at=at)
        return row

    @transaction.atomic
    def act(self, *, words: str, by: Actor, at: datetime) -> steps.EscalationAct:
        """The level has done something about it; only whoever has taken it acts."""
        self._must_be_current(by)
        if not hasattr(self, "acknowledgement"):
            raise Refused(_("Acknowledge it first: then say what is done."))
        must_be_said(words=words)
        row = self._step(steps.EscalationAct(escalation=self, words=words), by)
        timeline.record(self.ticket, "escalation.acted", by=by, at=at, level=self.level)
        for each in self._of_each_asker():
            telling.acted(self, each, at=at)
        step_mails.acted(self, row, by=by, at=at)
        return row

    @transaction.atomic
    def step_down(self, *, reason: str, by: Actor, at: datetime) -> None:
        """The ticket stands on the level below again, and the time of that level counts anew."""
        self._must_be_current(by)
        if self.level == 1:
            raise Refused(_("There is no level below the first: close the escalation instead."))
        must_be_said(reason=reason)
        rules = ladder.need_ladder(self.ticket)
        below = rules.levels[self.level - 2]
        calendars = ladder.calendars_of(self.ticket, {below.calendar} - {""})
        again = ladder.next_from(below, at, calendars)
        told = self._of_each_asker()
        for row in self._on_its_level().order_by("-position"):
            row._step(steps.EscalationStepDown(escalation=row, reason=reason, not_before=again), by)
        timeline.record(self.ticket, "escalation.stepped_down", by=by, at=at, level=below.level)
        for each in told:
            telling.stepped_down(each, below.level, at=at)
        step_mails.stepped_down(self, below.level, reason, by=by, at=at)

    @transaction.atomic
    def close(self, *, reason: str, by: Actor, at: datetime) -> steps.EscalationClosing:
        """The ticket leaves its ladder; a further escalation begins at level 1 again."""
        self._must_be_current(by)
        must_be_said(reason=reason)
        below = type(self).objects.of(self.ticket).live()  # lower levels end as well
        told = self._of_each_asker(below)
        row = self._step(steps.EscalationClosing(escalation=self, reason=reason), by)
        timeline.record(self.ticket, "escalation.closed", by=by, at=at, level=self.level)
        for each in told:
            telling.closed(each, at=at)
        step_mails.closed(self, reason, by=by, at=at)
        return row

    def _on_its_level(self):
        """Live rows of its level: the last one may have been raised again."""
        return type(self).objects.of(self.ticket).live().filter(level=self.level)

    def _of_each_asker(self, rows=None) -> list:
        """This one, and of its level, or of these `rows`, one for each further contact who asked for it."""
        rows = self._on_its_level() if rows is None else rows
        others = rows.exclude(contact=None).exclude(contact=self.contact)
        return [self, *{each.contact_id: each for each in others}.values()]

    def _accept(self, *, by: Actor, at: datetime) -> steps.EscalationAcceptance:
        row = self._step(steps.EscalationAcceptance(escalation=self), by)
        timeline.record(self.ticket, "escalation.accepted", by=by, at=at, level=self.level)
        for each in self._of_each_asker():
            telling.accepted(self, each, at=at)
        return row

    def _step(self, row, by: Actor):
        row.actor = by
        row.save(force_insert=True)
        return row

    def _must_be_current(self, by: Actor) -> None:
        self.ticket.lock()
        if by.kind == ActorKind.CONTACT:
            raise Refused(_("The desk accepts, acknowledges and closes escalations."))
        self.refresh_from_db()
        now = type(self).current(self.ticket)
        if now == self:
            return
        facts = {"level": self.level, "now": now.level if now else 0}
        if now is None:
            raise Stale(_("Level %(level)d is over, and the escalation is closed.") % facts)
        if now.level == self.level:
            raise Stale(_("Level %(level)d was raised again since: read it as it stands now.") % facts)
        raise Stale(_("Level %(level)d is over: the ticket stands on level %(now)d.") % facts)
