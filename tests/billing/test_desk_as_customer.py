"""Nobody of the desk answers for a customer: not by his own address, not by another spelling, not by a form past the guard."""

import pytest
from django.db import connection
from django.urls import reverse

from billing.models import Approval, TimeEntry
from support.models import Contact
from tests.attacks import refused, run
from tests.billing.billing_cases import at, entered, entry, offered, set_clock, signed, world
from tests.factories import TESTS, ContactFactory
from tests.ground import standing_on

pytestmark = pytest.mark.django_db


w = standing_on(world)


def test_the_form_says_so(client, w):
    client.force_login(w.max)
    sent = {
        "customer": w.ticket.customer_id,
        "name": "Max",
        "approves_up_to": "10000",
        "time_zone": "UTC",
        "locale": "en-gb",
    }
    for address in [
        w.max.email,
        w.max.email.upper(),
        w.max.email.replace("@", "+me@"),
        "desk@countersign.example",
    ]:
        page = client.post(reverse("admin:support_contact_add"), sent | {"email": address})
        assert "This is an address of the desk" in page.text, address
    assert not Contact.objects.filter(name="Max").exists()


def test_who_becomes_staff_later_signs_nothing(w, clock):
    """The address was a customer's when the offer was sent; the guard of the address is off, the signature's is not."""
    ContactFactory(customer=w.ticket.customer, email="pat@both.example", approves_up_to=9000)
    pat = Contact.objects.get(email="pat@both.example")
    offer = offered(w.engagement, pat, when=at(18))
    code = entered(offer.invitations.get(), at(18))
    pat.active = False
    pat.by(TESTS).save()
    w.max.email = "Pat@both.example"
    w.max.by(TESTS).save()
    with refused("contacts_are_not_of_the_desk"):
        pat.active, pat.email = True, "pat+x@both.example"
        pat.by(TESTS).save()
    with refused("an_active_contact_of_the_customer"):
        run(
            "INSERT INTO billing_signature (offer_id, contact_id, contact_name, contact_email, typed_name, sentence, sha256, how, code_id, agent) "
            "SELECT %s, %s, '', '', 'Pat', sentence, sha256, 'code', %s, '' FROM billing_offer WHERE id = %s",
            offer.pk,
            pat.pk,
            code.pk,
            offer.pk,
        )
    assert not Approval.objects.filter(offer=offer).exists()


def test_an_older_code_that_was_entered_is_worth_nothing_after_a_newer_one(w):
    set_clock(at(18))
    offer = offered(w.engagement, w.robin, when=at(18))
    invitation = offer.invitations.get()
    first = entered(invitation, at(18))
    entered(invitation, at(18))
    with refused("answered_with_a_code"):
        run(
            "INSERT INTO billing_signature (offer_id, contact_id, contact_name, contact_email, typed_name, sentence, sha256, how, code_id, agent) "
            "SELECT %s, %s, '', '', 'Robin', sentence, sha256, 'code', %s, '' FROM billing_offer WHERE id = %s",
            offer.pk,
            w.robin.pk,
            first.pk,
            offer.pk,
        )
    assert signed(offer, w.robin, at(18)) is not None


def test_a_company_with_booked_months_keeps_its_zone(client, w):
    entry(w, at(11), at(12)).save()
    assert TimeEntry.objects.exists()
    with refused("company_keeps_its_zone"):
        w.entity.time_zone = "Asia/Tokyo"
        w.entity.by(TESTS).save()
    w.entity.refresh_from_db()
    client.force_login(w.max)
    sent = {
        name: getattr(w.entity, name)
        for name in ["name", "address", "currency", "tax_number", "number_series", "bank_text"]
    }
    answer = client.post(
        reverse("admin:support_legalentity_change", args=[w.entity.pk]), sent | {"time_zone": "Asia/Tokyo"}
    )
    assert answer.status_code == 409
    assert "it keeps it" in answer.text
    connection.check_constraints()
