"""What stops a clock, what counts as a response, what ends fix, and which priority holds at first."""

import pytest

from support.catalogue.promises import Party
from support.clocks.terms import ClockKind, Subject, WaitReason
from tests.support.catalogue_cases import definition

SUPPORT = [
    "exponential-e-ucc",
    "microsoft-o365-dedicated",
    "egroup-csp-advantage",
    "enghouse-standard",
    "enghouse-premium",
]
ALL = ["calltower-ese", *SUPPORT, "microsoft-csp"]
AWAITED = {WaitReason.CUSTOMER, WaitReason.APPROVAL, WaitReason.GDAP}


def test_an_engagement_stops_its_updates_for_customer_approval_and_gdap():
    assert definition("calltower-ese").terms(1).stopped_by == {ClockKind.UPDATE: AWAITED}


@pytest.mark.parametrize("code", SUPPORT)
def test_a_support_service_stops_troubleshooting_fix_and_commitments_only(code):
    assert definition(code).terms(1).stopped_by == {
        ClockKind.TROUBLESHOOT: AWAITED | {WaitReason.SITE_ACCESS},
        ClockKind.FIX: AWAITED | {WaitReason.SITE_ACCESS, WaitReason.MAINTENANCE},
        ClockKind.COMMITTED: AWAITED | {WaitReason.SITE_ACCESS},
    }


def test_nothing_stops_the_clocks_of_a_vendor():
    assert definition("microsoft-csp").terms(1).stopped_by == {}


@pytest.mark.parametrize("code", ALL)
def test_a_message_counts_as_a_response_except_where_the_service_says_connects(code):
    connects = code.startswith("enghouse")
    expected = {"call", "session"} if connects else {"message", "call", "session"}
    assert definition(code).terms(1).response_by == expected


@pytest.mark.parametrize("code", ALL)
def test_a_workaround_or_a_plan_ends_fix_at_enghouse_only(code):
    expected = {"workaround", "plan"} if code.startswith("enghouse") else set()
    assert definition(code).terms(1).fix_by == expected


@pytest.mark.parametrize("code", ALL)
def test_a_change_of_priority_replaces_and_is_a_reading(code):
    assert definition(code).terms(3).on_priority_change == "replace"
    assert "on_priority_change" in {reading.key for reading in definition(code).readings}


@pytest.mark.parametrize(
    ("code", "subject"),
    [
        ("calltower-ese", Subject.ENGAGEMENT),
        ("microsoft-csp", Subject.CASE),
        *((code, Subject.TICKET) for code in SUPPORT),
    ],
)
def test_terms_carry_code_version_and_subject(code, subject):
    terms = definition(code).terms(7)
    assert (terms.code, terms.version, terms.subject) == (code, 7, subject)


def test_only_the_provider_declares_severity_1():
    steps = definition("microsoft-o365-dedicated").priorities
    assert [step.code for step in steps if step.provider_only] == ["1"]
    others = [
        step for code in ALL if code != "microsoft-o365-dedicated" for step in definition(code).priorities
    ]
    assert not any(step.provider_only for step in others)


@pytest.mark.parametrize("code", ["enghouse-standard", "enghouse-premium"])
def test_enghouse_takes_p1_and_p2_by_phone_only(code):
    service = definition(code)
    assert service.desk.channels == ("phone", "email", "portal")
    by_phone = [step.code for step in service.priorities if step.channels == ("phone",)]
    assert by_phone == ["P1", "P2"]


@pytest.mark.parametrize(
    ("code", "default", "not_agreed"),
    [
        ("calltower-ese", "P3", ""),
        ("exponential-e-ucc", "Normal", ""),
        ("microsoft-o365-dedicated", "C", ""),
        ("egroup-csp-advantage", "C", ""),
        ("enghouse-standard", "P3", "P3"),
        ("enghouse-premium", "P3", "P3"),
        ("microsoft-csp", "C", ""),
    ],
)
def test_the_priority_until_somebody_decides(code, default, not_agreed):
    assessment = definition(code).assessment
    assert (assessment.default, assessment.not_agreed) == (default, not_agreed)


def test_an_engagement_starts_with_the_priority_of_its_kind():
    kinds = definition("calltower-ese").engagement.kinds
    assert {kind.code: kind.default for kind in kinds} == {
        "issue": "P3",
        "macd": "Standard",
        "project": "Standard",
    }
    assert kinds[0].priorities == ("P1", "P2", "P3", "P4")


def test_a_change_of_severity_needs_a_business_impact_statement():
    assert definition("microsoft-o365-dedicated").assessment.statement
    assert definition("microsoft-o365-dedicated").assessment.changed_by == (Party.CUSTOMER, Party.PROVIDER)
