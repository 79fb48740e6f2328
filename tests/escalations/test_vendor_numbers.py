"""A vendor's number in the database: scripts and SQL write down no other ones than the pages do."""

import pytest

from tests.attacks import refused, run
from tests.escalations.test_vendor_guards import CASE
from tests.escalations.vendor_cases import open_case, vendor_ticket
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        ("ms-1", "vendor_case_recorded_once"),
        ("A B", "a_case_number_is_a_code"),
        ("A\u200b", "a_case_number_is_a_code"),
        ("4711\n", "a_case_number_is_a_code"),
    ],
)
def test_a_case_number_is_a_code_and_capitals_make_no_other_one(clock, number, rule):
    ticket = vendor_ticket()
    open_case(ticket, clock, party="distributor", severity="", number="MS-1")
    now = clock(utc("2026-10-14 09:05"))
    with refused(rule):
        run(CASE, ticket.pk, 0, "distributor", number, None, "", "open", now)
