"""Fixed prices where people meet them: offered and delivered on the engagement's page, paid for by finance, read by the customer."""

import io
import subprocess
import sys
import zipfile

import pytest
from django.urls import reverse

from billing import exporting, finances, invoicing, reconciling, tracing
from billing.models import Delivery, TimeEntry, Timer
from tests.attacks import run
from tests.billing.billing_cases import at, set_clock, signed, world
from tests.billing.fixed_cases import at_a_price, fixed
from tests.billing.test_fixed_prices import OCTOBER, delivered
from tests.factories import TESTS, UserFactory
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db


@pytest.fixture
def w(clock, time_machine):
    time_machine.move_to(at(18), tick=False)
    made = fixed()
    payer = made.contract.bill_to
    payer.finance_name = "Northwind Ltd"
    payer.by(TESTS).save()
    yield made
    set_clock(None)


@pytest.fixture
def ana(client, w):
    client.force_login(w.ana)
    return client


def page_of(w):
    return reverse("billing:engagement-page", args=[w.engagement.reference])


def handed(client, w, **fields):
    return post(client, "billing:price-deliver", w.engagement.reference, w.offer.number, **fields)


def test_it_is_delivered_on_the_page(ana, w):
    page = ana.get(page_of(w)).text
    assert "the migration of 40 mailboxes" in page
    assert "nothing is billed by the hour" in page
    assert handed(ana, w, text="All 40, to Robin.").url == page_of(w)
    assert Delivery.objects.get().actor_name == "Ana"
    assert "All 40, to Robin." in ana.get(page_of(w)).text


def test_words_are_missed_and_a_second_time_is_refused(ana, w):
    assert handed(ana, w, text="").status_code == 422
    handed(ana, w, text="All 40.")
    again = handed(ana, w, text="Again.")
    assert (again.status_code, Delivery.objects.count()) == (409, 1)


def test_a_stranger_gets_404_and_get_405(client, ana, w):
    address = reverse("billing:price-deliver", args=[w.engagement.reference, w.offer.number])
    assert ana.get(address).status_code == 405
    other = post(ana, "billing:price-deliver", w.engagement.reference, 99, text="x")
    assert other.status_code == 404
    client.force_login(UserFactory(kind="customer"))
    assert handed(client, w, text="x").status_code == 404
    assert not Delivery.objects.exists()


def test_it_is_offered_on_the_page_where_there_is_a_statement(ana, w):
    said = {"contact": w.robin.pk, "fixed_price": "300", "fixed_for": "a plan"}
    said |= {"answer_by": "2026-10-20T10:00", "work_until": "2026-11-20T10:00"}
    post(ana, "billing:offer-send", w.engagement.reference, **said)
    assert w.engagement.offers.get(number=2).fixed_price == 300
    other = world()
    ana.force_login(other.ana)
    assert "Or at a fixed price" not in ana.get(page_of(other)).text


def test_a_timer_runs_under_it(ana, w):
    post(ana, "billing:timer-start", w.engagement.reference)
    assert Timer.objects.get().approval == w.approval


def test_finance_sees_it_until_it_is_billed_and_its_line_is_evidence(client, w, tmp_path):
    delivered(w)
    [row] = finances.books(w.entity, at(18)).worked
    assert row.ages[0] == "$1,200.00"
    [invoice] = invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18))
    assert finances.books(w.entity, at(18)).worked == []
    batch = exporting.export(w.entity, OCTOBER, "generic", by=TESTS, at=at(18)).batch
    [compared], total = reconciling.compare(batch)
    assert (compared.differs, total.file.minutes, total.entries.net) == (False, 0, 1200)
    client.force_login(w.fin)
    traced = client.get(reverse("billing:line-trace", args=[invoice.reference, 1])).text
    assert "All 40, to Robin." in traced
    assert "the migration of 40 mailboxes at the fixed price of $1,200.00" in traced
    assert "fixed price" in client.get(reverse("billing:invoice-page", args=[invoice.reference])).text
    bundle = tracing.bundle(tracing.trace(tracing.line_named(f"{invoice.reference}/1")))
    zipfile.ZipFile(io.BytesIO(bundle)).extractall(tmp_path)
    check = [sys.executable, "-S", "check.py"]
    assert subprocess.run(check, cwd=tmp_path, check=False).returncode == 0
    said = (tmp_path / "line.json").read_text()
    for old, new in [('"net": "1200.00"', '"net": "1300.00"'), ("T18:00:00", "T09:00:00")]:
        (tmp_path / "line.json").write_text(said.replace(old, new))
        assert subprocess.run(check, cwd=tmp_path, check=False).returncode == 1


def test_a_credit_of_it_reconciles_and_the_paper_says_what_was_delivered(w):
    from billing import invoice_paper
    from support import pdf
    from tests.billing.invoice_cases import text_of

    delivered(w)
    [invoice] = invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18))
    invoicing.credit(invoice, reason="x", by=TESTS, at=at(18))
    batch = exporting.export(w.entity, OCTOBER, "generic", by=TESTS, at=at(18)).batch
    found, total = reconciling.compare(batch)
    assert ([each.differs for each in found], total.file.net) == ([False, False], 0)
    try:
        text = text_of(invoice_paper.render(invoice))
    except pdf.NotPossible:
        return
    assert "All 40, to Robin." in text


def test_nobody_hears_that_a_fixed_price_is_used_up(w):
    from billing import reminding

    reminding.run()
    assert run("SELECT count(*) FROM support_mail WHERE key LIKE 'used:%%'") == [(0,)]


def test_what_was_not_under_the_fixed_price_is_not_billed_by_the_hour_unasked(client, clock, time_machine):
    """It was signed at 18:30, beside an approval by the hour; the work before it was not part of it."""
    hourly = world()
    offer = at_a_price(hourly)
    time_machine.move_to(at(18.5), tick=False)
    set_clock(at(18.5))
    signed(offer, hourly.robin, at(18.5))
    time_machine.move_to(at(20), tick=False)
    set_clock(at(20))
    client.force_login(hourly.ana)
    told = {"started_at": "2026-10-14T17:00", "stopped_at": "2026-10-14T18:00", "text": "Moved mailboxes"}
    answer = post(client, "billing:time-book", hourly.engagement.reference, **told, fixed="on")
    assert (answer.status_code, "No fixed price was in force then" in answer.text) == (422, True)
    assert not TimeEntry.objects.exists()
    post(client, "billing:time-book", hourly.engagement.reference, **told)
    assert TimeEntry.objects.get().approval == hourly.approval
    set_clock(None)
