"""Who comes in to the customers' pages: whoever reads the mail of one active contact. His account is made when that is proven."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from support.actors import Actor
from support.models import Contact, User, UserKind
from support.refusal import Refused, refusing
from support.roles import Role


def contact_at(address: str) -> Contact | None:
    """The one contact whom a code to this address lets in; None where that is nobody, or could be two.

    Of several contacts with one address, at several customers, the one with an account is meant: nobody comes to
    another customer's pages because the desk wrote his address down there too.
    """
    active = Contact.objects.of_domain(address.rpartition("@")[2].lower()).filter(
        email__iexact=address, active=True, customer__active=True
    )
    contacts = list(active.select_related("user", "customer"))
    meant = [contact for contact in contacts if contact.user] or contacts
    if len(meant) != 1:
        return None
    [contact] = meant
    if contact.user:
        return contact if contact.user.is_active else None
    return None if User.objects.filter(email__iexact=address).exists() else contact


@transaction.atomic
def enter(number: int | None, address: str, *, at: datetime) -> User | None:
    """The account of the contact with this number, now that he has typed the code sent to this address.

    Asked again, for much can happen while a mail is on its way: None where he is let in no longer.
    """
    contact = contact_at(address)
    if contact is None or contact.pk != number:
        return None
    if contact.user and contact.user.email.lower() != contact.email.lower():
        return _moved(contact, at)
    return contact.user or open_account(contact, by=Actor.of(contact), at=at)


def may_use(user: User) -> bool:
    """Whether a customer's account is that of an active contact of an active customer, at the address of today.

    Whoever reads the mail of an address that the desk has changed signs in with it no longer, by whichever way.
    """
    contact = Contact.objects.filter(user=user, active=True, customer__active=True).first()
    return contact is not None and contact.email.lower() == user.email.lower()


def _moved(contact: Contact, at: datetime) -> User | None:
    """The account follows its contact to another address. A password that was known at the old one is worth nothing more."""
    user = User.objects.select_for_update().get(pk=contact.user_id)
    if User.objects.filter(email__iexact=contact.email).exclude(pk=user.pk).exists():
        return None
    user.email = contact.email
    user.set_unusable_password()
    Authenticator.objects.filter(user=user).delete()
    user.by(Actor.of(contact), at).save()
    return user


@transaction.atomic
def open_account(contact: Contact, *, by: Actor, at: datetime) -> User:
    """The contact's account, made where there is none: without a password, in the customers' role.

    Not before somebody has proven that he reads the contact's mail, or a manager says so: an account that nobody asked
    for is one that nobody watches. Raises Refused for a disabled contact, and where the address signs in somebody else.
    """
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    if contact.user:
        return contact.user
    if not contact.active:
        raise Refused(_("%(name)s is no longer a contact: enable the contact first.") % {"name": contact})
    user = User(
        email=contact.email,
        name=contact.name,
        kind=UserKind.CUSTOMER,
        time_zone=contact.time_zone,
        locale=contact.locale,
    )
    user.set_unusable_password()
    taken = _("Somebody signs in with %(address)s already: this contact needs an address of its own.")
    with refusing({"one_user_per_email": taken % {"address": contact.email}}), transaction.atomic():
        user.by(by, at).save()
    user.give_roles([Role.CUSTOMER], by=by, at=at)
    contact.user = user
    contact.by(by, at).save(update_fields=["user"])
    return user
