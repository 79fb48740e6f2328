"""For the pictures: an offer of the demo with surcharges."""


def with_surcharges(engagement):
    """A further offer on it, after its card got surcharges: the link of whoever is asked."""
    from datetime import timedelta

    from django.utils import timezone

    from billing import links, offering
    from billing.models import Invitation, Surcharge
    from support.actors import Actor
    from support.models import CalendarVersion, User

    ready = Invitation.objects.filter(offer__engagement=engagement, offer__visits__gt=0).first()
    if ready is None:
        at, by = timezone.now(), Actor.of(User.objects.get(name="Max"))
        office, card = (
            CalendarVersion.objects.filter(name="uk-business").first(),
            engagement.contract.rate.card,
        )
        for row in (
            Surcharge(card=card, what="out_of_hours", how="per_cent", amount=50, calendar=office),
            Surcharge(card=card, what="on_site", how="visit", amount=90),
        ):
            row.by(by, at).save()
        contact = engagement.customer.contacts.filter(active=True, approves_up_to__gt=0).first()
        until = {"answer_by": at + timedelta(days=7), "work_until": at + timedelta(days=37)}
        offer = offering.send(engagement, contact=contact, cap=240, visits=2, **until, by=by, at=at)
        ready = offer.invitations.get()
    return links.path(links.token_of(ready.nonce))
