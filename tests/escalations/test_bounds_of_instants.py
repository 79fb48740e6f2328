"""Instants that no page can show are refused, whoever writes them."""

import pytest

from support import versions
from tests.attacks import refused, run
from tests.escalations.outage_cases import declare, hit_contract
from tests.escalations.report_cases import over
from tests.escalations.test_outage_guards import NOTICE, OUTAGE
from tests.escalations.test_report_guards import REPORT
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(cast, clock):
    clock(utc("2026-10-14 09:00"))
    return hit_contract(cast.northwind)


@pytest.fixture
def outage(cast, clock, contract):
    return declare(cast, clock, contract)


@pytest.mark.parametrize(
    "began", ["-infinity", "0001-01-01 00:00+00", "4000-01-01 00:00+00 BC", "1969-12-31 00:00+00"]
)
def test_no_outage_began_before_anybody_could_read_of_it(cast, clock, contract, began):
    with refused("outage_began_in_our_time"):
        run(OUTAGE, versions.latest("microsoft-o365-dedicated").pk, "A", began, "open", "staff", cast.ana.pk)


def test_no_notice_expects_the_end_of_days(cast, clock, outage):
    bounds, past = "notice_expects_in_our_time", "notice_expects_what_is_to_come"
    for expected, rule in [
        ("infinity", bounds),
        ("9999-12-31 23:59+00", bounds),
        ("-infinity", past),
        ("2026-10-14 08:59+00", past),
    ]:
        with refused(rule):
            run(
                NOTICE.replace("details,", "expected_at, details,").replace(
                    "'resolution', %s,", "'resolution', %s, %s,"
                ),
                outage.pk,
                None,
                "sent",
                expected,
                "x",
                "x",
                "",
                cast.ana.pk,
            )


def test_a_report_is_due_on_a_day_that_can_be_read(cast, clock):
    outage = over(cast, clock)
    for due in ("infinity", "9999-12-31 23:59+00", "2200-01-01 00:00+00"):
        with refused("report_is_due_in_our_time"):
            run(REPORT.format(what="outage"), outage.pk, "2020-01-01 00:00+00", due)
