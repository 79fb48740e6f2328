"""Every figure that decides a deadline, typed in by hand from the services page: kind, amount, base, calendar."""

import pytest

from support.clocks.terms import Base, ClockKind, Deployment, Owes
from tests.support.catalogue_cases import definition, shipped

MIN, BUSINESS, DAYS = Base.ELAPSED, Base.BUSINESS, Base.BUSINESS_DAYS
MT, UK, US, MS, GB = (
    "mt-business",
    "uk-business",
    "us-distributor-weekdays",
    "vendor-business",
    "enghouse-standard",
)

TARGETS = {
    "calltower-ese": {
        "P1": {"update": (60, MIN, "")},
        "P2": {"update": (120, MIN, "")},
        "P3": {"update": (1, DAYS, MT)},
        "P4": {"update": (2, DAYS, MT)},
        "Expedited": {"update": (2, DAYS, MT)},
        "Standard": {"update": (3, DAYS, MT)},
    },
    "exponential-e-ucc": {
        "Critical": {"response": (30, MIN, ""), "troubleshoot": (60, MIN, ""), "fix": (300, MIN, "")},
        "High": {"response": (30, MIN, ""), "troubleshoot": (60, MIN, ""), "fix": (600, MIN, "")},
        "Normal": {"response": (60, MIN, ""), "troubleshoot": (60, MIN, ""), "fix": (2880, BUSINESS, UK)},
        "Low": {"response": (240, MIN, ""), "troubleshoot": (60, MIN, ""), "fix": (2880, BUSINESS, UK)},
    },
    "microsoft-o365-dedicated": {
        "1": {"response": (60, MIN, ""), "update": (60, MIN, ""), "customer_update": (60, MIN, "")},
        "A": {"response": (60, MIN, ""), "update": (120, MIN, ""), "customer_update": (120, MIN, "")},
        "B": {"response": (60, MIN, ""), "update": (1440, MIN, "")},
        "C": {"response": (60, MIN, ""), "update": (4320, MIN, "")},
        "D": {},
    },
    "egroup-csp-advantage": {
        "A": {"response": (240, MIN, "")},
        "B": {"response": (240, BUSINESS, US)},
        "C": {"response": (240, BUSINESS, US)},
    },
    "microsoft-csp": {
        "A": {"vendor_response": (60, MIN, ""), "dispatch": (240, MIN, "")},
        "B": {"vendor_response": (120, MIN, "")},
        "C": {"vendor_response": (240, BUSINESS, MS), "customer_answer": (1440, MIN, "")},
    },
    "enghouse-standard": {
        "P1": {"response": (30, BUSINESS, GB), "update": (120, BUSINESS, GB), "fix": (240, BUSINESS, GB)},
        "P2": {"response": (60, BUSINESS, GB), "update": (240, BUSINESS, GB), "fix": (480, BUSINESS, GB)},
        "P3": {"response": (1, DAYS, GB)},
        "P4": {"response": (2, DAYS, GB)},
    },
    "enghouse-premium": {
        "P1": {"response": (30, MIN, ""), "update": (120, MIN, ""), "fix": (240, MIN, "")},
        "P2": {"response": (60, MIN, ""), "update": (240, MIN, ""), "fix": (480, MIN, "")},
        "P3": {"response": (1440, MIN, "")},
        "P4": {"response": (2880, MIN, "")},
    },
}

MANAGEMENT = {
    "enghouse-standard": {"P1": (240, BUSINESS, GB), "P2": (480, BUSINESS, GB)},
    "enghouse-premium": {"P1": (240, MIN, ""), "P2": (480, MIN, "")},
}

OWES = {
    "customer_update": Owes.CUSTOMER,
    "customer_answer": Owes.CUSTOMER,
    "vendor_response": Owes.VENDOR,
    "dispatch": Owes.VENDOR,
}


def test_exactly_these_services_are_shipped():
    assert set(shipped().definitions) == set(TARGETS)


@pytest.mark.parametrize("code", TARGETS)
def test_the_targets_are_those_of_the_document(code):
    terms = definition(code).terms(1)
    found = {
        priority.code: {kind: (t.amount, t.base, t.calendar) for kind, t in priority.targets.items()}
        for priority in terms.priorities
    }
    assert found == TARGETS[code]


@pytest.mark.parametrize("code", TARGETS)
def test_priorities_are_ranked_from_the_most_urgent_in_the_order_of_the_public_names(code):
    priorities = definition(code).terms(1).priorities
    assert [priority.code for priority in priorities] == list(TARGETS[code])
    assert [priority.rank for priority in priorities] == list(range(1, len(priorities) + 1))


@pytest.mark.parametrize("code", TARGETS)
def test_each_target_is_owed_by_whoever_must_act(code):
    for priority in definition(code).terms(1).priorities:
        for kind, target in priority.targets.items():
            assert target.kind is kind
            assert target.owed_by is OWES.get(kind, Owes.PROVIDER)


@pytest.mark.parametrize("code", TARGETS)
def test_only_restoration_depends_on_the_deployment_and_only_at_enghouse(code):
    for priority in definition(code).terms(1).priorities:
        for kind, target in priority.targets.items():
            cloud_only = code.startswith("enghouse") and kind is ClockKind.FIX
            assert target.deployments == ({Deployment.CLOUD} if cloud_only else set(Deployment))


@pytest.mark.parametrize("code", TARGETS)
def test_management_is_told_where_the_document_says_so(code):
    steps = [step for step in definition(code).priorities if step.management]
    found = {
        step.code: (step.management.after.amount, step.management.after.base, step.management.calendar)
        for step in steps
    }
    assert found == MANAGEMENT.get(code, {})


@pytest.mark.parametrize("code", TARGETS)
def test_every_target_names_its_section_of_the_document(code):
    sections = definition(code).document.sections
    for step in definition(code).priorities:
        assert step.section in sections
        assert all(promise.section in sections for promise in step.targets.values())
