"""Words that are asked for and that nobody sees: blanks, and letters without a shape."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from billing import assisting, collecting, months
from billing.models import InvoiceNote, MonthMove, PurchaseOrder, WrittenYes
from support.actors import Actor
from support.refusal import Refused
from tests.billing.assist_cases import case
from tests.billing.billing_cases import at, offered, requested
from tests.billing.export_cases import issue, ready
from tests.billing.written_cases import recorded
from tests.ground import standing_on
from tests.support.page_cases import post

OCTOBER = date(2026, 10, 1)
UNSEEN = ["\u200b", " \u2060\t", "\u3164"]
unseen = pytest.mark.parametrize("text", UNSEEN)


w = standing_on(ready)


@unseen
@pytest.mark.parametrize("what", ["disputed", "written_off"])
def test_an_invoice_is_noted_with_a_reason(client, w, what, text):
    [invoice] = issue(w, 60)
    with pytest.raises(Refused, match="Write down why"):
        collecting.note(invoice, what, reason=text, by=Actor.of(w.fin), at=at(18))
    client.force_login(w.fin)
    sent = post(client, "billing:invoice-note", invoice.reference, what=what, reason=text)
    assert (sent.status_code, InvoiceNote.objects.count()) == (422, 0)


@unseen
def test_a_month_is_reopened_with_a_reason(client, w, text):
    months.close(w.entity, OCTOBER, early=True, by=Actor.of(w.fin), at=at(18))
    client.force_login(w.max)
    sent = post(client, "billing:month-reopen", w.entity.number_series, "2026-10", reason=text)
    assert (sent.status_code, "Write down why." in sent.text) == (422, True)
    assert not MonthMove.objects.filter(what="reopened").exists()


@unseen
@pytest.mark.parametrize(
    ("name", "sentence"), [("says", "words that are the yes"), ("reference", "number of the purchase order")]
)
def test_a_written_yes_has_words_and_its_number(w, name, sentence, text):
    offer = offered(requested(w.contract, ticket=w.ticket), w.robin, when=at(18), answer_by=at(20))
    with pytest.raises(Refused, match=sentence) as why:
        recorded(offer, w.robin, w.ana, **{name: text})
    assert why.value.field == name
    assert not WrittenYes.objects.exists()


@unseen
@pytest.mark.parametrize("name", ["title", "included", "deliverables"])
def test_an_engagement_says_what_is_to_be_done(w, name, text):
    with pytest.raises(Refused, match="what the offer will say") as why:
        requested(w.contract, ticket=w.ticket, **{name: text})
    assert why.value.field == name


@unseen
def test_a_pack_says_what_is_wrong(w, text):
    with pytest.raises(Refused, match="what is wrong"):
        assisting.make(w.engagement, case(summary=text), files=[], by=Actor.of(w.ana), at=at(18))


@unseen
def test_a_purchase_order_has_a_number(w, text):
    with pytest.raises(ValidationError) as why:
        PurchaseOrder(contract=w.contract, number=text).full_clean()
    assert "number" in why.value.message_dict
