"""Who answers on a level of a ladder: definitions name positions, these rows the people or the duty role behind them."""

from dataclasses import dataclass
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from support.models import LegalEntity, ServiceVersion, Ticket, Tracked, User
from support.models.people import AddressField
from support.naming import is_said


class LadderContactQuerySet(models.QuerySet):
    def answering(self, ticket: Ticket):
        """The active ones of the ticket's service: those of its own provider before those of all."""
        entity = ticket.contract.legal_entity_id if ticket.contract else None
        mine = Q(legal_entity=entity) | Q(legal_entity=None)
        rows = self.filter(mine, service=ticket.service.code if ticket.service else "", active=True)
        return rows.select_related("user").order_by("level", models.F("legal_entity").asc(nulls_last=True))

    def on_level(self, ticket: Ticket, level: int) -> Self | None:
        return self.answering(ticket).filter(level=level).first()


class LadderContact(Tracked):
    """A person of staff, or a duty role with a number and an address that somebody looks after."""

    service = models.CharField(max_length=60, help_text=_("The code of the service, for all its versions."))
    legal_entity = models.ForeignKey(
        LegalEntity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="ladder_contacts",
        help_text=_("Only for contracts that this company sells; empty for all."),
    )
    level = models.PositiveSmallIntegerField(
        help_text=_("Of the ladder; 0 for those above the desk who are told of a severity at once.")
    )
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="ladder_levels")
    duty_role = models.CharField(max_length=120, blank=True, help_text=_("As “Duty manager”."))
    phone = models.CharField(max_length=40, blank=True)
    published = models.BooleanField(
        default=False, help_text=_("The number is the published route: customers read it too.")
    )
    email = AddressField(_("e-mail"), max_length=254, blank=True)
    active = models.BooleanField(default=True)

    objects = LadderContactQuerySet.as_manager()

    class Meta:
        ordering = ["service", "level", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "legal_entity", "level"],
                condition=Q(active=True),
                nulls_distinct=False,
                name="one_contact_on_a_level",
                violation_error_message=_("This level has an active contact already."),
            ),
            models.CheckConstraint(
                condition=(Q(user__isnull=False) & Q(duty_role="")) | (Q(user=None) & ~Q(duty_role="")),
                name="a_contact_is_a_person_or_a_duty_role",
                violation_error_message=_("Name a person or a duty role, one of the two."),
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(email=""),
                name="a_duty_role_has_an_address",
                violation_error_message=_("A duty role needs an address to which its mail goes."),
            ),
        ]

    def __str__(self):
        return f"{self.service} {self.level}: {self.who}"

    @property
    def who(self) -> str:
        return self.user.name if self.user else self.duty_role

    def clean(self):
        """A slip in the code or the level would leave a level without anybody."""
        errors = {}
        if not self.active:  # whatever it is, it can be switched off
            return
        if self.service and not (known := ServiceVersion.objects.filter(code=self.service, kind="support")):
            errors["service"] = gettext(
                "No support service has this code: look at the definitions of services."
            )
        elif self.service and self.level is not None and self.level not in _levels(known):
            errors["level"] = gettext("The ladder of this service has no such level: 0 or one of its own.")
        if self.duty_role and not is_said(self.duty_role):
            errors["duty_role"] = gettext("Write it in words: nothing can be read here.")
        if errors:
            raise ValidationError(errors)

    def route(self) -> "Route":
        person = self.user
        if person is not None and not person.is_active:
            return Route("", "", "", False, "UTC", "", None)
        zone, locale = (person.time_zone, person.locale) if person else ("UTC", "")
        address = self.email or (person.email if person else "")
        alone = self.user_id if person and address == person.email else None
        return Route(self.who, address, self.phone, self.published, zone, locale, alone)


def _levels(versions) -> set[int]:
    """Of each version's ladder, and those above the desk."""
    ladders = versions.filter(data__has_key="ladder").values_list("data__ladder__levels", flat=True)
    return {0, *(level["level"] for levels in ladders for level in levels or ())}


@dataclass(frozen=True, slots=True)
class Route:
    """How a level is reached now; without an address it is reached through the desk. `reader` is whose own address it is."""

    who: str
    email: str
    phone: str
    published: bool
    zone: str
    locale: str
    reader: int | None


def route_to(ticket: Ticket, level: int) -> Route:
    """Of the level's contact; an empty one where nobody is named, or who was named has left."""
    contact = LadderContact.objects.on_level(ticket, level)
    return contact.route() if contact else Route("", "", "", False, "UTC", "", None)
