"""Rows whose every change is history: who, when, what it was. The database refuses a change that leaves none."""

from django.db import models, transaction
from django.utils import timezone
from simple_history.models import HistoricalRecords

from support.actors import Actor


class Xid8(models.Field):
    """A transaction's number, as pg_current_xact_id() gives it."""

    def db_type(self, connection):
        return "xid8"


class CurrentTransaction(models.Func):
    function = "pg_current_xact_id"
    arity = 0
    output_field = Xid8()


class ActorFields(models.Model):
    """Who did it, as three columns: people are renamed and disabled, the record stays."""

    actor_kind = models.CharField(max_length=8, editable=False)
    actor_id = models.BigIntegerField(null=True, editable=False)
    actor_name = models.CharField(max_length=200, editable=False)

    class Meta:
        abstract = True

    @property
    def actor(self) -> Actor:
        return Actor(self.actor_kind, self.actor_id, self.actor_name)

    @actor.setter
    def actor(self, actor: Actor) -> None:
        self.actor_kind, self.actor_id, self.actor_name = actor.kind, actor.id, actor.name


class HistoryRow(ActorFields):
    """Base of every historical model; the tracking trigger looks for its transaction."""

    history_transaction = Xid8(db_default=CurrentTransaction(), editable=False)

    class Meta:
        abstract = True


class History(HistoricalRecords):
    """simple-history with our actor in place of a foreign key to the user, which could not outlive him."""

    def __init__(self, **options):
        super().__init__(inherit=True, bases=[HistoryRow], **options)

    def fields_included(self, model):
        """All fields but those that the model names in `untracked`: no secret outlives its change."""
        return [field for field in super().fields_included(model) if field.name not in model.untracked]

    def _get_history_user_fields(self):
        return {"history_user": HistoryRow.actor}

    def get_history_user(self, instance):
        return instance._actor


class Tracked(models.Model):
    """simple-history writes its row after save(), in autocommit in a transaction of its own: hence atomic."""

    history = History()
    untracked: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def by(self, actor: Actor, at=None):
        """Name who makes the next change, and when: `customer.by(actor).save()`. Without it save() raises."""
        self._actor = actor
        self._history_date = at or timezone.now()
        return self

    @transaction.atomic
    def save(self, *args, **kwargs):
        self._need_actor()
        super().save(*args, **kwargs)

    @transaction.atomic
    def delete(self, *args, **kwargs):
        self._need_actor()
        return super().delete(*args, **kwargs)

    def _need_actor(self) -> None:
        if not hasattr(self, "_actor"):
            raise TypeError(f"Say who changes this {self._meta.verbose_name}: .by(actor).save()")
