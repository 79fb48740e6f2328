"""Views of one's own: kept under a name, counted, seen by nobody else."""

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from support.desk import saved_views
from support.models import SavedView
from support.refusal import Refused
from tests.factories import TESTS
from tests.support.desk_cases import contract_under, raise_ticket
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db
LIST = "support:ticket-list"


@pytest.fixture
def ana(client, cast):
    client.force_login(cast.ana)
    return client


def keep(client, name, query="?view=mine&service=enghouse-premium"):
    return post(client, "support:view-keep", query=query, name=name)


def tab(client, name):
    return next(tab for tab in client.get(reverse(LIST)).context["tabs"] if tab.title == name)


def test_a_view_is_kept_with_its_count(ana, cast):
    premium, other = contract_under("enghouse-premium"), contract_under("exponential-e-ucc")
    for contract in (premium, other):
        raise_ticket(contract, timezone.now()).hand_to(cast.ana, by=TESTS, at=timezone.now())
    answer = keep(ana, "My premium")
    assert answer.url == f"{reverse(LIST)}?view=mine&service=enghouse-premium"
    mine = tab(ana, "My premium")
    assert (mine.count, mine.here) == (1, False)
    page = ana.get(answer.url)
    assert [each.title for each in page.context["tabs"] if each.here] == ["My premium"]


def test_one_that_shows_closed_tickets_is_not_counted(ana):
    keep(ana, "Old ones", "?state=closed&q=phone")
    assert tab(ana, "Old ones").count is None


def test_the_same_name_takes_the_new_filters(ana):
    keep(ana, "Mine")
    keep(ana, "Mine", "?view=late")
    assert SavedView.objects.get().query == "view=late"


def test_what_everybody_has_is_not_kept(ana):
    answer = keep(ana, "Nothing", "?view=due&state=open&after=x&evil=1")
    assert answer.status_code == 422
    assert "Choose a view or a filter first" in answer.text
    assert not SavedView.objects.exists()


def test_only_what_makes_a_view_is_kept():
    asked = QueryDict("state=closed&evil=1&q=+dial+tone+&after=2026~5&view=due")
    assert saved_views.canonical(asked) == "q=dial+tone&state=closed"


def test_there_is_an_end_to_it(ana, cast):
    for place in range(saved_views.MOST):
        keep(ana, f"View {place}")
    assert "remove one first" in keep(ana, "One more").text
    assert keep(ana, "View 3").status_code == 302
    with pytest.raises(Refused, match="too long"):
        saved_views.keep(cast.ana, "Long", QueryDict(f"q={'x' * 600}"))


def test_nobody_else_sees_or_removes_it(ana, cast, client):
    keep(ana, "Ana\u2019s own")
    view = SavedView.objects.get()
    client.force_login(cast.max)
    assert "Ana\u2019s own" not in client.get(reverse(LIST)).text
    assert post(client, "support:view-forget", view.pk).status_code == 404
    client.force_login(cast.ana)
    assert post(client, "support:view-forget", view.pk).status_code == 302
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(("name", "args"), [("view-keep", []), ("view-forget", [1])])
def test_reading_changes_nothing(ana, name, args):
    assert ana.get(reverse(f"support:{name}", args=args)).status_code == 405


def test_the_queue_costs_the_same_with_many_views(ana, django_assert_max_num_queries):
    for place in range(6):
        keep(ana, f"View {place}", f"?q=word{place}")
    with django_assert_max_num_queries(8):
        ana.get(reverse(LIST))


def test_the_part_that_refreshes_itself_holds_no_field(ana):
    raise_ticket(contract_under("exponential-e-ucc"), timezone.now(), title="Dial tone gone")
    part = ana.get(reverse(LIST), headers={"HX-Request": "true"})
    assert "Dial tone gone" in part.text
    assert 'hx-swap-oob="true"' in part.text
    assert "<input" not in part.text
    assert "HX-Request" in part["Vary"]


def test_a_refresh_after_signing_out_replaces_nothing(client, db):
    assert client.get(reverse(LIST), headers={"HX-Request": "true"}).status_code == 403
