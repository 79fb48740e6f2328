"""A definition that cannot be read stops what looks by itself under its own service alone, and the job fails."""

import pytest

from escalations import climbing, maintenance_stops, owing
from escalations.models import Escalation, IncidentReport, ManagementEscalation
from support import versions
from support.catalogue.problems import DefinitionRefused
from tests.escalations.level_cases import a_ticket
from tests.escalations.maintenance_cases import announce, kept_contract
from tests.escalations.report_cases import solved
from tests.escalations.test_climbing import under_an_automatic_ladder
from tests.factories import ServiceVersionFactory
from tests.support.desk_cases import raise_ticket, utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def unreadable(monkeypatch):
    """From now on the definition of this version."""
    read = versions.definition

    def break_(version):
        def reading(asked):
            if asked.pk == version.pk:
                raise DefinitionRefused([])
            return read(asked)

        monkeypatch.setattr(versions, "definition", reading)

    return break_


def failing(act):
    with pytest.raises(ExceptionGroup) as failed:
        act()
    assert {type(error) for error in failed.value.exceptions} == {DefinitionRefused}


def test_what_goes_up_under_the_others_goes_up(clock, unreadable):
    broken, whole = a_ticket("egroup-csp-advantage", priority="A"), under_an_automatic_ladder()
    at = clock(utc("2026-10-12 14:01"))
    unreadable(broken.service)
    failing(lambda: climbing.climb(at))
    assert Escalation.objects.get().ticket == whole
    assert not ManagementEscalation.objects.exists()


def test_reports_of_the_others_are_written_down(cast, clock, unreadable):
    broken, whole = solved(cast, clock), solved(cast, clock, service="enghouse-premium")
    unreadable(broken.service)
    at = clock(utc("2026-10-14 11:11"))
    failing(lambda: owing.owe(at))
    assert IncidentReport.objects.get().ticket == whole


def test_maintenance_stops_tickets_of_the_others_in_the_same_window(clock, cast, unreadable):
    contracts = [kept_contract(cast.northwind) for _ in range(2)]
    shipped = contracts[0].support_service
    contracts[1].support_service = ServiceVersionFactory(code=shipped.code, version=2, data=shipped.data)
    contracts[1].save()
    announce(cast.ana, clock, *contracts)
    broken, whole = [
        raise_ticket(each, utc("2026-11-14 20:00"), priority="P1", product=each.lines.get().product)
        for each in contracts
    ]
    unreadable(broken.service)
    clock(utc("2026-11-14 22:00"))
    failing(maintenance_stops.sweep)
    assert [whole.waits.exists(), broken.waits.exists()] == [True, False]
