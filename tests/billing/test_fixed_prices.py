"""A fixed price of a statement of work: approved, delivered once, billed once; its work is recorded and not by the hour."""

from decimal import Decimal

import pytest

from billing import answering, delivering, invoicing, timing, worth
from billing.models import BilledDelivery, Delivery, Invoice, InvoiceLine, Offer
from support.actors import Actor
from support.refusal import Refused
from tests.attacks import refused, run
from tests.billing.billing_cases import at, entry, set_clock, world
from tests.billing.fixed_cases import PRICE, at_a_price, fixed
from tests.factories import TESTS
from tests.ground import standing_on

pytestmark = pytest.mark.django_db
OCTOBER = at(0, day=1).date()


w = standing_on(fixed)


def delivered(w) -> Delivery:
    return delivering.deliver(w.approval, text="All 40, to Robin.", by=Actor.of(w.ana), at=at(18))


def drafted(w):
    [invoice] = invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    return invoice


def test_the_offer_says_the_price_and_what_it_is_for(w):
    said = bytes(w.offer.document).decode()
    assert (w.offer.amount, w.offer.cap) == (1200, 0)
    for words in ("Fixed price", "$1,200.00", "the migration of 40 mailboxes", "not charged by the hour"):
        assert words in said
    assert "How time counts" not in said
    assert (
        "at the fixed price of $1,200.00 for the migration of 40 mailboxes, charged once" in w.offer.sentence
    )
    [[text]] = run("SELECT text FROM billing_evidencelink WHERE kind = 'approval'")
    assert "\nfixed_price=1200.00\nfixed_for=the migration of 40 mailboxes\n" in text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"cap": 60}, "no cap and no visits"),
        ({"fixed_for": " "}, "what the fixed price is for"),
        ({"fixed_price": None}, "how many minutes"),
    ],
)
def test_a_fixed_price_is_offered_whole(w, fields, words):
    with pytest.raises(Refused, match=words):
        at_a_price(w, **fields)


def test_a_fixed_price_needs_a_statement_of_work(clock):
    w = world()
    with pytest.raises(Refused, match="statement of work first"):
        from tests.billing.billing_cases import offered

        offered(w.engagement, w.robin, when=at(18), **PRICE)
    set_clock(None)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"fixed_price": 1300}, "offer_amount_is_its_price"),
        ({"cap": 60, "amount": 1450}, "offer_means_something"),
        ({"fixed_for": ""}, "offer_means_something"),
        ({"statement": None}, ""),
    ],
)
def test_no_raw_offer_means_less_than_its_price(w, change, rule):
    again = Offer.objects.get(pk=w.offer.pk)
    again.pk, again._state.adding = None, True
    for name, value in change.items():
        setattr(again, name, value)
    with refused(rule):
        again.save(force_insert=True)


def test_it_is_billed_once_as_it_is_delivered(w):
    assert invoicing.preview(w.entity, OCTOBER) == []
    assert delivered(w).delivered_at == at(18)
    invoice = drafted(w)
    line = invoice.lines.get()
    assert (line.kind, line.minutes, line.rate, line.net, line.approval) == (
        "fixed",
        0,
        1200,
        1200,
        w.approval,
    )
    assert "the migration of 40 mailboxes at the fixed price of $1,200.00" in line.description
    assert drafted(w) == invoice, "drafted anew it is the same"
    [issued] = invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18))
    assert (issued.number, issued.total) == (1, 1200)
    assert invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18)) == []


def test_it_is_told_on_the_ticket(w):
    delivered(w)
    assert w.ticket.events.latest("seq").kind == "price.delivered"


def test_it_is_delivered_once(w):
    delivered(w)
    with pytest.raises(Refused, match="delivered already"):
        delivered(w)
    with refused("billing_delivery_approval_id_key"):
        Delivery(approval=w.approval, text="x", actor_kind="staff", actor_name="x").save(force_insert=True)


def test_nothing_is_delivered_after_the_approval_has_ended(w):
    answering.withdraw_approval(w.approval, reason="No.", by=Actor.of(w.ana), at=at(18))
    with pytest.raises(Refused, match="not in force any more"):
        delivered(w)


def test_nothing_is_delivered_without_words_or_without_a_fixed_price(w):
    with pytest.raises(Refused, match="what was handed over"):
        delivering.deliver(w.approval, text="  ", by=TESTS, at=at(18))
    other = world()
    with pytest.raises(Refused, match="names no fixed price"):
        delivering.deliver(other.approval, text="x", by=TESTS, at=at(18))


def test_a_delivery_is_never_changed(w):
    delivered(w)
    for sql in ("UPDATE billing_delivery SET text = 'x'", "DELETE FROM billing_delivery"):
        with refused("permission denied"):
            run(sql)


def test_a_credit_note_frees_it(w):
    delivered(w)
    [first] = invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18))
    note = invoicing.credit(first, reason="Not accepted.", by=TESTS, at=at(18))
    assert (note.total, BilledDelivery.objects.get().credited_by) == (-1200, note.lines.get())
    [again] = invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18))
    assert again.total == 1200


def test_credited_for_good_it_is_never_billed_again(w):
    delivering.deliver(w.approval, text="By mistake.", by=Actor.of(w.ana), at=at(18))
    [issued] = invoicing.run(w.entity, at(0, day=1).date(), by=TESTS, at=at(18))
    invoicing.credit(issued, reason="Never delivered.", for_good=True, by=TESTS, at=at(18))
    assert invoicing.run(w.entity, at(0, day=1).date(), by=TESTS, at=at(18)) == []
    assert w.approval.delivery.forgone
    assert worth.used([w.approval])[w.approval.pk] == 0
    note = {"legal_entity": w.entity, "bill_to": issued.bill_to, "month": issued.month, "currency": "USD"}
    draft = Invoice(**note, payment_days=30)
    draft.actor = TESTS
    draft.save(force_insert=True)
    line = InvoiceLine.objects.create(
        invoice=draft, position=1, kind="fixed", approval=w.approval, rate=1200, net=1200
    )
    with refused("fixed_prices_are_billed_as_delivered"):
        BilledDelivery.objects.create(line=line, delivery=w.approval.delivery)


def test_its_work_is_recorded_and_not_billed_by_the_hour(w):
    said = {
        "approval": w.approval,
        "person": w.ana,
        "started_at": at(11),
        "stopped_at": at(13),
        "text": "Moved",
    }
    [part] = timing.book(w.engagement, **said, by=Actor.of(w.ana), at=at(18)).entries
    assert (part.approval, part.raw_minutes, part.billed_minutes) == (w.approval, 120, 0)
    assert part.basis == "120 min under the fixed price, not billed by the hour"
    timer = timing.start_timer(w.approval, person=w.ana, at=at(18))
    set_clock(at(19))
    [part] = timing.stop_timer(timer, by=Actor.of(w.ana), at=at(19)).entries
    assert (part.approval, part.billed_minutes) == (w.approval, 0)
    assert invoicing.preview(w.entity, OCTOBER) == []


def test_no_raw_minute_is_billed_by_the_hour_under_it(w):
    with refused("used_within_cap"):
        entry(w, at(11), at(12)).save()


def test_work_beside_it_goes_by_the_hour_unless_it_is_said_to_be_part_of_it(clock):
    w = world()
    from tests.billing.billing_cases import signed

    price = signed(at_a_price(w), w.robin, at(18))
    set_clock(at(20))
    assert timing.approval_for(w.engagement, at(19)) == w.approval
    assert timing.approval_for(w.engagement, at(19), fixed=True) == price
    entry(w, at(11), at(15)).save()
    assert timing.approval_for(w.engagement, at(19)) == price
    set_clock(None)


def test_what_is_used_is_the_price_once_delivered(w):
    assert worth.used([w.approval]) == {w.approval.pk: 0}
    delivered(w)
    assert worth.used([w.approval]) == {w.approval.pk: Decimal(1200)}


@pytest.mark.parametrize("change", ["net = 1199", "rate = 1, net = 1", "minutes = 60"])
def test_it_is_never_more_or_less_than_was_approved(w, change):
    delivered(w)
    invoice = drafted(w)
    with refused("lines_are_priced_from_their_entries"):
        run(f"UPDATE billing_invoiceline SET {change}")
        sums = "(SELECT sum(net) FROM billing_invoiceline)"
        run(
            f"UPDATE billing_invoice SET net = {sums}, total = {sums}, issued_at = now() WHERE id = %s",
            invoice.pk,
        )


def head(w) -> Invoice:
    made = Invoice(legal_entity=w.entity, bill_to=w.contract.bill_to, month=OCTOBER)
    made.actor = TESTS
    made.save(force_insert=True)
    return made


def line(w, invoice, **fields) -> InvoiceLine:
    said = {
        "position": 1,
        "kind": "fixed",
        "approval": w.approval,
        "rate": 1200,
        "net": 1200,
        "description": "x",
    }
    return InvoiceLine.objects.create(invoice=invoice, **{**said, **fields})


def test_no_raw_line_bills_what_was_not_delivered(w):
    with refused("fixed_prices_are_billed_as_delivered"):
        line(w, head(w))
    with refused("minimums_are_signed"):
        line(w, head(w), kind="minimum")


def test_no_raw_line_bills_it_twice_or_for_another(w):
    handed = delivered(w)
    invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18))
    second = line(w, head(w))
    with refused("delivery_on_one_live_line"):
        BilledDelivery.objects.create(line=second, delivery=handed)
    with refused("lines_are_priced_from_their_entries"):
        run(
            "UPDATE billing_invoice SET net = 1200, total = 1200, issued_at = now() WHERE id = %s",
            second.invoice_id,
        )
    other = fixed()
    with refused("fixed_prices_are_billed_as_delivered"):
        BilledDelivery.objects.create(line=second, delivery=delivered(other))
    with refused("permission denied"):
        run("UPDATE billing_billeddelivery SET credited_by_id = NULL")
    with refused("issued_invoices_never_change"):
        run("DELETE FROM billing_billeddelivery")


def test_it_waits_for_its_purchase_order(clock):
    w = fixed(rate={"order_needed": True})
    delivered(w)
    assert invoicing.preview(w.entity, OCTOBER) == []
    set_clock(None)
