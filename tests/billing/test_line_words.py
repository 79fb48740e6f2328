"""The text of a line: engagement, approval, who gave it and when, who worked, how much, at what, on what basis."""

import pytest

from billing import delivering, invoicing, wording
from billing.models import Signature
from support.actors import Actor
from tests.billing.billing_cases import at, entry, set_clock, world
from tests.billing.export_cases import OCTOBER, export, issue, ready, rows, target
from tests.billing.fixed_cases import fixed
from tests.billing.minimum_cases import at_least, done, some_work
from tests.billing.surcharge_cases import surcharged

PIECE = "00000000-0000-0000-0000-00000000000b"


@pytest.fixture(autouse=True)
def _time_goes_on(clock):
    yield
    set_clock(None)


def planned(w, place=0):
    [plan] = invoicing.preview(w.entity, OCTOBER)
    return plan.lines[place]


def known(w, ahead=""):
    return (
        f"{ahead}Rebuild transfer routing ({w.engagement.reference}, ticket {w.ticket.number}, approval "
        f"{w.engagement.reference}-1 in writing by Robin Sample on 14 Oct 2026): "
    )


def test_a_line_of_time_names_approval_approver_and_engineers():
    w = world()
    entry(w, at(11), at(12)).save()
    entry(w, at(12), at(12.5), person=w.max, piece=PIECE).save()
    entry(w, at(13), at(13.5)).save()
    assert planned(w).description == known(w) + (
        "2 hours at $250.00 an hour, worked by Ana, Max. Each entry is rounded up to the next 15 minutes."
    )


def test_a_surcharge_names_them_too():
    w = surcharged(on_site="visit", visits=1)
    entry(w, at(17), at(18), out_of_hours=True, on_site=True, visit=True).save()
    assert planned(w, 1).description == known(w, "Surcharge out of hours, ") + (
        "1 hour at $125.00 an hour more, worked by Ana."
    )
    assert planned(w, 2).description == known(w, "Surcharge on site, ") + "1 visit at $40.00 each, by Ana."


def test_a_fixed_price_names_whose_yes_it_is():
    w = fixed()
    delivering.deliver(w.approval, text="Handed over", by=Actor.of(w.ana), at=at(18))
    assert planned(w).description == known(w) + (
        "the migration of 40 mailboxes at the fixed price of $1,200.00."
    )


def test_a_minimum_does_too():
    w = at_least()
    some_work(w)
    assert planned(done(w), 1).description.startswith(known(w, "Minimum, "))


def test_it_names_whom_the_yes_was_of_though_he_is_called_otherwise_now():
    w = world()
    entry(w, at(11), at(12)).save()
    w.robin.name = "Robin Married"
    w.robin.by(Actor.of(w.max)).save()
    assert "by Robin Sample on" in planned(w).description


def test_whoever_signed_is_asked_for_once_however_many_lines(django_assert_num_queries):
    w = surcharged(on_site="visit", visits=1)
    entry(w, at(17), at(18), out_of_hours=True, on_site=True, visit=True).save()
    with django_assert_num_queries(
        6
    ):  # time, surcharges, prices, what was asked before, minimums, signatures
        invoicing.preview(w.entity, OCTOBER)
    assert Signature.objects.count() == 1


def test_many_people_are_counted_so_that_no_text_outgrows_its_importer():
    names = [f"{n} {'x' * 198}" for n in range(30)]
    said = wording.people([*names, names[0]])
    assert said.endswith("and 22 more")
    assert len(said) < 2000
    assert wording.people(["Ana", "Max", "Ana"]) == "Ana, Max"


@pytest.mark.parametrize(
    ("profile", "column"),
    [
        ("generic", "description"),
        ("xero", "*Description"),
        ("quickbooks", "ItemDescription"),
        ("sage-accounting", "Details"),
        ("business-central", "description"),
    ],
)
def test_the_files_carry_it(profile, column):
    w = ready()
    target(w.entity, profile)
    [invoice] = issue(w, 60)
    [row] = rows(export(w, profile))
    assert row[column] == invoice.lines.get().description
    assert f"approval {w.engagement.reference}-1 in writing by Robin Sample" in row[column]


def test_sage_50_has_room_for_the_engagement_and_the_minutes():
    w = ready()
    target(w.entity, "sage")
    issue(w, 60)
    [row] = rows(export(w, "sage"))
    assert row["Details"].startswith(f"{w.engagement.reference} {w.ticket.number} 60 min Rebuild transfer")
    assert len(row["Details"]) == 60
