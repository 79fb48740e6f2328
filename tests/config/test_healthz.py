"""/healthz says whether the database answers and is migrated; nobody signs in for it."""

import pytest
from django.db import OperationalError, connection

pytestmark = pytest.mark.django_db


def test_healthy(client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json()["healthy"] is True


def test_a_missing_migration_is_not_healthy(client, monkeypatch):
    monkeypatch.setattr("django.db.migrations.executor.MigrationExecutor.migration_plan", lambda *_: [1, 2])
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["migrations"] == "2 not applied"


def test_a_stopped_database_is_a_503_and_no_traceback(client, monkeypatch):
    def stopped():
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", stopped)
    response = client.get("/healthz")
    assert (response.status_code, response.json()["database"]) == (503, "unreachable")
