"""What stands on a draft cannot be made another customer's, month's or price's: not before it is issued, not as it is."""

import pytest

from billing import invoicing
from billing.models import Invoice
from support.refusal import Refused
from tests.attacks import refused, run
from tests.billing.billing_cases import at, entry, world
from tests.factories import TESTS, CustomerFactory, LegalEntityFactory
from tests.ground import standing_on

pytestmark = pytest.mark.django_db
OCTOBER = at(0, day=1).date()


w = standing_on(world)


def add(w, start=11):
    """An hour."""
    entry(w, at(start), at(start + 1)).save()


def run_october(w):
    return invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18))


@pytest.mark.parametrize(
    "head",
    [
        "bill_to_id = {}",
        "legal_entity_id = {}",
        "currency = 'JPY'",
        "month = '2025-01-01'",
        "credits_id = {}",
    ],
)
def test_a_draft_keeps_its_head(w, head):
    """Else a customer's lines, or a credit of them, could be issued to another one."""
    add(w)
    [issued] = run_october(w)
    others = {
        "bill_to_id": CustomerFactory,
        "legal_entity_id": LegalEntityFactory,
        "credits_id": lambda: issued,
    }
    other = others.get(head.split(" ", maxsplit=1)[0])
    set_head = head.format(other().pk if other else "")
    add(w, start=14)
    [draft] = invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    with refused("drafts_keep_their_head"):
        run(f"UPDATE billing_invoice SET {set_head} WHERE id = %s", draft.pk)


def test_a_credit_note_keeps_its_head(w):
    add(w)
    [issued] = run_october(w)
    note = Invoice(
        legal_entity=w.entity,
        bill_to=issued.bill_to,
        month=OCTOBER,
        currency=issued.currency,
        credits=issued,
        reason="x",
        actor_kind="system",
        actor_name="x",
    )
    note.save(force_insert=True)
    with refused("drafts_keep_their_head"):
        run("UPDATE billing_invoice SET bill_to_id = %s WHERE id = %s", CustomerFactory().pk, note.pk)


def test_a_draft_for_who_does_not_pay_any_more_is_not_issued(w):
    add(w)
    [stale] = invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    payer = w.contract.bill_to = CustomerFactory(name="Payer")
    w.contract.by(TESTS).save()
    with pytest.raises(Refused, match="is not paid by this customer: draft the month again"):
        invoicing.issue(stale, by=TESTS, at=at(18))
    [issued] = run_october(w)
    assert (issued.bill_to, Invoice.objects.filter(bill_to=stale.bill_to).exists()) == (payer, False)


@pytest.mark.parametrize(
    "change", ["tax_rate = 90, tax = round(net * 0.9, 2)", "tax_code = 'X'", "account_code = 'X'"]
)
def test_a_line_has_the_tax_and_account_that_were_offered(w, change):
    add(w)
    [draft] = invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    run(f"UPDATE billing_invoiceline SET {change}")
    run(
        "UPDATE billing_invoice SET tax = (SELECT sum(tax) FROM billing_invoiceline), total = net + (SELECT sum(tax) FROM billing_invoiceline)"
    )
    with refused("lines_are_priced_from_their_entries"):
        run("UPDATE billing_invoice SET issued_at = now() WHERE id = %s", draft.pk)


def test_a_number_names_one_invoice_of_all_companies(w):
    entry(w, at(11), at(12)).save()
    [invoice] = invoicing.run(w.entity, at(0, day=1).date(), by=TESTS, at=at(18))
    series = invoice.series.partition("-")[0]
    w.entity.number_series = "OLD"
    w.entity.by(TESTS).save()
    with refused("series_of_one_company"):
        LegalEntityFactory(number_series=series)
    other = LegalEntityFactory()
    other.number_series = series
    with refused("series_of_one_company"):
        other.by(TESTS).save()
    w.entity.number_series = series
    w.entity.by(TESTS).save()


@pytest.mark.parametrize("at", ["infinity", "-infinity", "2200-02-28 00:00+00", "294000-01-01"])
def test_no_month_is_held_that_no_page_can_show(w, at):
    with refused("month_in_our_time"):
        run("SELECT hold_month(%s, %s)", w.entity.pk, at)
