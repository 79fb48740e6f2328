"""Scope, intake, duties and levels, and what each definition reports about its document."""

import pytest

from support.catalogue.intake import Asked
from support.catalogue.plain import as_data
from support.catalogue.scope import CspType, Verdict
from tests.support.catalogue_cases import definition, shipped

ALL = sorted(shipped().definitions)

SCOPE = {
    "calltower-ese": (7, 7, 0),
    "microsoft-o365-dedicated": (1, 7, 0),
    "egroup-csp-advantage": (9, 2, 0),
    "enghouse-standard": (2, 12, 4),
    "enghouse-premium": (2, 12, 4),
}
OUTCOMES = {
    "calltower-ese": ["standard", "refer-microsoft", "refer-csp", "closed"],
    "microsoft-o365-dedicated": ["declined"],
    "egroup-csp-advantage": ["redirected"],
    "enghouse-standard": ["own-it", "expertise", "immediate"],
    "enghouse-premium": ["own-it", "expertise", "immediate"],
}
CONTRADICTIONS = {
    "calltower-ese": {"p2-is-p3", "expedited-is-standard"},
    "exponential-e-ucc": {"05-30", "required-or-possible"},
    "microsoft-o365-dedicated": set(),
    "egroup-csp-advantage": {"second-critical", "seven-days"},
    "microsoft-csp": {"second-critical", "b-day-and-night"},
    "enghouse-standard": {"p2-examples", "p1-example-is-p2"},
    "enghouse-premium": {"p2-examples", "p1-example-is-p2", "business-hours"},
}


@pytest.mark.parametrize("code", ALL)
def test_scope_lists_and_outcomes(code):
    scope = definition(code).scope
    counted = (
        tuple(sum(item.verdict is verdict for item in scope.items) for verdict in Verdict) if scope else None
    )
    assert counted == SCOPE.get(code)
    assert ([outcome.code for outcome in scope.outcomes] if scope else None) == OUTCOMES.get(code)


def test_engagement_scope_depends_on_the_csp_type():
    items = {item.code: item.csp_types for item in definition("calltower-ese").scope.items}
    assert items["non-csp"] == (CspType.NONE,)
    assert items["in-scope"] == (CspType.DIRECT, CspType.INDIRECT, CspType.OTHER)
    assert items["dns"] == ()


def test_an_engagement_never_opens_a_microsoft_case():
    service = definition("calltower-ese")
    items = {item.code: item.verdict for item in service.scope.items}
    assert items["microsoft-case"] is Verdict.NOT_ELIGIBLE
    assert service.vendor.service == ""


def test_the_distributor_service_runs_the_clocks_of_microsoft():
    assert definition("egroup-csp-advantage").vendor.service == "microsoft-csp"


@pytest.mark.parametrize(
    ("code", "asked", "required", "invited"),
    [
        ("exponential-e-ucc", Asked.OPENING, 11, 11),
        ("egroup-csp-advantage", Asked.OPENING, 18, 4),
        ("microsoft-o365-dedicated", Asked.PRIORITY_CHANGE, 2, 0),
        ("microsoft-o365-dedicated", Asked.ONSITE, 7, 0),
        ("enghouse-standard", Asked.REMOTE_ACCESS, 2, 0),
    ],
)
def test_intake_fields(code, asked, required, invited):
    (form,) = [form for form in definition(code).intake if form.asked is asked]
    counted = [field.required for field in form.fields]
    assert (counted.count(True), counted.count(False)) == (required, invited)


def test_logs_are_required_for_webex_only():
    (form,) = definition("exponential-e-ucc").intake
    (logs,) = [field for field in form.fields if field.code == "webex-logs"]
    assert (logs.required, logs.type, logs.when.field, logs.when.answer) == (True, "file", "webex", "yes")


def test_the_duties_of_the_customers_desk():
    assert [duty.code for duty in definition("microsoft-o365-dedicated").duties] == [
        "how-to",
        "self-service",
        "configuration",
        "connectivity",
        "desktop",
        "own-availability",
        "own-performance",
    ]


def test_the_fault_report_sheet_goes_up_from_level_1_and_in_full_to_level_3():
    sheet = definition("enghouse-premium").fault_report
    assert (sheet.going_to, sheet.complete) == ((2, 3), (3,))
    assert [field.label for field in sheet.fields] == [
        "End user's name",
        "End user's number",
        "Product version",
        "Detail of the fault",
        "When it happened",
        "Number of users affected",
        "Operating system",
        "Screenshots or other detail",
        "Recent adds, moves or changes",
    ]


def test_the_tasks_of_remote_hands():
    [form] = [form for form in definition("microsoft-o365-dedicated").intake if form.asked is Asked.ONSITE]
    [task] = [field for field in form.fields if field.code == "task"]
    assert list(task.choices) == [
        "Power cycle",
        "Install a device",
        "Remove a device",
        "Install a cable",
        "Remove a cable",
        "Replace a failed drive",
        "Connect a device",
        "Disconnect a device",
    ]


@pytest.mark.parametrize(
    ("code", "levels"),
    [
        ("exponential-e-ucc", 4),
        ("enghouse-standard", 4),
        ("microsoft-o365-dedicated", 3),
        ("egroup-csp-advantage", 3),
    ],
)
def test_support_levels(code, levels):
    assert [level.level for level in definition(code).levels] == list(range(1, levels + 1))


def test_the_service_review_of_microsoft_is_monthly_and_that_of_enghouse_has_eight_sections():
    assert definition("microsoft-o365-dedicated").review.every == "month"
    assert len(definition("enghouse-standard").review.sections) == 8


@pytest.mark.parametrize("code", ALL)
def test_contradictions_are_reported(code):
    assert {found.key for found in definition(code).contradictions} == CONTRADICTIONS[code]


def test_the_two_enghouse_plans_differ_in_their_hours_only():
    standard, premium = (as_data(definition(f"enghouse-{plan}")) for plan in ("standard", "premium"))
    differing = {part for part in standard if standard[part] != premium[part]}
    assert differing == {
        "code",
        "name",
        "summary",
        "document",
        "desk",
        "priorities",
        "report",
        "readings",
        "contradictions",
    }
    for service in (standard, premium):
        for step in service["priorities"]:
            step.pop("targets")
            step.pop("management", None)
    assert standard["priorities"] == premium["priorities"]
