"""The book's page: a look first, taken once, whoever confirms; only by managers."""

import gzip

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from billing.book import importing, uploads
from billing.models import BookImport
from support.models import Contact, Customer
from tests.billing.at_once import at_once
from tests.billing.book_cases import a_file, table
from tests.cases import NOON, Cast
from tests.factories import UserFactory
from tests.support.page_cases import post

SMALL = a_file("customers", "acme,Acme", "bad one,Bad", "northwind,Northwind plc")
LARGE = a_file("customers", *(f"c{n},Customer {n}" for n in range(uploads.AT_ONCE + 60)))


@pytest.fixture
def max_(client, cast):
    client.force_login(cast.max)
    return client


def sent(client, data=SMALL, kind="customers", name="book.csv", key=None):
    return post(client, "billing:book-look", kind=kind, file=SimpleUploadedFile(name, data), key=key)


def page(client, run, **more):
    return client.get(reverse("billing:book-page", args=[run.pk]), **more)


@pytest.mark.django_db
def test_it_is_looked_at_first_and_then_taken_in_the_name_of_who_confirms(max_, cast):
    answer = sent(max_)
    run = BookImport.objects.get()
    assert answer.url == reverse("billing:book-page", args=[run.pk])
    told = page(max_, run).text
    assert "Nothing is written yet" in told
    assert "would be new" in told
    assert "would change" in told
    assert "Enter a valid" in told
    assert not Customer.objects.filter(code="acme").exists()
    other = UserFactory(name="Mia")
    other.give_roles(["Support managers"], by=importing.Actor.system("tests"), at=NOON)
    max_.force_login(other)
    assert post(max_, "billing:book-take", run.pk).status_code == 302
    told = page(max_, run).text
    assert "The file is taken" in told
    assert "Confirmed by Mia" in told
    assert Customer.objects.get(code="acme").history.get().actor_name == "Mia"
    run.refresh_from_db()
    assert (bytes(run.data), run.created, run.changed) == (b"", 1, 1)


@pytest.mark.django_db
def test_a_second_yes_is_refused_with_who_said_the_first(max_):
    sent(max_)
    run = BookImport.objects.get()
    post(max_, "billing:book-take", run.pk)
    answer = post(max_, "billing:book-take", run.pk)
    assert answer.status_code == 409
    assert "Max has confirmed book.csv already." in answer.text
    assert Customer.objects.get(code="acme").history.count() == 1


@pytest.mark.django_db
def test_a_double_click_uploads_once(max_):
    key = "6a0e4a3c-54c8-4c54-9b6f-0d7a1b0d7c11"
    assert sent(max_, key=key).url == sent(max_, key=key).url
    assert BookImport.objects.count() == 1
    assert sent(max_, LARGE, key=key).status_code == 409


@pytest.mark.django_db
def test_rejected_rows_are_taken_away_to_be_mended(max_):
    sent(max_, gzip.compress(SMALL), name="my book.csv.gz")
    answer = max_.get(reverse("billing:book-rejects", args=[BookImport.objects.get().pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="my-book.rejects.csv"'
    [row] = table(answer.content)
    assert (row["code"], row["line"]) == ("bad one", "3")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "kind", "sentence"),
    [
        (b"code,colour\na,b\n", "customers", "book.csv is no list of customers: it lacks name."),
        (b"code,name,colour\na,b,c\n", "customers", "book.csv has a column that is not known here: colour."),
        (b"", "customers", "This file is empty."),
        (b"\0" * 100, "contacts", "it lacks customer, email, name."),
        (SMALL, "tickets", "Select a valid choice."),
    ],
)
def test_a_file_that_is_none_is_a_sentence_beside_its_field(max_, data, kind, sentence):
    answer = sent(max_, data, kind)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not BookImport.objects.exists()
    if kind == "contacts":
        assert '<option value="contacts" selected>' in answer.text


@pytest.mark.django_db
def test_a_large_one_is_taken_by_a_job_and_followed(max_):
    sent(max_, LARGE)
    run = BookImport.objects.get()
    assert ProcrastinateJob.objects.filter(task_name=uploads.TASK).count() == 1
    BookImport.objects.update(done=55)
    part = page(max_, run, headers={"HX-Request": "true"}).text
    assert "55 of 110 rows are looked at" in part
    assert "<form" not in part
    assert post(max_, "billing:book-take", run.pk).status_code == 409
    uploads.perform(run.pk)
    assert not Customer.objects.filter(code="c1").exists()
    assert "would be new" in page(max_, run).text
    post(max_, "billing:book-take", run.pk)
    assert "0 of 110 rows are taken" in page(max_, run).text
    uploads.perform(run.pk)
    uploads.perform(run.pk)
    run.refresh_from_db()
    assert (run.result["created"], run.result["unchanged"], run.done) == (110, 0, 110)
    assert Customer.history.filter(code__startswith="c", actor_name="Max").count() == 110


@pytest.mark.django_db
def test_removed_while_it_is_looked_at_nothing_is_left(max_, monkeypatch):
    sent(max_, LARGE)
    run, real, told = BookImport.objects.get(), uploads._say, []

    def removed_half_way(row, **fields):
        told.append(fields)
        if len(told) == 2:
            assert post(max_, "billing:book-remove", run.pk).status_code == 302
        real(row, **fields)

    monkeypatch.setattr(uploads, "_say", removed_half_way)
    uploads.perform(run.pk)
    assert len(told) == 2
    assert not BookImport.objects.exists()
    assert not Customer.objects.filter(code="c1").exists()
    assert page(max_, run).status_code == 404


@pytest.mark.django_db
def test_one_that_is_being_taken_cannot_be_removed(max_):
    sent(max_, LARGE)
    run = BookImport.objects.get()
    uploads.perform(run.pk)
    post(max_, "billing:book-take", run.pk)
    assert post(max_, "billing:book-remove", run.pk).status_code == 409


@pytest.mark.django_db
def test_one_that_fails_says_so(max_, monkeypatch):
    sent(max_, LARGE)
    run = BookImport.objects.get()
    monkeypatch.setattr(importing, "run", lambda *_args, **_more: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        uploads.perform(run.pk)
    assert "division by zero" in page(max_, run).text


@pytest.mark.django_db
def test_what_a_file_says_is_shown_as_text(max_):
    sent(max_, a_file("contacts", "<script>x</script>,a@x.example,Robin"), "contacts")
    told = page(max_, BookImport.objects.get()).text
    assert "&lt;script&gt;x" in told
    assert "<script>x" not in told
    assert "There is nothing to take from it." in told


@pytest.mark.django_db
def test_at_most_five_files_of_one_person_wait(max_):
    for _n in range(uploads.MOST):
        sent(max_)
    answer = sent(max_)
    assert answer.status_code == 422
    assert "5 of your files wait" in answer.text


@pytest.mark.django_db
def test_a_template_is_downloaded(max_):
    answer = max_.get(reverse("billing:book-template", args=["rate-cards"]))
    assert table(answer.content)[0]["hourly_rate"] == "250.00"
    assert max_.get(reverse("billing:book-template", args=["tickets"])).status_code == 404


@pytest.mark.django_db
def test_only_managers_open_it_and_get_changes_nothing(client, cast, django_assert_max_num_queries):
    client.force_login(cast.max)
    sent(client)
    run = BookImport.objects.get()
    with django_assert_max_num_queries(12):
        assert client.get(reverse("billing:book-list")).status_code == 200
    for verb in ("look", "take", "remove"):
        args = [] if verb == "look" else [run.pk]
        assert client.get(reverse(f"billing:book-{verb}", args=args)).status_code == 405
    assert post(client, "billing:book-take", run.pk + 1).status_code == 404
    for person in (cast.ana, cast.fin, cast.robin):
        client.force_login(person)
        for name, args in [
            ("list", []),
            ("page", [run.pk]),
            ("rejects", [run.pk]),
            ("template", ["contacts"]),
        ]:
            assert client.get(reverse(f"billing:book-{name}", args=args)).status_code in (403, 404)
        for name, args in [("look", []), ("take", [run.pk]), ("remove", [run.pk])]:
            assert post(client, f"billing:book-{name}", *args).status_code in (403, 404)
    assert Contact.objects.count() == 2


def test_of_two_managers_who_confirm_at_once_one_does(own_database):
    cast = Cast.made()
    run = uploads.ask("customers", "book.csv", SMALL, by=cast.max, at=NOON)

    def confirmed(_i):
        try:
            uploads.confirm(run, by=cast.max, at=NOON)
        except uploads.Refused as refused:
            return refused.sentence
        return "done"

    assert sorted(at_once(2, confirmed)) == ["Max has confirmed book.csv already.", "done"]
    assert Customer.objects.get(code="acme").history.count() == 1


def test_a_job_that_was_killed_goes_on_and_counts_each_row_once(own_database, monkeypatch):
    cast = Cast.made()
    run = uploads.ask("customers", "book.csv", LARGE, by=cast.max, at=NOON)
    uploads.perform(run.pk)
    uploads.confirm(run, by=cast.max, at=NOON)
    monkeypatch.setattr(importing, "BATCH", 20)
    real, calls = importing._take_each, []

    def killed(*args):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(importing, "_take_each", killed)
    with pytest.raises(KeyboardInterrupt):
        uploads.perform(run.pk)
    run.refresh_from_db()
    assert (run.created, run.is_at_work) == (40, True)
    monkeypatch.setattr(importing, "_take_each", real)
    uploads.perform(run.pk)
    run.refresh_from_db()
    assert (run.result["created"], run.result["unchanged"]) == (110, 0)
    assert Customer.history.filter(code__startswith="c").count() == 110
