"""The demo: whole, the same again, going on where it was interrupted, and never in a database where somebody lives."""

import csv
import io
import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from billing.models import TimeEntry
from config import simulation
from config.demo import engagements, papers, play
from escalations.models import IncidentReport, Notice, OnsiteRequest, VendorCase
from tests.attacks import run
from tests.billing.export_cases import net as booked
from tests.factories import CustomerFactory


@pytest.fixture
def empty(own_database, monkeypatch, tmp_path):
    """An unmarked database, and a demo with few tickets."""
    with connection.as_owner():
        run("DELETE FROM simulation")
    simulation._known.clear()
    monkeypatch.setattr(play, "TICKETS", 2)
    monkeypatch.setattr(papers, "FOLDER", tmp_path)
    yield tmp_path
    simulation._known.clear()


def demo(capsys) -> dict:
    said = io.StringIO()
    call_command("demo", json=True, stdout=said)
    assert capsys.readouterr().out == ""
    assert len(said.getvalue().splitlines()) == 1, "with --json, stdout is one object and nothing else"
    return json.loads(said.getvalue())


def test_an_interrupted_demo_goes_on_and_a_whole_one_stays_the_same(empty, capsys, monkeypatch):
    played, real = [], engagements.play

    def interrupted(sketch, *args):
        if len(played) == 2:
            raise KeyboardInterrupt
        played.append(sketch)
        return real(sketch, *args)

    with monkeypatch.context() as patched:
        patched.setattr(engagements, "play", interrupted)
        with pytest.raises(KeyboardInterrupt):
            call_command("demo")
    capsys.readouterr()
    first, second = demo(capsys), demo(capsys)
    assert first["made"] == second["made"]
    assert first["month"] == second["month"] < timezone.localdate().strftime("%Y-%m")
    assert (first["made"]["engagements"], first["made"]["approvals"], first["made"]["tickets"]) == (5, 4, 17)
    rows = list(csv.DictReader((empty / "invoices.csv").read_text().splitlines()))
    minutes = sum(entry.billed_minutes for entry in TimeEntry.objects.approved())
    assert sum(int(row["billed_minutes"]) for row in rows) == minutes == first["made"]["billed minutes"]
    assert len(list(empty.glob("review-*.html"))) == 5
    assert VendorCase.objects.count() == 2
    assert sorted(OnsiteRequest.objects.values_list("kind", "state")) == [
        ("access", "approved"),
        ("hands", "done"),
    ]
    told = [
        (row.kind, row.what, row.late)
        for row in Notice.objects.filter(outage__priority="A").order_by("position")
    ]
    assert told == [
        ("first", "sent", False),
        ("update", "sent", False),
        ("update", "sent", True),
        ("update", "skipped", False),
        ("resolution", "sent", False),
    ]
    [report] = IncidentReport.objects.issued()
    assert not IncidentReport.objects.filter(pk=report.pk).late(report.due_at).exists()
    [review] = empty.glob("review-fabrikam*.html")
    assert "Whose it was: Microsoft." in review.read_text()
    net = sum(Decimal(row["net_amount"]) for row in rows)
    for profile in ["generic", "xero", "quickbooks", "sage", "sage-accounting", "business-central"]:
        file = empty / f"{profile}.csv"
        call_command("export_invoices", format=profile, month=first["month"], output=str(file))
        assert f"{len(rows)} lines" in capsys.readouterr().out
        exported = list(csv.DictReader(file.read_text().splitlines()))
        assert (len(exported), sum(booked(profile, row) for row in exported)) == (len(rows), net)


def test_a_database_that_holds_anything_is_left_alone(empty):
    CustomerFactory()
    with pytest.raises(CommandError, match="holds records and is not a demo, so it is left alone"):
        call_command("demo")
    assert simulation.why() == ""


def test_a_simulation_of_something_else_is_left_alone(own_database):
    with pytest.raises(CommandError, match=r"a simulation already \(tests\)"):
        call_command("demo")
