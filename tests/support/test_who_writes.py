"""Who writes by mail and is written to: nobody who was disabled, nor whose company was, nor a partner whose grant has ended."""

import pytest

from support.models import Contact, Mail, Message
from tests.factories import ANA, TESTS, ContactFactory, granted
from tests.support.desk_cases import contract_under, raise_ticket, utc
from tests.support.mail_cases import NOW, ingest, message
from tests.support.test_ingest import answer
from tests.support.test_ingest import robin as robin
from tests.support.test_ingest import ticket as ticket

pytestmark = pytest.mark.django_db


def test_somebody_whose_sign_in_is_disabled_writes_no_more(ticket, robin):
    robin.user.disable(by=TESTS, at=NOW)
    assert ingest(answer(ticket)).state == "stub"


def test_people_of_a_disabled_company_write_no_more_and_are_told_nothing(ticket):
    kim = ContactFactory(email="kim@partner.example")
    granted(kim, ticket.customer)
    sent = answer(ticket, sender="kim@partner.example")
    assert ingest(sent).state == "reply"
    kim.customer.active = False
    kim.customer.by(TESTS).save()
    assert [
        ingest(mail).state
        for mail in (answer(ticket, "More.", sender=kim.email), message("New.", sender=kim.email))
    ] == ["stub"] * 2
    Message.reply(ticket, "A word about Northwind.", to=Contact.objects.get(pk=kim.pk), by=ANA, at=NOW)
    assert not Mail.objects.filter(to=[kim.email]).exists()


def test_a_partner_whose_grant_has_ended_gets_no_more_mail(cast):
    partner = ContactFactory()
    ticket = raise_ticket(
        contract_under("exponential-e-ucc", holder=cast.northwind), utc("2026-10-14 09:00"), contact=partner
    )
    Message.reply(ticket, "A word about Northwind.", by=ANA, at=utc("2026-10-14 09:10"))
    assert not Mail.objects.filter(to=[partner.email]).exists()
