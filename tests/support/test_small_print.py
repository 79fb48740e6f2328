"""Small things that people trip over: a doubled hour, a title of two lines, a file in another's place, one's own roles."""

import uuid
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from support.forms.instants import InstantField
from support.models import File, Ticket
from support.models.customers import not_a_formula
from support.models.people import a_zone
from support.roles import Role
from tests.factories import TESTS, LegalEntityFactory
from tests.support.desk_cases import contract_under, raise_ticket
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-10-25T01:30|first", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25T01:30|second", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("2026-10-25T02:30", datetime(2026, 10, 25, 2, 30, tzinfo=UTC)),
        ("2026-07-01T12:00", datetime(2026, 7, 1, 11, 0, tzinfo=UTC)),
    ],
)
def test_an_hour_that_comes_twice_is_the_one_that_was_chosen(typed, meant):
    with timezone.override("Europe/London"):
        assert repr(InstantField().clean(typed)) == repr(meant)


@pytest.mark.parametrize("typed", ["2026-10-25T01:30", "2026-10-25T01:30|", "2026-10-25T01:30|third"])
def test_an_hour_that_comes_twice_is_asked_about(typed):
    with timezone.override("Europe/London"), pytest.raises(ValidationError, match="came twice"):
        InstantField().clean(typed)


def test_an_hour_that_never_was_is_said_so():
    with timezone.override("Europe/London"), pytest.raises(Exception, match="The clocks went forward"):
        InstantField().clean("2026-03-29T01:30")


def test_a_title_is_one_line_however_it_was_typed(cast):
    contract = contract_under("exponential-e-ucc", holder=cast.northwind)
    ticket = raise_ticket(contract, timezone.now(), title="Mail stopped\r\nBcc: all@northwind.example")
    assert ticket.title == "Mail stopped  Bcc: all@northwind.example"
    with pytest.raises(IntegrityError, match="a_title_is_one_line"), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(title="Mail\nstopped")


def test_the_same_form_with_another_file_of_that_name_and_size_is_another_form(client, cast):
    ticket = raise_ticket(contract_under("exponential-e-ucc", holder=cast.northwind), timezone.now())
    client.force_login(cast.ana)
    key, send = uuid.uuid4(), "support:ticket-attach"
    for content, status in [(b"one", 302), (b"one", 302), (b"two", 409)]:
        upload = SimpleUploadedFile("trace.txt", content)
        answer = post(client, send, ticket.number, key=key, visibility="internal", files=upload)
        assert answer.status_code == status
    assert File.objects.count() == 1


def test_a_manager_gives_roles_and_not_to_himself(client, cast):
    client.force_login(cast.max)
    own = client.get(reverse("admin:support_user_change", args=[cast.max.pk])).context["adminform"]
    assert "groups" in own.readonly_fields
    theirs = client.get(reverse("admin:support_user_change", args=[cast.ana.pk])).context["adminform"]
    assert "groups" not in theirs.readonly_fields
    assert Role.MANAGER in cast.max.roles


def test_a_profile_is_read_and_sent_and_nothing_else(client, cast):
    client.force_login(cast.ana)
    assert client.put(reverse("support:profile")).status_code == 405


def test_where_nobody_can_type_yes_nothing_is_emptied(monkeypatch, settings):
    monkeypatch.setitem(settings.DATABASES["default"], "EMBEDDED", True)
    monkeypatch.setattr("builtins.input", lambda prompt: (_ for _ in ()).throw(EOFError))
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("reset")


@pytest.mark.parametrize("typed", ["9999-12-31T23:59", "0001-01-01T00:00", "1999-12-31T12:00"])
def test_a_year_that_nobody_means_is_refused(typed):
    with (
        timezone.override("Pacific/Kiritimati"),
        pytest.raises(ValidationError, match="between 2000 and 2100"),
    ):
        InstantField().clean(typed)


@pytest.mark.parametrize("zone", ["localtime", "Factory", "Mars/One", "", "UTC+1"])
def test_a_zone_that_postgresql_does_not_know_is_none(zone):
    with pytest.raises(ValidationError):
        a_zone(zone)


@pytest.mark.parametrize("series", ["=X", "A/B", "-X", "..", "INV-2026", "inv", "É", "A\n"])
def test_a_number_series_is_capital_letters_and_figures(series):
    entity = LegalEntityFactory()
    entity.number_series = series
    with pytest.raises(ValidationError, match="Write capital letters and figures"):
        entity.full_clean()
    with pytest.raises(IntegrityError, match="number_series_is_plain"), transaction.atomic():
        entity.by(TESTS).save()


@pytest.mark.parametrize("name", ["=1", "\u200b=1", " -x", "＠x", "\t1", "'x"])
def test_a_name_for_finance_begins_with_a_letter_or_figure(name):
    with pytest.raises(ValidationError, match="Finance programs read"):
        not_a_formula(name)
