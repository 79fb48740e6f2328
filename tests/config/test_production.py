"""Production refuses to start without what it needs, each with one clear sentence."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from config.env import ROOT

WHOLE = {
    "COUNTERSIGN_PRODUCTION": "on",
    "COUNTERSIGN_SECRET_KEY": "k" * 30 + "0123456789abcdefghijABCDEFGHIJ",
    "COUNTERSIGN_ALLOWED_HOSTS": "desk.example",
    "COUNTERSIGN_BASE_URL": "https://desk.example",
}


def start(*command, **environment):
    keep = {"COUNTERSIGN_VAR"}
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("COUNTERSIGN_") or k in keep}
    whole = {**inherited, **environment}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=whole, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize(
    "missing", ["COUNTERSIGN_SECRET_KEY", "COUNTERSIGN_ALLOWED_HOSTS", "COUNTERSIGN_BASE_URL"]
)
def test_without_a_variable_it_does_not_start(missing):
    done = start("manage.py", "check", **{key: value for key, value in WHOLE.items() if key != missing})
    assert done.returncode == 1
    assert done.stderr.startswith(f"Production does not start without {missing}: set it to ")
    assert len(done.stderr.splitlines()) == 1


def test_with_all_of_them_it_starts():
    assert start("manage.py", "check", **WHOLE).returncode == 0


@pytest.mark.parametrize("key", ["short", "k" * 60, WHOLE["COUNTERSIGN_SECRET_KEY"][:49]])
def test_a_secret_that_is_easily_guessed_is_refused(key):
    done = start("manage.py", "check", **WHOLE | {"COUNTERSIGN_SECRET_KEY": key})
    assert (done.returncode, key in done.stderr) == (1, False)
    assert (
        done.stderr
        == "COUNTERSIGN_SECRET_KEY is easily guessed: set it to 50 random characters of your own.\n"
    )


@pytest.mark.parametrize("hosts", ["*", "desk.example, *"])
def test_the_hosts_are_named_one_by_one(hosts):
    done = start("manage.py", "check", **WHOLE | {"COUNTERSIGN_ALLOWED_HOSTS": hosts})
    assert done.returncode == 1
    assert done.stderr.startswith("COUNTERSIGN_ALLOWED_HOSTS names the hosts one by one in production")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("hosts", ["other.example", "desk.example.org, other.example"])
def test_the_links_lead_to_a_host_that_is_answered(hosts):
    done = start("manage.py", "check", **WHOLE | {"COUNTERSIGN_ALLOWED_HOSTS": hosts})
    assert done.returncode == 1
    assert done.stderr.startswith("COUNTERSIGN_BASE_URL is of a host that COUNTERSIGN_ALLOWED_HOSTS does not")
    assert len(done.stderr.splitlines()) == 1


def test_a_domain_and_what_is_below_it_may_be_named():
    hosts = {"COUNTERSIGN_ALLOWED_HOSTS": ".desk.example", "COUNTERSIGN_BASE_URL": "https://my.desk.example"}
    assert start("manage.py", "check", **WHOLE | hosts).returncode == 0


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_OWNER_URL"])
@pytest.mark.parametrize(
    "address",
    [
        "junk",
        "sqlite:///x.db",
        "mysql://desk:tell-nobody@b/c",
        "postgres:tell-nobody",
        "postgresql://",
        "postgresql://desk:tell-nobody@b",
        "postgresql://desk:tell-nobody@b:tell-nobody/c",
        "postgresql://desk:tell-nobody/%s@b/c",
    ],
)
def test_an_address_that_is_no_postgresql_is_refused_and_not_repeated(name, address):
    done = start("manage.py", "check", **WHOLE | {name: address})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{name} is no PostgreSQL address: write it as postgresql://user:password@")
    assert len(done.stderr.splitlines()) == 1
    assert "tell-nobody" not in done.stderr


@pytest.mark.parametrize(
    "address",
    [
        "postgres://desk:a%2Fb@[::1]:5433/desk",
        "postgresql://desk@/desk?host=/run/postgresql",
        "pgsql://desk@a:5432,b:5433/desk",
    ],
)
def test_every_usual_address_of_a_postgresql_is_taken(address):
    assert start("manage.py", "check", **WHOLE | {"DATABASE_URL": address}).returncode == 0


@pytest.mark.parametrize("word", ["enabled", "production", "maybe", "2", "tru"])
@pytest.mark.parametrize("name", ["COUNTERSIGN_PRODUCTION", "COUNTERSIGN_DEBUG"])
def test_a_word_that_is_neither_yes_nor_no_is_refused(name, word):
    done = start("manage.py", "check", **WHOLE | {name: word})
    assert (done.returncode, done.stderr) == (1, f"{name} is neither yes nor no: set it to on or off.\n")


@pytest.mark.parametrize("word", ["two", "-1", "1.5", "²", "0x10"])
@pytest.mark.parametrize("name", ["COUNTERSIGN_TRUSTED_PROXIES", "COUNTERSIGN_UPLOAD_MAX_BYTES"])
def test_what_is_no_whole_number_is_refused(name, word):
    done = start("manage.py", "check", **WHOLE | {name: word})
    assert done.returncode == 1
    assert done.stderr.startswith(f"{name} is no whole number: write figures alone")


@pytest.mark.parametrize(
    ("word", "means"), [("on", True), ("Yes", True), (" 1 ", True), ("off", False), ("0", False), ("", False)]
)
def test_yes_and_no_have_their_usual_words(word, means):
    done = start("-c", "from config.env import PRODUCTION; print(PRODUCTION)", COUNTERSIGN_PRODUCTION=word)
    assert done.stdout == f"{means}\n"


def test_a_base_address_without_tls_is_refused():
    done = start("manage.py", "check", **WHOLE | {"COUNTERSIGN_BASE_URL": "http://desk.example"})
    assert done.stderr.strip() == "COUNTERSIGN_BASE_URL begins with https:// in production."


@pytest.mark.parametrize(
    "command", [["manage.py", "serve"], ["manage.py", "worker"], ["-c", "import config.wsgi"]]
)
def test_from_a_simulation_database_it_does_not_start(own_database, command):
    done = start(*command, **WHOLE, DATABASE_NAME=connection.settings_dict["NAME"])
    assert done.returncode != 0
    assert "Production does not serve from a simulation database: its clock can be set" in done.stderr


@pytest.mark.parametrize("whole", [WHOLE, {}])
def test_a_folder_that_cannot_be_used_is_named(tmp_path, whole):
    taken = tmp_path / "a-file"
    taken.touch()
    for folder in ("/proc/nope", str(taken), str(taken / "var")):
        done = start("manage.py", "check", **whole | {"COUNTERSIGN_VAR": folder})
        assert done.returncode == 1
        assert done.stderr.startswith(f"COUNTERSIGN_VAR cannot be used: {folder}")
        assert len(done.stderr.splitlines()) == 1


def test_outside_production_a_missing_secret_is_made_once(tmp_path):
    show = "from django.conf import settings; print(settings.SECRET_KEY)"
    environment = {"COUNTERSIGN_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    first, second = start("-c", show, **environment), start("-c", show, **environment)
    assert first.stdout == second.stdout
    assert len(first.stdout.strip()) > 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


REGISTRATION = {
    "COUNTERSIGN_GRAPH_TENANT": "0f9c1c4e-51a6-4f7d-8a53-1f2e3d4c5b6a",
    "COUNTERSIGN_GRAPH_CLIENT_ID": "the-client",
    "COUNTERSIGN_GRAPH_SECRET": "very-secret-indeed",
}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({**REGISTRATION, "COUNTERSIGN_GRAPH_SECRET": ""}, "COUNTERSIGN_GRAPH_SECRET is not set."),
        ({"COUNTERSIGN_GRAPH_SECRET": "very-secret-indeed"}, "COUNTERSIGN_GRAPH_CLIENT_ID are not set."),
        ({**REGISTRATION, "COUNTERSIGN_GRAPH_TENANT": "../common"}, "is the partner's tenant id"),
        ({**REGISTRATION, "COUNTERSIGN_GRAPH_HOST": "graph.evil.example"}, "GRAPH_HOST is one of: graph."),
        ({"GDAP_WRITE": "on"}, "needs an app registration"),
    ],
)
def test_half_of_what_microsoft_graph_needs_is_refused(said, sentence):
    done = start("manage.py", "check", **WHOLE | said)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "very-secret" not in done.stderr


def test_all_of_it_starts():
    assert start("manage.py", "check", **WHOLE | REGISTRATION | {"GDAP_WRITE": "on"}).returncode == 0


def test_a_list_of_hosts_that_names_none_is_refused():
    done = start("manage.py", "check", **WHOLE | {"COUNTERSIGN_ALLOWED_HOSTS": " , "})
    assert done.returncode == 1
    assert done.stderr == "COUNTERSIGN_ALLOWED_HOSTS names no host: write those it answers to, with commas.\n"


@pytest.mark.parametrize("address", ["foo", "mail.example:587", "ftp://mail.example"])
def test_an_address_that_is_no_mail_servers_is_refused_by_its_name(address):
    done = start("manage.py", "check", **WHOLE | {"COUNTERSIGN_SMTP_URL": address})
    assert done.returncode == 1
    assert done.stderr.startswith("COUNTERSIGN_SMTP_URL is no mail server's address: write smtp+tls://")
    assert len(done.stderr.splitlines()) == 1
