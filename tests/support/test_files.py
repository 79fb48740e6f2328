"""Files: random keys, permission on each request, sent so that no browser runs them (invariant 35)."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from support.models import File
from support.models.files import clean_name
from support.refusal import Refused
from tests.cases import NOON
from tests.factories import TESTS

pytestmark = pytest.mark.django_db


def take(cast, name="log.txt", content=b"lines", visibility="customer"):
    upload = SimpleUploadedFile(name, content, "text/html")
    return File.objects.take(upload, customer=cast.northwind, visibility=visibility, by=TESTS, at=NOON)


@pytest.mark.parametrize(
    ("visibility", "who", "status"),
    [
        ("customer", "robin", 200),
        ("customer", "kim", 404),
        ("customer", "ana", 200),
        ("internal", "robin", 404),
        ("internal", "ana", 200),
    ],
)
def test_who_may_fetch_a_file(client, cast, visibility, who, status):
    file = take(cast, visibility=visibility)
    client.force_login(getattr(cast, who))
    assert client.get(reverse("support:file-download", args=[file.key])).status_code == status


def test_signed_out_nobody_may(client, cast):
    response = client.get(reverse("support:file-download", args=[take(cast).key]))
    assert response.status_code == 302
    assert "/accounts/login/" in response.url


def test_a_disabled_contact_fetches_nothing_from_the_next_request_on(client, cast):
    file = take(cast)
    client.force_login(cast.robin)
    cast.robin_contact.active = False
    cast.robin_contact.by(TESTS).save()
    answer = client.get(reverse("support:file-download", args=[file.key]))
    assert (answer.status_code, answer.url.partition("?")[0]) == (302, reverse("account_login"))


def test_it_is_sent_as_an_attachment_that_nothing_sniffs(client, cast):
    client.force_login(cast.ana)
    response = client.get(reverse("support:file-download", args=[take(cast, name='a"b.html').key]))
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert b"".join(response.streaming_content) == b"lines"


def test_keys_are_random_and_hashes_true(cast):
    one, two = take(cast), take(cast)
    assert one.key != two.key
    assert len(one.key) == 32
    assert one.sha256 == two.sha256 == hashlib.sha256(b"lines").hexdigest()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\logs\\call.log", "call.log"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("\u202egnp.exe", "gnp.exe"),
        ("", "file"),
    ],
)
def test_names_that_leave_are_clean(given, kept):
    assert clean_name(given) == kept


def test_a_long_name_keeps_its_ending():
    assert clean_name("x" * 300 + ".pdf").endswith(".pdf")
    assert len(clean_name("x" * 300 + ".pdf")) == 150


def test_too_large_and_empty_are_refused_with_a_sentence(cast, settings):
    settings.UPLOAD_MAX_BYTES = 4
    with pytest.raises(Refused, match=r"log\.txt is larger than 4"):
        take(cast)
    with pytest.raises(Refused, match=r"log\.txt is empty"):
        take(cast, content=b"")
