"""Relationships from a file: looked at first, taken in as readings, each bad row with its sentence."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from billing import gdap, gdap_csv
from billing.models import GdapReading, GdapRelationship
from support.desk.csv_log import NotALog
from tests.billing.billing_cases import EXCHANGE
from tests.billing.gdap_cases import TENANT
from tests.billing.page_cases import engagement_for
from tests.factories import TESTS
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db
HEAD = ",".join(gdap_csv.NEEDED)
GOOD = (
    f"r-1,{TENANT},Northwind support,active,2099-01-01T00:00:00Z,no,Exchange Administrator; Global Reader,yes"
)


@pytest.fixture
def max(client, cast, settings):
    settings.GRAPH = {}
    cast.northwind.tenant_id = TENANT
    cast.northwind.by(TESTS).save()
    client.force_login(cast.max)
    return client


def upload(client, *lines, ago=timedelta(minutes=5), **fields):
    seen_at = timezone.localtime(timezone.now() - ago).strftime("%Y-%m-%dT%H:%M")
    file = SimpleUploadedFile("gdap.csv", "\n".join(lines).encode(), "text/csv")
    return post(client, "billing:gdap-upload", **{"file": file, "seen_at": seen_at, **fields})


def test_a_file_opens_the_gate(max, cast):
    engagement = engagement_for(cast, gdap_roles=(EXCHANGE,))
    assert upload(max, HEAD, GOOD).status_code == 302
    assert gdap.active(engagement)
    row, reading = GdapRelationship.objects.get(), GdapReading.objects.get()
    assert (row.customer, row.source, reading.source) == (cast.northwind, "csv", "csv")
    assert (reading.actor_name, reading.reason[:7]) == ("Max", "sha256:")
    assert "1 relationship taken in." in max.get("/gdap/").text


def test_the_same_again_keeps_it_open(max):
    upload(max, HEAD, GOOD)
    upload(max, HEAD, GOOD, ago=timedelta(minutes=1))
    assert GdapReading.objects.count() == 2
    upload(max, HEAD, GOOD, ago=timedelta(minutes=3))
    assert GdapReading.objects.count() == 2


def test_a_dry_look_changes_nothing_and_names_what_cannot_be_read(max):
    page = upload(max, HEAD, GOOD, GOOD.replace("active", "is active"), look="1")
    assert page.status_code == 200
    assert "1 row can be read." in page.text
    assert "Line 3: status is one word" in page.text
    assert (GdapRelationship.objects.count(), GdapReading.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (GOOD.replace("r-1", "r/1"), "no id of Microsoft"),
        (GOOD.replace(TENANT, "northwind"), "no tenant"),
        (GOOD.replace("2099-01-01T00:00:00Z", "2099-01-01"), "no instant"),
        (GOOD.replace("Global Reader", "Globe Reader"), "Globe Reader is no role"),
        (GOOD.replace(",yes", ",maybe"), "assigned is yes or no"),
        (GOOD.replace(",no,", ",,"), "auto_extend is yes or no"),
        (GOOD.replace("Northwind support", "North\0wind"), "nobody can read"),
        (f"{GOOD},more", "another number of cells"),
        (GOOD, "in an earlier line already"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_taken(max, row, sentence):
    assert upload(max, HEAD, GOOD, row).status_code == 302
    page = max.get("/gdap/").text
    assert "Line 3 was not taken" in page
    assert sentence in page.replace("&#x27;", "'")
    assert GdapRelationship.objects.count() == 1


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([""], "is empty"),
        (["a,b", "1,2"], "it lacks relationship_id"),
        ([HEAD], "not one row"),
        ([HEAD, "x"], "Not one row of this file can be read"),
        (["\x1f\x8b\0\0"], "it lacks relationship_id"),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_sentence(max, lines, sentence):
    page = upload(max, *lines)
    assert page.status_code == 422
    assert sentence in page.text or "empty" in page.text
    assert GdapRelationship.objects.count() == 0


def test_a_file_without_an_end_is_refused(monkeypatch):
    monkeypatch.setattr(gdap_csv, "MOST", 2)
    with pytest.raises(NotALog, match="more than 2 rows"):
        gdap_csv.load("\n".join([HEAD, GOOD, GOOD, GOOD]).encode(), "gdap.csv")


@pytest.mark.parametrize(("ago", "sentence"), [(5, "more than 4 hours ago"), (-2, "later than now")])
def test_what_was_not_seen_just_now_opens_no_gate(max, ago, sentence):
    page = upload(max, HEAD, GOOD, ago=timedelta(hours=ago))
    assert (page.status_code, sentence in page.text) == (422, True)
    assert GdapReading.objects.count() == 0


def test_where_microsoft_is_read_no_file_is_taken_in(max, settings):
    settings.GRAPH = {"tenant": TENANT}
    page = upload(max, HEAD, GOOD)
    assert (page.status_code, GdapReading.objects.count()) == (422, 0)
    assert reverse("billing:gdap-upload") not in max.get("/gdap/").text


def test_only_a_manager_takes_a_file_in(client, cast, max):
    assert client.get(reverse("billing:gdap-upload")).status_code == 405
    for person in [cast.ana, cast.fin, cast.robin]:
        client.force_login(person)
        assert upload(client, HEAD, GOOD).status_code in (403, 404)
    assert GdapReading.objects.count() == 0
