"""The people: staff, and the contacts of customers."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group, PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Expression, Func, Value
from django.db.models.functions import Collate, Lower, Reverse, Right
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from support.actors import Actor
from support.addresses_of_ours import is_of_our_domain, is_of_the_desk
from support.models.our_time import instants_in_our_time
from support.models.sessions import BoundToTheContact
from support.models.tracked import Tracked
from support.naming import a_written_name
from support.zones import ZONES


def a_zone(name: str) -> None:
    """Validator: a zone of the IANA database, as Europe/London."""
    if name not in ZONES:
        raise ValidationError(
            _("%(name)s is not a time zone; write one such as Europe/London."), params={"name": name}
        )


PLAIN_ADDRESS = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"
plain_address = RegexValidator(
    PLAIN_ADDRESS[:-1] + r"\Z",
    _("Write the address with plain letters, as name@example.com; a domain in other letters as xn--…"),
)


class AddressField(models.EmailField):
    """In plain ASCII: two spellings of one mailbox, in letters that look or are folded alike, would be two people."""

    default_validators = [*models.EmailField.default_validators, plain_address]


class ZoneField(models.CharField):
    def __init__(self, **options):
        super().__init__(**{"max_length": 64, "default": "UTC", "validators": [a_zone], **options})


class LocaleField(models.CharField):
    def __init__(self, **options):
        super().__init__(**{"max_length": 16, "default": "en-gb", **options})


class UserKind(models.TextChoices):
    STAFF = "staff", _("Staff")
    CUSTOMER = "customer", _("Customer")


class UserManager(BaseUserManager):
    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)

    def create_user(self, email, password=None, *, by: Actor, at=None, **fields):
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.by(by, at).save()
        return user

    def create_superuser(self, email, password=None, **fields):
        fields.setdefault("name", email.split("@")[0])
        return self.create_user(
            email,
            password,
            by=Actor.system("createsuperuser"),
            kind=UserKind.STAFF,
            is_superuser=True,
            **fields,
        )


class User(BoundToTheContact, AbstractBaseUser, PermissionsMixin, Tracked):
    """Somebody who signs in by e-mail. Disabled when he leaves, never deleted."""

    class Theme(models.TextChoices):
        SYSTEM = "", _("As the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = AddressField(_("e-mail"), max_length=254)
    name = models.CharField(max_length=200, validators=[a_written_name])
    kind = models.CharField(max_length=8, choices=UserKind, default=UserKind.STAFF)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Off: signs in no longer, from the next request on.")
    )
    time_zone = ZoneField()
    locale = LocaleField()
    theme = models.CharField(max_length=8, choices=Theme, blank=True, default=Theme.SYSTEM)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    untracked = ("password", "last_login")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            instants_in_our_time("user_in_our_time", "created_at", "last_login"),
            models.UniqueConstraint(
                Lower("email"),
                name="one_user_per_email",
                violation_error_message=_("Somebody signs in with this address already."),
            ),
            models.CheckConstraint(
                condition=models.Q(email__regex=PLAIN_ADDRESS), name="user_address_is_plain"
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        if self.pk and not hasattr(self, "_actor"):
            self.by(Actor.of(self))  # signing in and a new password: the person himself
        if set(kwargs.get("update_fields") or {"all"}) <= set(self.untracked):
            self.save_without_historical_record(*args, **kwargs)
        else:
            super().save(*args, **kwargs)

    def save_without_historical_record(self, *args, **kwargs):
        """For a password or the last sign-in alone; anything else the database refuses."""
        self.skip_history_when_saving = True
        try:
            super().save(*args, **kwargs)
        finally:
            del self.skip_history_when_saving

    def disable(self, *, by: Actor, at: datetime) -> None:
        """Signs in no longer, from the next request on; stays on record."""
        self._switch(False, by, at)

    def enable(self, *, by: Actor, at: datetime) -> None:
        self._switch(True, by, at)

    def _switch(self, active: bool, by: Actor, at: datetime) -> None:
        if self.is_active != active:
            self.is_active = active
            self.by(by, at).save(update_fields=["is_active"])

    @transaction.atomic
    def give_roles(self, roles: Iterable[str], *, by: Actor, at: datetime) -> None:
        """Hold exactly these roles from the next request on; who gave them stands in the history."""
        names = sorted(roles)
        self._change_reason = f"Roles: {', '.join(names) or 'none'}"[:100]
        self.by(by, at).save()
        del self._change_reason
        self.groups.set(Group.objects.filter(name__in=names))
        self.__dict__.pop("roles", None)

    @property
    def is_staff(self) -> bool:
        return self.kind == UserKind.STAFF

    @cached_property
    def roles(self) -> frozenset[str]:
        """Names of the roles held; read once per request, so a change works on the next one."""
        return frozenset(self.groups.values_list("name", flat=True))


# A number's last figures, backwards, so that an index finds an ending; and where somebody's mail lives.
FIGURES = Func(
    "phone",
    Value("[^0-9]"),
    Value(""),
    Value("g"),
    function="regexp_replace",
    output_field=models.TextField(),
)
FIGURES_BACK = Collate(Reverse(Right(FIGURES, 8)), "C")
DOMAIN = Lower(Func("email", Value("@"), Value(2), function="split_part", output_field=models.TextField()))


class ContactQuerySet(models.QuerySet):
    def by_phone(self, back: str | Expression):
        """Whose number, read backwards, begins with these figures, whatever stands between them; of eight at the most."""
        return self.alias(figures_back=FIGURES_BACK).filter(figures_back__startswith=back)

    def of_domain(self, domain: str | Expression):
        """`domain` in small letters."""
        return self.alias(domain=DOMAIN).filter(domain=domain)

    def signing(self):
        """Who may sign offers: of each `may_sign` holds."""
        here = self.filter(active=True, customer__active=True, approves_up_to__gt=0)
        signs_in = models.Q(user__kind=UserKind.CUSTOMER, user__is_active=True)
        return here.filter(models.Q(user=None) | signs_in)


class Contact(Tracked):
    """A person at one customer. What he may do for his company stands here."""

    customer = models.ForeignKey("support.Customer", models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=200, validators=[a_written_name])
    email = AddressField(_("e-mail"), max_length=254)
    phone = models.CharField(max_length=40, blank=True)
    user = models.OneToOneField(User, models.PROTECT, null=True, blank=True, related_name="contact")
    active = models.BooleanField(default=True)
    time_zone = ZoneField()
    locale = LocaleField()
    approves_up_to = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        default=0,
        help_text=_("Money one offer may mean at most for a yes of this person, in the contract's currency."),
    )
    billing = models.BooleanField(_("billing contact"), default=False)
    asks_onsite = models.BooleanField(
        _("may ask for onsite assistance"),
        default=False,
        help_text=_("Remote hands, and access to the site for a vendor or carrier."),
    )
    nominated_for_reviews = models.BooleanField(default=False)
    nominated_for_outages = models.BooleanField(default=False)
    nominated_for_maintenance = models.BooleanField(default=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        indexes = [
            models.Index(FIGURES_BACK, name="contact_by_phone"),
            models.Index(DOMAIN, name="contact_by_domain"),
        ]
        constraints = [
            models.UniqueConstraint(
                "customer",
                Lower("email"),
                name="contact_email_once_per_customer",
                violation_error_message=_("This customer has a contact with this address already."),
            ),
            models.CheckConstraint(
                condition=models.Q(email__regex=PLAIN_ADDRESS), name="contact_address_is_plain"
            ),
            models.CheckConstraint(
                condition=models.Q(approves_up_to__gte=0), name="authority_is_not_negative"
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        """The database refuses the addresses of the desk's people; of the desk's own domain none is a customer's."""
        if is_of_the_desk(self.email) or is_of_our_domain(self.email):
            raise ValidationError(
                {"email": _("This is an address of the desk: a contact has one of the customer’s.")}
            )

    @property
    def present(self) -> bool:
        """Neither he nor his company is disabled."""
        return self.active and self.customer.active

    @property
    def may_answer(self) -> bool:
        """Present, and no account of his is disabled; the database asks the same of whoever answers an offer."""
        return self.present and (self.user is None or (self.user.is_active and not self.user.is_staff))

    @property
    def may_sign(self) -> bool:
        return self.may_answer and self.approves_up_to > 0

    def may_see(self, customer: int) -> bool:
        """Whether this customer's words may go to him: those of his own company, or of one that a grant shows him."""
        own = self.customer_id == customer
        return self.present and (own or self.grants.filter(customer=customer).exists())


class PartnerGrant(Tracked):
    """A partner's contact may see one end customer: only by this row, and while it is the customer's partner."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="grants")
    customer = models.ForeignKey("support.Customer", models.PROTECT, related_name="grants")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "customer"], name="granted_once")]

    def __str__(self):
        return f"{self.contact} → {self.customer}"
