"""An outage that has moved on while a page was open: nothing leaves as another kind, and no notice is skipped for another."""

import pytest
from django.urls import reverse

from escalations import outages
from escalations.models import Notice
from support.refusal import Refused
from tests.attacks import refused
from tests.escalations.outage_cases import act, declare, hit_contract, send
from tests.escalations.test_outage_guards import sql_notice
from tests.escalations.test_outage_pages import NOTICE, send_form
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(cast, now):
    now("2026-10-14 09:00")
    return hit_contract(cast.northwind)


@pytest.fixture
def outage(cast, now, contract):
    return declare(cast, now, contract)


def test_no_notice_is_skipped_ahead_or_in_the_place_of_another(cast, now, contract, outage):
    """Else silence is made as long as somebody likes, or two who press at once skip two."""
    now("2026-10-14 09:44")
    with refused("skipped_when_it_is_soon_due"):
        sql_notice(outage, cast.ana, "skipped", "", "no news")
    now("2026-10-14 09:45")
    first = outage.dues.get().pk
    sql_notice(outage, cast.ana, "skipped", "", "no news")
    with refused("skipped_when_it_is_soon_due"):
        sql_notice(outage, cast.ana, "skipped", "", "no news")
    now("2026-10-14 12:00")
    other = declare(cast, now, contract, at="2026-10-14 12:00").dues.get().pk
    for wrong in (first, other):
        with refused("skipped_as_it_was_meant"):
            sql_notice(outage, cast.ana, "skipped", "", "no news", due=wrong)


def test_what_was_written_as_an_update_does_not_leave_as_the_end(client, cast, outage, now):
    send(outage, cast, now, "2026-10-14 09:10")
    client.force_login(cast.ana)
    url = reverse("escalations:outage-notice", args=[outage.number])
    assert 'name="shown" value="update"' in client.get(url).content.decode()
    act(outages.resolve, outage, cast, now, "2026-10-14 09:20")
    act(outages.validate, outage, cast, now, "2026-10-14 09:21")
    said = {**NOTICE, "details": "It goes on.", "shown": "update"}
    page = send_form(client, cast.ana, "notice", outage.number, **said)
    html = page.content.decode()
    assert page.status_code == 409
    for words in [
        "It goes on.",
        "would go out as “Resolution notification”",
        'name="shown" value="resolution"',
    ]:
        assert words in html
    outage.refresh_from_db()
    assert (outage.state, outage.notices.count()) == ("validated", 1)
    assert send_form(client, cast.ana, "notice", outage.number, **NOTICE).status_code == 409
    said["shown"] = "resolution"
    assert send_form(client, cast.ana, "notice", outage.number, **said).status_code == 302


def test_of_two_open_pages_one_skips_and_none_ahead(client, cast, outage, now):
    client.force_login(cast.ana)
    now("2026-10-14 09:44")
    assert "skip" not in client.get(outage.get_absolute_url()).context["forms"]
    said = {"reason": "The bridge is open.", "due": "1"}
    early = send_form(client, cast.ana, "skip", outage.number, **said)
    assert (early.status_code, "not due soon" in early.content.decode()) == (409, True)
    now("2026-10-14 09:45")
    assert 'name="due" value="1"' in client.get(outage.get_absolute_url()).content.decode()
    answers = [send_form(client, cast.ana, "skip", outage.number, **said) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 409]
    assert "sent or skipped by now" in answers[1].content.decode()
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("name", ["validate", "unresolve"])
def test_a_resolution_that_nobody_read_is_neither_validated_nor_taken_back(client, cast, outage, now, name):
    act(outages.resolve, outage, cast, now, "2026-10-14 09:30")
    client.force_login(cast.ana)
    assert client.get(outage.get_absolute_url()).content.decode().count('name="resolution" value="1"') == 2
    act(outages.unresolve, outage, cast, now, "2026-10-14 09:40")
    act(outages.resolve, outage, cast, now, "2026-10-14 09:50")
    said = {"text": "Robin tried the first repair.", "resolution": "1"}
    page = send_form(client, cast.ana, name, outage.number, **said)
    html = page.content.decode()
    assert page.status_code == 409
    for words in [
        "Robin tried the first repair.",
        "resolved anew since you opened it",
        'name="resolution" value="2"',
    ]:
        assert words in html
    outage.refresh_from_db()
    assert (outage.state, outage.steps.count()) == ("resolved", 3)
    assert send_form(client, cast.ana, name, outage.number, text="Tried.").status_code == 409
    said["resolution"] = "2"
    assert send_form(client, cast.ana, name, outage.number, **said).status_code == 302


def test_a_notice_expects_nothing_of_the_past(client, cast, outage, now):
    past = {**NOTICE, "expected_at": "2026-10-14T08:59", "shown": "first"}
    for said in (past, {**past, "preview": "1"}):
        page = send_form(client, cast.ana, "notice", outage.number, **said)
        assert page.status_code == 422
        assert "expected_at" in page.context["form"].errors
    with pytest.raises(Refused, match="past already"):
        send(outage, cast, now, "2026-10-14 09:10", expected_at=utc("2026-10-14 09:10"))
    send(outage, cast, now, "2026-10-14 09:10", expected_at=utc("2026-10-14 09:30"))
    now("2026-10-14 09:40")
    form = client.get(reverse("escalations:outage-notice", args=[outage.number])).context["form"]
    assert form["expected_at"].value() is None
