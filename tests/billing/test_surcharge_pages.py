"""Surcharges where people meet them: the forms of time, the pages of money, the files of finance and the evidence."""

import io
import sys
import zipfile
from subprocess import run as run_program

import pytest
from django.core.management import call_command
from django.urls import reverse

from billing import exporting, finances, invoicing, reconciling, tracing
from billing.models import TimeEntry, Timer
from tests.billing.billing_cases import at
from tests.billing.surcharge_cases import surcharged
from tests.billing.test_surcharged_time import OCTOBER, booked
from tests.factories import TESTS
from tests.ground import standing_on
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db


@standing_on
def two_visits():
    made = surcharged(on_site="visit", amount="90.00", visits=2)
    payer = made.contract.bill_to
    payer.finance_name, payer.account_reference = "Northwind Ltd", "NW"
    payer.by(TESTS).save()
    return made


@pytest.fixture
def w(two_visits, time_machine):
    time_machine.move_to(at(18, day=15), tick=False)
    return two_visits


@pytest.fixture
def issued(w):
    booked(w, 16.5, 17 + 40 / 60, on_site=True)
    [invoice] = invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18, day=15))
    return invoice


def test_what_is_used_counts_the_surcharges(w):
    from billing.shown import standing

    booked(w, 17, 18, on_site=True)
    stands = standing(w.engagement, w.ana, at(18, day=15))
    assert stands.money == ("$1,680.00", "$465.00", "$1,215.00")
    assert (stands.visits, stands.on_site) == (1, True)


def test_finance_sees_it_as_unbilled(w):
    booked(w, 17, 18, on_site=True)
    [row] = finances.books(w.entity, at(18, day=15)).worked
    assert row.ages[0] == "$465.00"


@pytest.mark.parametrize("profile", ["generic", "xero", "business-central"])
def test_every_file_adds_up_and_counts_minutes_once(w, issued, profile):
    from billing.models import FinanceTarget

    target = FinanceTarget(legal_entity=w.entity, profile=profile, account_code="200", tax_names="= none")
    target.by(TESTS).save()
    batch = exporting.export(w.entity, OCTOBER, profile, by=TESTS, at=at(18, day=15)).batch
    assert (batch.rows, batch.net) == (3, issued.net)
    [compared], total = reconciling.compare(batch)
    assert (compared.differs, compared.entries.minutes, compared.lines.minutes, total.differs) == (
        False,
        75,
        75,
        False,
    )
    if profile == "generic":
        assert total.file.minutes == 75


def test_a_credit_of_a_surcharge_reconciles(w, issued):
    invoicing.credit(issued, reason="x", lines=issued.lines.filter(kind="surcharge"), by=TESTS, at=at(18))
    batch = exporting.export(w.entity, OCTOBER, "generic", by=TESTS, at=at(18, day=15)).batch
    found, total = reconciling.compare(batch)
    assert [each.differs for each in found] == [False, False]
    assert total.file.minutes == 75


@pytest.mark.parametrize("position", [1, 2, 3])
def test_each_line_is_traced_and_its_evidence_checks_with_python_alone(w, issued, tmp_path, position):
    found = tracing.trace(tracing.line_named(f"{issued.reference}/{position}"))
    zipfile.ZipFile(io.BytesIO(tracing.bundle(found))).extractall(tmp_path)
    checked = run_program(
        [sys.executable, "-S", "check.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout[:14]) == (0, "The line rests")
    line = (tmp_path / "line.json").read_text()
    (tmp_path / "line.json").write_text(line.replace('"net": "', '"net": "1'))
    assert run_program([sys.executable, "-S", "check.py"], cwd=tmp_path, check=False).returncode == 1


def test_the_command_names_the_surcharge(w, issued):
    said = io.StringIO()
    call_command("trace", f"{issued.reference}/2", stdout=said)
    assert "Out of hours, 45 billed minutes, $93.75" in said.getvalue()


def test_the_pages_of_month_invoice_and_paper_show_it(client, w, issued):
    from billing import invoice_paper
    from support import pdf
    from tests.billing.invoice_cases import text_of

    client.force_login(w.fin)
    page = client.get(reverse("billing:invoice-page", args=[issued.reference])).text
    assert "Surcharge out of hours" in page
    try:
        text = text_of(invoice_paper.render(issued))
    except pdf.NotPossible:
        return
    assert "Surcharge out of hours" in text
    assert "1 visit at $90.00 each" in text


def page_of(w):
    return reverse("billing:engagement-page", args=[w.engagement.reference])


def test_a_timer_is_started_on_site(client, w):
    client.force_login(w.ana)
    assert "I am on site: 2 visits are left" in client.get(page_of(w)).text
    post(client, "billing:timer-start", w.engagement.reference, on_site="on")
    assert Timer.objects.get().on_site


def test_time_by_hand_is_on_site_only_where_an_offer_names_it(client, w):
    client.force_login(w.ana)
    said = {
        "started_at": "2026-10-15T10:00",
        "stopped_at": "2026-10-15T11:00",
        "text": "There",
        "on_site": "on",
    }
    post(client, "billing:time-book", w.engagement.reference, **said)
    assert TimeEntry.objects.get().visit
    plain = surcharged()
    client.force_login(plain.ana)
    assert "It was on site" not in client.get(page_of(plain)).text


def test_an_offer_is_sent_with_its_visits(client, w):
    client.force_login(w.ana)
    assert "Visits on site at most" in client.get(page_of(w)).text
    said = {"contact": w.robin.pk, "cap": 60, "visits": 1}
    said |= {"answer_by": "2026-10-20T10:00", "work_until": "2026-11-20T10:00"}
    post(client, "billing:offer-send", w.engagement.reference, **said)
    assert w.engagement.offers.get(number=2).visits == 1
