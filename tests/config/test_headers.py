"""Headers: scripts come from the static path alone, nothing may be inline, nobody frames us."""

import pytest

pytestmark = pytest.mark.django_db


def policy(response) -> dict[str, list[str]]:
    parts = [part.split() for part in response["Content-Security-Policy"].split(";")]
    return {part[0]: part[1:] for part in parts if part}


def test_scripts_come_from_the_static_path_and_from_nowhere_else(client):
    assert policy(client.get("/accounts/login/"))["script-src"] == ["http://testserver/static/"]


def test_production_knows_the_static_path_too(client, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    hashed = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": hashed}}
    assert policy(client.get("/healthz"))["script-src"] == ["http://testserver/static/"]


def test_only_the_admin_adds_its_translations(client, cast):
    client.force_login(cast.max)
    assert policy(client.get("/admin/"))["script-src"] == [
        "http://testserver/static/",
        "http://testserver/admin/jsi18n/",
    ]
    assert policy(client.get("/profile/"))["script-src"] == ["http://testserver/static/"]


@pytest.mark.parametrize("path", ["/accounts/login/", "/nowhere/", "/admin/"])
def test_nothing_is_inline_and_nothing_is_framed(client, path):
    response = client.get(path)
    assert "unsafe" not in response["Content-Security-Policy"]
    assert policy(response)["default-src"] == ["'none'"]
    assert policy(response)["frame-ancestors"] == ["'none'"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"


def test_htmx_is_told_to_evaluate_nothing(client):
    page = client.get("/accounts/login/").content.decode()
    assert '"allowEval":false,"allowScriptTags":false,"selfRequestsOnly":true' in page
