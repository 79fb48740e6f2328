"""The figures that no clock folds: objectives, ladders, outages, maintenance, hand-off, rate."""

import pytest

from support.catalogue.upward import After
from tests.support.catalogue_cases import calendars, definition

OBJECTIVES = {
    "calltower-ese": [],
    "exponential-e-ucc": [],
    "microsoft-o365-dedicated": [],
    "microsoft-csp": [],
    "egroup-csp-advantage": [
        ("response", "80 %", "4 h"),
        ("phone_answer", "80 %", "120 s"),
        ("chat_answer", "80 %", "120 s"),
    ],
    "enghouse-standard": [("response", "95 %", ""), ("fix", "95 %", ""), ("availability", "99.95 %", "")],
    "enghouse-premium": [("response", "95 %", ""), ("fix", "95 %", ""), ("availability", "99.95 %", "")],
}


@pytest.mark.parametrize("code", OBJECTIVES)
def test_objectives(code):
    found = [(str(o.measure), str(o.share), str(o.within or "")) for o in definition(code).objectives]
    assert found == OBJECTIVES[code]


def test_phone_and_chat_are_answered_within_120_seconds():
    assert [o.within.seconds for o in definition("egroup-csp-advantage").objectives[1:]] == [120, 120]


def test_the_ladder_of_exponential_e():
    ladder = definition("exponential-e-ucc").ladder
    assert [(rung.level, rung.name, rung.before_next.amount) for rung in ladder.levels] == [
        (1, "Service Desk", 240),
        (2, "Service Desk Manager", 240),
        (3, "Senior Support Leader", 960),
        (4, "Director of Engineering", 1440),
    ]
    assert {rung.before_next.base for rung in ladder.levels} == {"elapsed"}
    assert [ground.code for ground in ladder.grounds] == ["target-missed", "not-progressing"]
    assert (ladder.contact_hours, bool(ladder.fallback)) == ("uk-named-contacts", True)
    assert [ground.asks for ground in ladder.grounds] == ["clock", "words"]


def test_what_an_escalation_is_declined_with():
    own = [item.code for item in definition("exponential-e-ucc").not_accepted()]
    assert own == ["not-missed", "progressing", "another-matter"]
    never = [item.code for item in definition("microsoft-o365-dedicated").not_accepted()]
    assert {"network", "hardware", "on-premises", "other-software", "procedures"} < set(never)
    assert definition("microsoft-csp").not_accepted() == ()


def test_what_level_1_passes_on_and_what_engineering_shares_with_management():
    first, *above = definition("exponential-e-ucc").levels
    assert (first.passes_on, {level.passes_on for level in above}) == (("troubleshoot",), {()})
    for code in ["enghouse-standard", "enghouse-premium"]:
        engineering = definition(code).engineering
        assert (engineering.level, engineering.priorities) == (4, ("P1", "P2"))
        assert engineering.every.amount == 7 * 24 * 60


def test_senior_executives_learn_of_severity_a():
    told = {step.code: step.notified for step in definition("egroup-csp-advantage").priorities}
    assert told == {"A": "Senior executives", "B": "", "C": ""}


def test_an_escalation_with_microsoft_needs_a_reason():
    ladder = definition("microsoft-csp").ladder
    assert ladder.reason_required
    assert [ground.code for ground in ladder.grounds] == ["guideline-missed"]


def test_outage_notices_of_severity_1_and_a():
    outage = definition("microsoft-o365-dedicated").outage
    found = [(c.priority, str(c.first), str(c.every)) for c in outage.cadence]
    assert found == [("1", "1 h", "1 h"), ("A", "1 h", "2 h")]
    assert [item.code for item in outage.contents] == ["details", "impact", "expected"]


@pytest.mark.parametrize(
    ("code", "tickets", "outages", "within", "calendar"),
    [
        ("enghouse-standard", ("P1",), ("P1",), "5 business days", "enghouse-standard"),
        ("enghouse-premium", ("P1",), ("P1",), "5 days", ""),
        ("microsoft-o365-dedicated", (), ("1", "A"), "5 days", ""),
    ],
)
def test_after_what_a_report_is_owed_and_by_when(code, tickets, outages, within, calendar):
    report = definition(code).report
    assert (report.owed(After.TICKET), report.owed(After.OUTAGE)) == (tickets, outages)
    assert (str(report.within), report.calendar) == (within, calendar)


@pytest.mark.parametrize("code", ["calltower-ese", "exponential-e-ucc", "egroup-csp-advantage"])
def test_a_service_that_names_no_report_owes_none(code):
    assert definition(code).report is None


@pytest.mark.parametrize("code", ["enghouse-standard", "enghouse-premium"])
def test_maintenance_is_announced_thirty_days_ahead(code):
    assert str(definition(code).maintenance.announced) == "30 days"


def test_severity_a_follows_the_sun_and_leaves_no_minute_of_the_week_uncovered():
    handoff = definition("egroup-csp-advantage").handoff
    assert handoff.priorities == ("A",)
    assert [region.code for region in handoff.regions] == ["us", "au"]
    assert sum(calendars()[region.calendar].minutes_a_week for region in handoff.regions) == 7 * 24 * 60


def test_the_rate_of_an_engagement():
    rate = definition("calltower-ese").engagement.rate
    assert (str(rate.hourly), str(rate.increment)) == ("250.00 USD", "15 min")


def test_effort_on_a_microsoft_case():
    found = {
        step.code: (step.effort.hours, step.effort.calendar, step.effort.escalated)
        for step in definition("microsoft-csp").priorities
    }
    assert found == {
        "A": ("continuous", "", None),
        "B": ("business", "vendor-business", "continuous"),
        "C": ("business", "vendor-business", None),
    }


HOURS = {
    "mt-business": ("America/Denver", "mon tue wed thu fri", "06:00-18:00", None),
    "uk-business": ("Europe/London", "mon tue wed thu fri", "09:00-17:30", "GB/ENG"),
    "uk-named-contacts": ("Europe/London", "mon tue wed thu fri", "09:30-17:30", "GB/ENG"),
    "us-distributor": ("America/New_York", "mon tue wed thu fri sat sun", "06:00-20:00", None),
    "us-distributor-weekdays": ("America/New_York", "mon tue wed thu fri", "06:00-20:00", None),
    "au-distributor": ("America/New_York", "mon tue wed thu fri sat sun", "00:00-06:00 20:00-24:00", None),
    "vendor-business": ("America/New_York", "mon tue wed thu fri", "09:00-17:00", None),
    "enghouse-standard": ("Europe/London", "mon tue wed thu fri", "08:00-18:00", None),
}


def test_exactly_these_calendars_are_shipped():
    assert set(calendars()) == set(HOURS)


@pytest.mark.parametrize("code", HOURS)
def test_calendar_hours(code):
    zone, days, windows, region = HOURS[code]
    calendar = calendars()[code]
    assert calendar.zone == zone
    assert [str(day) for day in calendar.hours] == days.split()
    assert {" ".join(map(str, open_)) for open_ in calendar.hours.values()} == {windows}
    assert (str(calendar.holidays) if calendar.holidays else None) == region
