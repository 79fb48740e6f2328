"""Late work that is not booked after all is taken off the list, by finance or a manager, with a reason that stays."""

import pytest
from django.urls import reverse

from billing import late_work, months
from billing.models import LateDismissal, LateWork
from billing.views import late as late_views
from support.actors import Actor
from support.refusal import Refused
from tests.attacks import refused, run
from tests.billing.billing_cases import at, entry, world
from tests.billing.test_late_work import NOW, OCTOBER, late
from tests.factories import TESTS
from tests.ground import standing_on
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db
INSERT = (
    "INSERT INTO billing_latedismissal (late_id, reason, actor_kind, actor_id, actor_name) "
    "VALUES (%s, 'x', 'staff', %s, 'x')"
)


w = standing_on(world)


def reopened(w):
    months.reopen(w.entity, OCTOBER, reason="Late.", by=Actor.of(w.max), at=NOW)


def dismiss(client, w, kept, **said):
    return post(client, "billing:late-dismiss", w.entity.number_series, "2026-10", kept.pk, **said)


@pytest.mark.parametrize("who", ["fin", "max"])
def test_it_leaves_the_list_and_stays_on_record_with_its_reason(client, w, who):
    kept = late(w)
    client.force_login(getattr(w, who))
    said = {"reason": "Told twice: it is on ENG-0001."}
    assert dismiss(client, w, kept, **said).status_code == 302
    assert not LateWork.objects.waiting().exists()
    page = client.get(reverse("billing:month-page", args=[w.entity.number_series, "2026-10"])).text
    assert said["reason"] in page
    assert "Late work that was not booked" in page
    assert "Book it now" not in page
    november = client.get(reverse("billing:month-page", args=[w.entity.number_series, "2026-11"])).text
    assert said["reason"] not in november
    for stale in [
        dismiss(client, w, kept, reason=""),
        dismiss(client, w, kept, **said),
        post(client, "billing:late-take", w.entity.number_series, "2026-10", kept.pk),
    ]:
        gone = "This work has been booked already, or taken off the list."
        assert (stale.status_code, gone in stale.text, 'id="books"' in stale.text) == (409, True, True)
    assert LateDismissal.objects.count() == 1


def test_a_reason_is_asked_for_beside_its_piece_of_work(client, w):
    kept = late(w)
    client.force_login(w.fin)
    for reason in ("", " \u200b"):
        page = dismiss(client, w, kept, reason=reason)
        assert page.status_code == 422
        assert f'id="dismiss_{kept.pk}_reason"' in page.text
    with pytest.raises(Refused, match="Write down why"):
        late_work.dismiss(kept, reason=" \u200b", by=Actor.of(w.fin), at=NOW)
    assert list(LateWork.objects.waiting()) == [kept]


def test_who_may_take_late_work_off_the_list(client, w, cast):
    kept = late(w)
    for person, status in [(w.ana, 403), (cast.robin, 404)]:
        client.force_login(person)
        assert dismiss(client, w, kept, reason="x").status_code == status
    client.force_login(w.fin)
    args = (w.entity.number_series, "2026-10", kept.pk)
    assert client.get(reverse("billing:late-dismiss", args=args)).status_code == 405
    with pytest.raises(Refused, match="Only finance or a support manager"):
        late_work.dismiss(kept, reason="x", by=Actor.of(w.ana), at=NOW)
    for pk in (w.ana.pk, cast.robin.pk):
        with refused("late_work_is_dismissed_by_finance"):
            run(INSERT, kept.pk, pk)


def test_it_is_dismissed_or_booked_and_never_both(w):
    dismissed, booked = late(w), late(w, 13, 14)
    reopened(w)
    late_work.dismiss(dismissed, reason="Told twice.", by=Actor.of(w.fin), at=NOW)
    late_work.take_in(booked, by=TESTS, at=NOW)
    for act in (
        lambda: late_work.take_in(dismissed, by=TESTS, at=NOW),
        lambda: late_work.dismiss(booked, reason="x", by=Actor.of(w.fin), at=NOW),
    ):
        with pytest.raises(Refused, match="booked already, or taken off the list"):
            act()
    with refused("late_work_leaves_its_list_once"):
        entry(w, at(11), at(12), piece=dismissed.piece).save()
    with refused("late_work_leaves_its_list_once"):
        run(INSERT, booked.pk, w.fin.pk)


def test_whoever_comes_second_reads_that_somebody_was_faster(client, w, monkeypatch):
    """The row is gone from the page on which the sentence would have stood beside it."""
    kept = late(w)
    before = late_views._found

    def found(*where):
        got = before(*where)
        late_work.dismiss(kept, reason="Twice.", by=Actor.of(w.max), at=NOW)
        return got

    monkeypatch.setattr(late_views, "_found", found)
    client.force_login(w.fin)
    args = (w.entity.number_series, "2026-10", kept.pk)
    answer = post(client, "billing:late-dismiss", *args, reason="Typed twice.")
    assert (answer.status_code, "booked already, or taken off the list" in answer.text) == (409, True)


def test_a_dismissal_stays_as_it_was(w):
    kept = late(w)
    made = late_work.dismiss(kept, reason="Told twice.", by=Actor.of(w.fin), at=NOW)
    made.refresh_from_db()
    assert (made.actor_name, made.dismissed_at) == ("Fin", NOW)
    for attack in ("UPDATE billing_latedismissal SET reason = 'y'", "DELETE FROM billing_latedismissal"):
        with refused("permission denied"):
            run(attack)
    with refused("late_work_dismissed_with_a_reason"):
        run(INSERT.replace("'x', 'staff'", "'', 'staff'"), late(w, 13, 14).pk, w.fin.pk)
    assert LateDismissal.objects.count() == 1
