"""Words that nobody sees are none: what is told, noted, or given as a reason says something."""

import pytest

from escalations import outages, reporting
from support.actors import Actor
from support.refusal import Refused
from tests.escalations import maintenance_cases, outage_cases
from tests.escalations.outage_cases import act, declare, hit_contract, send, skip
from tests.escalations.report_cases import WORDS, drafted
from tests.escalations.test_outage_pages import send_form
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db

UNSEEN = "\u200b"


def refused_beside(field, verb, *args, **said):
    with pytest.raises(Refused, match="Nobody sees anything") as caught:
        verb(*args, **said)
    assert caught.value.field == field


def test_an_outage_its_steps_and_its_notices_say_something(cast, clock):
    contract = hit_contract(cast.northwind)
    refused_beside("title", declare, cast, clock, contract, title=UNSEEN)
    outage = declare(cast, clock, contract)
    for field in ("details", "impact"):
        refused_beside(field, send, outage, cast, clock, "2026-10-14 09:10", **{field: UNSEEN})
    refused_beside("reason", skip, outage, cast, clock, "2026-10-14 09:45", reason=UNSEEN)
    for field in ("phone", "code"):
        call = {"phone": "+1 555 0100", "code": "111#", field: UNSEEN}
        refused_beside(field, act, outages.open_bridge, outage, cast, clock, "2026-10-14 09:45", **call)
    refused_beside("text", act, outages.resolve, outage, cast, clock, "2026-10-14 09:46", text=UNSEEN)
    act(outages.resolve, outage, cast, clock, "2026-10-14 09:47")
    for verb in (outages.unresolve, outages.validate):
        refused_beside("text", act, verb, outage, cast, clock, "2026-10-14 09:48", text=UNSEEN)
    assert not outage.notices.exists()


def test_maintenance_says_what_is_done_and_why_it_is_late(cast, clock):
    contract = maintenance_cases.kept_contract(cast.northwind)
    for field in ("title", "details"):
        refused_beside(field, maintenance_cases.announce, cast.ana, clock, contract, **{field: UNSEEN})
    late = {"at": "2026-11-01 09:00", "reason": UNSEEN}
    refused_beside("reason", maintenance_cases.announce, cast.max, clock, contract, **late)
    window = maintenance_cases.announce(cast.ana, clock, contract)
    refused_beside(
        "text", maintenance_cases.withdraw, window, cast.ana, clock, "2026-10-15 09:00", text=UNSEEN
    )


def test_a_report_says_what_happened_why_and_what_is_corrected(cast, clock):
    report = drafted(cast, clock)
    by, at = Actor.of(cast.ana), clock(utc("2026-10-15 09:30"))
    for field in ("impact", "root_cause"):
        refused_beside(field, reporting.write, report, **{**WORDS, field: UNSEEN}, by=by, at=at)
    action = {"text": UNSEEN, "owner": cast.ana, "due_on": at.date()}
    refused_beside("text", reporting.add_action, report, **action, by=by, at=at)
    reporting.issue(report, by=Actor.of(cast.max), at=at)
    reporting.begin(report, by=by, at=at)
    refused_beside("correction", reporting.write, report, **WORDS, correction=UNSEEN, by=by, at=at)


def test_the_page_says_so_beside_the_field(client, cast, now):
    outage = declare(cast, now, hit_contract(cast.northwind))
    now("2026-10-14 09:45")
    said = {**outage_cases.SAID, "expected_at": "", "details": UNSEEN, "shown": "first"}
    page = send_form(client, cast.ana, "notice", outage.number, **said)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["details"])
    page = send_form(client, cast.ana, "skip", outage.number, due=1, reason=UNSEEN)
    assert (page.status_code, list(page.context["forms"]["skip"].errors)) == (422, ["reason"])
