"""Incident reports in the admin: read, searched, picked by how they stand, never changed."""

import pytest
from django.urls import reverse

from escalations import models, report_paper
from escalations.models import IncidentReport
from support import pdf
from tests.escalations.report_cases import issued, owed, solved
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db

MODELS = [
    models.IncidentReport,
    models.ReportVersion,
    models.ReportAction,
    models.ReportRecipient,
    models.ReportPaper,
]


@pytest.mark.parametrize("model", MODELS)
def test_in_the_records_it_is_read_and_not_changed(client, cast, now, robin_is_told, model, monkeypatch):
    monkeypatch.setattr(pdf, "render", lambda template, context: b"%PDF-1.7 made for a test")
    monkeypatch.setattr(pdf, "lacking", lambda: "")
    report = issued(cast, now).report
    report_paper.make_lacking(now("2026-10-15 10:01"))

    def address(page, *args):
        return reverse(f"admin:escalations_{model._meta.model_name}_{page}", args=args)

    row = model.objects.first()
    for who in (cast.max, cast.fin):
        client.force_login(who)
        query = {} if model is models.ReportPaper else {"q": report.number}
        assert client.get(address("changelist"), query).context["cl"].result_count > 0
        assert "_save" not in client.get(address("change", row.pk)).text
        assert client.get(address("add")).status_code == 403
        assert client.get(address("delete", row.pk)).status_code == 403
    client.force_login(cast.ana)
    assert client.get(address("changelist")).status_code == 403


def test_the_records_are_picked_by_how_they_stand(client, cast, now):
    issued(cast, now)
    owed(cast, now, solved(cast, now))
    client.force_login(cast.max)
    url = reverse("admin:escalations_incidentreport_changelist")
    counts = {
        state: client.get(url, {"standing": state}).context["cl"].result_count for state in ("owed", "issued")
    }
    assert counts == {"owed": 1, "issued": 1}
    assert utc("2026-10-14 11:00") == IncidentReport.objects.first().ended_at
